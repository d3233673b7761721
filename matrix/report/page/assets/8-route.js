// The part of the URL after # says what the page shows:
//   #v0.50.1   #v0.50.1/scenario   #s/scenario   and ?r=..&s=..&k=..&v=..&c=1
// So every view has a link, and Back works.
const box = $("#box");
let asked = null; // what the box was read as; the URL keeps the version alone

// encode escapes a text for a fragment. It keeps what is allowed there readable.
const encode = (text) => encodeURIComponent(text).replace(/%(2F|2B|40|3A|2C)/g, decodeURIComponent);

// decode is the opposite. A text with a wrong escape stays as it is.
function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

// route returns the anchor and the filters of the URL.
function route() {
  const [anchor, query = ""] = location.hash.slice(1).split("?");
  const filters = {};
  for (const pair of query.split("&")) {
    const [name, value = ""] = pair.split("=");
    if (Object.hasOwn(fields, name) && value) filters[name] = decode(value);
  }
  return {anchor: decode(anchor), filters};
}

// setURL changes the URL. Back returns from a "push", but not from a "replace".
function setURL({anchor, filters}, how) {
  const query = Object.entries(filters).map(([name, value]) => `${name}=${encode(value)}`).join("&");
  const hash = "#" + encode(anchor) + (query && "?" + query);
  if (hash !== (location.hash || "#")) history[how === "push" ? "pushState" : "replaceState"](null, "", hash);
}

// go changes the URL and shows what it then says.
function go(to, how, focus) {
  setURL(to, how);
  render(focus);
}

// placeNamed returns what an anchor names: a row, a cell, or a scenario.
function placeNamed(anchor) {
  if (rowAt.has(anchor)) return {row: rowAt.get(anchor), column: null};
  if (anchor.startsWith("s/") && columnAt.has(anchor.slice(2))) return {row: null, column: columnAt.get(anchor.slice(2))};
  for (let slash = anchor.indexOf("/"); slash >= 0; slash = anchor.indexOf("/", slash + 1)) {
    const row = rowAt.get(anchor.slice(0, slash)), column = columnAt.get(anchor.slice(slash + 1));
    if (row !== undefined && column !== undefined) return {row, column};
  }
  return null;
}

// answers reports whether the question in the box is the one that an anchor is about.
// A question without an answer has no anchor.
function answers(anchor, place) {
  if (!asked) return false;
  if (place) return rowOf(asked) === place.row;
  return anchorOf(asked) === anchor;
}

// render shows what the URL says. With focus it also moves the focus there.
function render(focus) {
  const {anchor, filters} = route(), place = placeNamed(anchor);
  fillFields(filters);
  applyFilters(filters);
  for (const td of grid.querySelectorAll("td.now")) td.classList.remove("now");
  if (place && place.column !== null) {
    openPanel(place.row, place.column, focus);
    if (place.row !== null && tdOf(place.row, place.column)) {
      tdOf(place.row, place.column).classList.add("now");
      makeCurrent(place.row, place.column);
    }
    return;
  }
  panel.close();
  opened = null;
  under = anchor;
  const version = readVersion(anchor);
  showAnswer(answers(anchor, place) ? asked : place ? {row: place.row, notes: []} : version ? {version, notes: []} : null);
  $("#clear").hidden = box.value === "" && answer.hidden;
  if (focus) $("h2", answer)?.focus({preventScroll: true});
}

// onBox answers the question in the box while somebody types.
function onBox() {
  asked = readText(box.value);
  if (box.value.length > longest) box.value = ""; // the browser would still lay it out
  // The box shows a few lines of a go.mod, so that the answer stays in view.
  box.rows = Math.min(4, box.value.split("\n").length);
  go({...route(), anchor: asked ? anchorOf(asked) : ""}, "replace");
}

// follow shows what the URL says after a link or Back.
function follow() {
  const {anchor} = route(), place = placeNamed(anchor), panelled = place && place.column !== null;
  if (!panelled && !answers(anchor, place)) {
    asked = null;
    box.value = place ? data.rows[place.row].id : readVersion(anchor) ? anchor : "";
    box.rows = 1;
  }
  render(true);
  if (panelled && place.row !== null) reveal(place.row, place.column);
  else if (!panelled && !answer.hidden) answer.scrollIntoView({block: "nearest"});
  else if (!place) document.getElementById(anchor)?.scrollIntoView();
}

// onLink follows a link within the page. It keeps the filters, and what is open if the
// link leads to a footnote.
function onLink(event) {
  const a = event.target.closest("a[href^='#']");
  if (!a || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const anchor = decode(a.getAttribute("href").slice(1)), native = placeNamed(anchor) ? null : document.getElementById(anchor);
  if (native) return native.scrollIntoView({block: "center"});
  setURL({...route(), anchor}, "push");
  follow();
}

// start shows what needs the program, and makes it work.
function start() {
  for (const id of ["ask", "filters", "keys"]) $("#" + id).hidden = false;
  for (const e of document.querySelectorAll("details.all")) e.open = false;
  grid.classList.add("live");
  grid.setAttribute("role", "grid");
  const first = trs.findIndex((_, i) => data.rows[i].cells);
  if (first >= 0 && data.scenarios.length > 0) makeCurrent(first, 0);
  box.addEventListener("input", onBox);
  box.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.shiftKey && !box.value.includes("\n")) { e.preventDefault(); $("h2", answer)?.focus(); } });
  $("#ask").addEventListener("submit", (e) => e.preventDefault());
  $("#clear").addEventListener("click", () => { box.value = ""; onBox(); box.focus(); });
  grid.addEventListener("click", (e) => { const at = placeOf(e); if (at) go({...route(), anchor: nameOf(at)}, "push", true); });
  grid.addEventListener("keydown", onKey);
  // Back undoes a choice, but not every letter that is typed.
  $("#filters").addEventListener("input", (e) => go({...route(), filters: readFields()}, e.target.matches("input:not([type])") ? "replace" : "push"));
  $("#filters").addEventListener("submit", (e) => e.preventDefault());
  $("#filters").addEventListener("reset", (e) => { e.preventDefault(); go({...route(), filters: {}}, "push"); });
  document.addEventListener("keydown", (e) => { if (e.key === "Escape") closePanel(); });
  document.addEventListener("click", onLink);
  addEventListener("hashchange", follow); // Back, and what somebody writes into the URL
  follow();
}
start();
