// The drawing is kept as ink, the canvas's alpha, so that colours are the style sheet's business alone.
const SENT = 140; // Python gets a square of so many pixels a side
const FINE = 4; // and the board has so many for each of them
const BOARD = SENT * FINE;
const PEN = 0.1 * BOARD;
const STEP = 0.02 * BOARD; // of an arrow key
const PAUSE_MS = 50; // between two drawings sent
const PATIENCE_MS = 5000;

const INVITATION = "Draw a large digit.";
const KEYS = "Keys: arrows move the pen, space puts it down or lifts it, Delete clears.";
const WAITING =
  "Still waiting for Python. If a cell is running, it has to end first; if the kernel was restarted, run this cell again.";

const MARKUP = `
  <div class="digitpad-layout">
    <div class="digitpad-draw">
      <div class="digitpad-board">
        <canvas class="digitpad-ink" width="${BOARD}" height="${BOARD}" tabindex="0" role="application"
          aria-label="Board to draw a digit on, with mouse, finger or pen. ${KEYS}"></canvas>
        <span class="digitpad-invitation" aria-hidden="true">draw a digit</span>
        <span class="digitpad-pen" aria-hidden="true"></span>
      </div>
      <button type="button" class="digitpad-clear">Clear</button>
    </div>
    <div class="digitpad-eye">
      <canvas class="digitpad-seen" width="28" height="28" role="img"
        aria-label="What the network sees: the drawing in 28 by 28 pixels"></canvas>
      <span class="digitpad-caption">what the network<br>sees, 28&nbsp;×&nbsp;28 pixels</span>
      <span class="digitpad-best" aria-hidden="true"></span>
    </div>
    <div class="digitpad-reading">
      <p class="digitpad-words"></p>
      <ol class="digitpad-bars" aria-label="Probability of each digit"></ol>
    </div>
  </div>
  <p class="digitpad-spoken" role="status" aria-live="polite"></p>`;

