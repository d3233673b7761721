// What the page has: the details of the cells as data, and everything else as HTML.
// Texts may be hostile, so they become text nodes and nothing else.
const $ = (selector, within = document) => within.querySelector(selector);
const data = JSON.parse($("#data").textContent);
const grid = $("#grid");
const trs = [...grid.querySelectorAll("tbody > tr")]; // one for each of data.rows
const rowOfTr = new Map(trs.map((tr, i) => [tr, i]));
const lead = data.lead;

// visible replaces characters that are invisible, as was done in the HTML.
const visible = (text) => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");

// make builds an element. A text among its children becomes a text node.
function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c != null && c !== false && c !== "").map((c) => (typeof c === "string" ? visible(c) : c)));
  return e;
}

// What the page says of each row and scenario below the table. The IDs are removed,
// so that the browser does not scroll to them: the program answers instead.
const about = {rows: [...document.querySelectorAll("details.row")], scenarios: [...document.querySelectorAll("details.scenario")]};
for (const e of [...about.rows, ...about.scenarios]) e.removeAttribute("id");

const rowAt = new Map(data.rows.map((row, i) => [row.id, i]));
const columnAt = new Map(data.scenarios.map((s, i) => [s.name, i]));

// cellOf returns what is known of a cell, or null if the row does not have it.
function cellOf(row, column) {
  const numbers = data.rows[row].cells && data.rows[row].cells[column];
  if (numbers == null) return null;
  const [shape, ...times] = [numbers].flat();
  const [judgement, sightings, evidence, ...kinds] = data.shapes[shape];
  let number = 0, tenths = 0;
  const frames = Array.from({length: kinds.length / 2}, (_, i) => ({
    ...data.kinds[kinds[2 * i]], number: (number += kinds[2 * i + 1]), ms: i < times.length ? ((tenths += times[i]) / 10).toFixed(1) : "",
  }));
  const name = `evidence/${data.rows[row].id}/${data.scenarios[column].name}`;
  return {
    ...data.judgements[judgement], frames,
    saw: data.sightings[sightings].map((i) => data.saw[i]),
    files: data.evidence[evidence].map((suffix) => name + suffix),
  };
}

// tdOf returns the element of a cell, or null if the row was not run.
const tdOf = (row, column) => (data.rows[row].cells ? trs[row].cells[lead + column] : null);

// Most cells are clean and have no class in the HTML. Cells without a label get the
// one of their class.
for (const td of grid.querySelectorAll("td:not([class])")) td.className = "c";
for (const td of grid.querySelectorAll("td:not([aria-label])")) {
  const label = data.labels[td.className];
  if (label) td.setAttribute("aria-label", label);
}

// leaks reports whether a cell leaks, always or at times.
const leaks = (cell) => cell != null && cell.leaking === true;

// quote returns a word as a POSIX shell must read it.
const quote = (word) => (/^[-\w./:=,@%+]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

// shell joins words to a command. It leaves out empty ones.
const shell = (...words) => words.filter((w) => w !== "").map(quote).join(" ");
