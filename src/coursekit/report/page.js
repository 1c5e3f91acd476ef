"use strict";

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function valueOf(row, column, kind) {
  const cell = row.cells[column];
  const text = cell.dataset.v ?? cell.textContent.trim();
  if (kind === "text") return text;
  const value = parseFloat(text.replaceAll(",", "").replace("−", "-"));
  return Number.isNaN(value) ? null : value;
}

// What has no value comes last, whichever way the rest is sorted; equal rows keep their order.
function sortBy(header) {
  const table = header.closest("table");
  const kind = header.dataset.kind;
  const upwards = header.getAttribute("aria-sort") !== "ascending";
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => [valueOf(row, header.cellIndex, kind), row]);
  const compare = kind === "text" ? collator.compare : (a, b) => a - b;
  rows.sort(([a], [b]) => {
    const empty = (a === null || a === "") - (b === null || b === "");
    return empty || (a === null ? 0 : compare(a, b) * (upwards ? 1 : -1));
  });
  for (const other of table.tHead.rows[0].cells) {
    if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
  }
  header.setAttribute("aria-sort", upwards ? "ascending" : "descending");
  body.append(...rows.map(([, row]) => row));
}

for (const header of document.querySelectorAll("th[aria-sort]")) {
  header.querySelector("button").addEventListener("click", () => sortBy(header));
}

for (const filter of document.querySelectorAll(".filter")) {
  const rows = Array.from(document.getElementById(filter.dataset.for).tBodies[0].rows);
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const [input, select, output] = ["input", "select", "output"].map((name) => filter.querySelector(name));
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const tagged = !select?.value || row.dataset.tags.split(" ").includes(select.value);
      row.hidden = !(tagged && words.every((word) => texts.get(row).includes(word)));
      shown += !row.hidden;
    }
    const all = rows.length.toLocaleString("en");
    const some = shown === rows.length ? all : `${shown.toLocaleString("en")} of ${all}`;
    output.textContent = `${some} ${output.dataset.what}`;
  };
  input.addEventListener("input", apply);
  select?.addEventListener("change", apply);
}

// On paper nothing can be opened.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("td details")) folded.open = true;
});
