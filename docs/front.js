// The front page's digit pad: drawing.js gives `render`, reader.json the network. What coursekit.digitpad does in
// Python is done here once more, because no Python runs on this page; a test compares the two.
const SIDE = 28;
const DIGIT = 20;
const CENTRE = 14.5;
const INK = 0.1;
const SMALLEST = 0.25;

const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const layers = READER.layers.map(({ weights, scale, biases }) => ({
  weights: new Int8Array(fromBase64(weights).buffer),
  scale,
  biases,
}));

/** Give where pixels of the result begin along an axis, and how long one is, as coursekit.digitpad.as_mnist does. */
function placed(mass, first, end, pixel) {
  const total = mass.reduce((sum, each) => sum + each, 0);
  const centre = mass.reduce((sum, each, i) => sum + each * (i + 0.5), 0) / total;
  const lowest = end - (SIDE - CENTRE) * pixel;
  const highest = first + CENTRE * pixel;
  const middle = Math.min(Math.max(centre, lowest), highest);
  return Array.from({ length: SIDE }, (_, i) => middle + (i - CENTRE) * pixel);
}

/** Take means of rows of numbers over stretches along the rows. */
function means(rows, starts, pixel) {
  return rows.map((row) =>
    starts.map((start) => {
      let sum = 0;
      const last = Math.min(row.length, Math.ceil(start + pixel));
      for (let i = Math.max(0, Math.floor(start)); i < last; i++) {
        sum += row[i] * Math.max(0, Math.min(start + pixel, i + 1) - Math.max(start, i));
      }
      return sum / pixel;
    })
  );
}

const transposed = (rows) => rows[0].map((_, i) => rows.map((row) => row[i]));

/** Bring a square of bytes to the form of MNIST's digits: 28 rows of 28 numbers from 0 to 1; null if nothing is drawn. */
function asMnist(bytes) {
  const side = Math.round(Math.sqrt(bytes.length));
  const rows = Array.from({ length: side }, (_, i) => Array.from(bytes.subarray(i * side, (i + 1) * side), (b) => b / 255));
  const axes = [rows, side ? transposed(rows) : []].map((lines) => {
    const inked = lines.flatMap((line, i) => (line.some((grey) => grey > INK) ? [i] : []));
    const mass = lines.map((line) => line.reduce((sum, grey) => sum + grey, 0));
    return { first: inked[0], end: inked[inked.length - 1] + 1, mass };
  });
  if (!side || axes[0].first === undefined) return null;
  const pixel = Math.max(...axes.map(({ first, end }) => end - first), SMALLEST * side) / DIGIT;
  const [down, across] = axes.map(({ mass, first, end }) => placed(mass, first, end, pixel));
  const image = transposed(means(transposed(means(rows, across, pixel)), down, pixel));
  return image.map((row) => row.map((grey) => Math.min(Math.max(grey, 0), 1)));
}

/** Give the ten probabilities for an image of 784 numbers. */
function probabilitiesOf(image) {
  let signal = image;
  layers.forEach(({ weights, scale, biases }, layer) => {
    if (layer) signal = signal.map((each) => Math.max(each, 0));
    signal = biases.map((bias, j) =>
      signal.reduce((sum, each, i) => sum + each * scale * weights[i * biases.length + j], bias)
    );
  });
  const largest = Math.max(...signal);
  const powers = signal.map((each) => Math.exp(each - largest));
  const total = powers.reduce((sum, each) => sum + each, 0);
  return powers.map((each) => each / total);
}

const named = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
const capital = (text) => text[0].toUpperCase() + text.slice(1);

function guess(probabilities) {
  const [best, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || b - a);
  const per = (digit) => `${Math.round(100 * probabilities[digit])}%`;
  if (probabilities[best] >= 0.995) return `${capital(named(best))}, it is sure.`;
  if (probabilities[best] >= 0.8) return `${capital(named(best))}, at ${per(best)}.`;
  return `${capital(named(best))} (${per(best)}) or ${named(second)} (${per(second)})?`;
}

/** Read a drawing, a square of bytes: what coursekit.digitpad answers with. */
function read(bytes) {
  const image = asMnist(bytes);
  if (!image) return { image: [], probabilities: [], best: null, words: "Nothing is drawn yet." };
  const probabilities = probabilitiesOf(image.flat());
  return {
    image: image.flat().map((grey) => Math.round(255 * grey)),
    probabilities,
    best: probabilities.indexOf(Math.max(...probabilities)),
    words: guess(probabilities),
  };
}

/** Answer a pad as Python would: a model in which a drawing is set and an answer is found. */
function answering() {
  const state = { drawing: "", answer: {} };
  const listeners = {};
  return {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (event, listener) => (listeners[event] = listener),
    off: (event) => delete listeners[event],
    save_changes: () => {
      state.answer = read(fromBase64(state.drawing));
      listeners["change:answer"]?.();
    },
  };
}

window.readDigit = (drawing) => read(fromBase64(drawing));
const place = document.getElementById("digitpad");
if (place) {
  place.replaceChildren();
  render({ model: answering(), el: place });
}