/** Tell whether the page behind an element is dark. */
function isDark(element) {
  for (let node = element; node; node = node.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(node).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  return false;
}

/** Draw a square of bytes as ink that fills a canvas. */
function paint(canvas, bytes) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  const side = Math.round(Math.sqrt(bytes.length));
  if (!side) return;
  const small = new OffscreenCanvas(side, side);
  const pixels = new ImageData(side, side);
  for (let i = 0; i < bytes.length; i++) pixels.data.set([255, 255, 255, bytes[i]], 4 * i);
  small.getContext("2d").putImageData(pixels, 0, 0);
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "digitpad";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Digit pad");
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab would take the arrow keys
  root.innerHTML = MARKUP;
  el.append(root);
  const find = (name) => root.querySelector(`.digitpad-${name}`);
  const [board, seen, words, spoken] = ["ink", "seen", "words", "spoken"].map(find);
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const row = document.createElement("li");
    row.innerHTML = `<span>${digit}</span><span class="digitpad-track"><span></span></span><span>–</span>`;
    find("bars").append(row);
    return row;
  });
  const pen = board.getContext("2d");
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "#fff" });

  let sent = model.get("drawing");
  let pending, patience, speech;

  function say(text) {
    words.textContent = text;
    clearTimeout(speech);
    // Words that change with every movement are read out once they have come to rest.
    speech = setTimeout(() => (spoken.textContent = text), 700);
  }

  function send(isEmpty) {
    root.classList.toggle("digitpad-empty", isEmpty);
    clearTimeout(pending);
    pending = undefined;
    const drawing = isEmpty ? "" : encoded();
    if (drawing === sent) return; // nothing has changed, so Python would not answer
    sent = drawing;
    clearTimeout(patience);
    patience = setTimeout(() => say(WAITING), PATIENCE_MS);
    model.set("drawing", sent);
    model.save_changes();
  }

  function encoded() {
    const small = new OffscreenCanvas(SENT, SENT).getContext("2d");
    small.imageSmoothingQuality = "high";
    small.drawImage(board, 0, 0, SENT, SENT);
    const { data } = small.getImageData(0, 0, SENT, SENT);
    return btoa(String.fromCharCode(...data.filter((_, i) => i % 4 === 3)));
  }

  /** Draw a curve that starts and ends in the direction of a point between. */
  function line(from, to, between = from) {
    pen.beginPath();
    pen.moveTo(...from);
    pen.quadraticCurveTo(...between, ...to);
    pen.stroke();
    root.classList.remove("digitpad-empty");
    pending ??= setTimeout(() => send(false), PAUSE_MS);
  }

  function clear() {
    pen.clearRect(0, 0, BOARD, BOARD);
    send(true);
  }

  function restore() {
    sent = model.get("drawing");
    paint(board, Uint8Array.from(atob(sent), (letter) => letter.charCodeAt(0)));
    root.classList.toggle("digitpad-empty", !sent);
  }

  function show() {
    clearTimeout(patience);
    const { image = [], probabilities = [], best = null, words: text = INVITATION, wrong } = model.get("answer");
    const guessed = probabilities.length === 10;
    paint(seen, image);
    bars.forEach((row, digit) => {
      const share = guessed ? 100 * probabilities[digit] : 0;
      row.classList.toggle("digitpad-likeliest", digit === best);
      row.querySelector(".digitpad-track span").style.width = `${share}%`;
      row.lastElementChild.textContent = guessed ? `${Math.round(share)}%` : "–";
    });
    find("best").textContent = best ?? "";
    find("best").style.opacity = 0.3 + 0.7 * (probabilities[best] ?? 0); // as pale as it is unsure
    root.classList.toggle("digitpad-wrong", Boolean(wrong));
    say(text);
  }

  // Mouse, finger and pen: a curve leads from the middle between two places to the next middle.
  let last, middle;
  const place = (event) => {
    const box = board.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * BOARD, ((event.clientY - box.top) / box.height) * BOARD];
  };
  board.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    board.setPointerCapture(event.pointerId);
    last = middle = place(event);
    line(last, last);
  });
  board.addEventListener("pointermove", (event) => {
    if (!last || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      const next = place(each);
      const half = [(last[0] + next[0]) / 2, (last[1] + next[1]) / 2];
      line(middle, half, last);
      [last, middle] = [next, half];
    }
  });
  const lift = (event) => {
    if (!last || !event.isPrimary) return;
    line(middle, last);
    last = undefined;
  };
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) board.addEventListener(end, lift);

  // The keyboard.
  const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  let at = [BOARD / 2, BOARD / 4];
  let isDown = false;
  const mark = find("pen");
  const move = (to) => {
    at = to.map((value) => Math.min(Math.max(value, 0), BOARD));
    [mark.style.left, mark.style.top] = at.map((value) => `${(100 * value) / BOARD}%`);
    mark.classList.toggle("digitpad-down", isDown);
  };
  move(at);
  board.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const from = at;
      move([at[0] + arrow[0], at[1] + arrow[1]]);
      if (isDown) line(from, at);
    } else if (event.key === " ") {
      isDown = !isDown;
      move(at);
      if (isDown) line(at, at);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clear();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  find("clear").addEventListener("click", clear);

  const dress = () => root.classList.toggle("digitpad-dark", isDark(root));
  const size = new ResizeObserver(dress); // also tells when the pad gets its place on the page
  size.observe(root);
  const theme = new MutationObserver(dress);
  for (const node of [document.documentElement, document.body]) theme.observe(node, { attributes: true });

  const redraw = () => model.get("drawing") !== sent && restore();
  model.on("change:drawing", redraw);
  model.on("change:answer", show);
  restore();
  show();
  return () => {
    model.off("change:drawing", redraw);
    model.off("change:answer", show);
    size.disconnect();
    theme.disconnect();
    [pending, patience, speech].forEach(clearTimeout);
  };
}

export default { render };
