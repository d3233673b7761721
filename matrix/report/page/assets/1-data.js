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
data.rows.forEach((row, i) => {
  row.id = about.rows[i].id;
  row.version ??= row.id.split("+")[0];
  row.patches = row.patches?.map((p) => data.patches[p]);
});
for (const e of [...about.rows, ...about.scenarios]) e.removeAttribute("id");

const rowAt = new Map(data.rows.map((row, i) => [row.id, i]));

// Rows with the same advice refer to the first of them. Each gets a copy, with its own
// version in it.
for (const [i, e] of about.rows.entries()) {
  for (const p of e.querySelectorAll("p.ways, p.do, p.sure")) {
    const first = Number(p.dataset.row);
    const list = $("ul." + p.className, about.rows[first]).cloneNode(true), texts = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(data.rows[first].version, data.rows[i].version);
    p.replaceWith(list);
  }
}

// What other pages have: what they say of a module version, by path@version, and where.
const elsewhere = new Map();
for (const a of document.querySelectorAll(".others a[data-state]")) {
  const href = a.getAttribute("href"), id = decodeURIComponent(href.slice(href.indexOf("#") + 1));
  elsewhere.set(a.dataset.path ? `${a.dataset.path}@${id}` : id, {title: a.textContent, state: a.dataset.state, href});
}

// Releases in which no scenario can happen, likewise.
for (const li of document.querySelectorAll("#exempt li")) {
  const module = $("i", li).textContent, why = $("span", li).textContent;
  for (const version of $("b", li).textContent.split(" ")) elsewhere.set(`${module}@${version}`, {title: `${version} cannot be affected`, state: "good", of: `${module} ${version}`, why});
}

const columnAt = new Map(data.scenarios.map((s, i) => [s.name, i]));

// cellOf returns what is known of a cell, or null if the row does not have it.
function cellOf(row, column) {
  const numbers = data.rows[row].cells && data.rows[row].cells[column];
  if (numbers == null) return null;
  const [shape, ...times] = [numbers].flat();
  const [judgement, sightings, evidence, frames, packets] = data.shapes[shape];
  const name = `evidence/${data.rows[row].id}/${data.scenarios[column].name}`;
  return {
    ...data.judgements[judgement],
    frames: framesOf(data.frames[frames], data.packets[packets], times),
    saw: data.sightings[sightings].map((i) => data.saw[i]),
    files: data.evidence[evidence].map((suffix) => name + suffix),
  };
}

// framesOf returns frames as the panel shows them.
function framesOf(kinds, packets, times) {
  const frames = [];
  let number = 0, tenths = 0;
  for (let p = 0; p < packets.length; p += 2) {
    number += packets[p];
    tenths += times[p / 2] ?? 0;
    for (let n = packets[p + 1]; n > 0; n--) {
      const [from, packet, ...rest] = data.kinds[kinds[frames.length]];
      frames.push([times.length > 0 ? (tenths / 10).toFixed(1) : "", from, `${packet} ${number}`, ...rest]);
    }
  }
  return frames;
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

// The marks in the table lead to its footnotes.
for (const sup of grid.querySelectorAll("sup")) sup.replaceChildren(make("a", {href: "#n" + sup.textContent}, sup.textContent));

// leaks reports whether a cell leaks, always or at times.
const leaks = (cell) => cell != null && cell.leaking === true;

// quote returns a word as a POSIX shell must read it.
const quote = (word) => (/^[-\w./:=,@%+]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

// shell joins words to a command. It leaves out empty ones.
const shell = (...words) => words.filter((w) => w !== "").map(quote).join(" ");
