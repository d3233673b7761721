// Filters: which rows and columns are shown, and which cells stand out.
const fields = {r: $("#f-r"), s: $("#f-s"), k: $("#f-k"), v: $("#f-v"), c: $("#f-c")};
let shown = {rows: trs.map(() => true), columns: data.scenarios.map(() => true)};

// readFields returns the filters that are set, by their names in the URL.
function readFields() {
  const filters = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
    if (value) filters[name] = value;
  }
  return filters;
}

// fillFields puts filters into their fields, except into a field with the same text that
// somebody is typing in.
function fillFields(filters) {
  for (const [name, field] of Object.entries(fields)) {
    if (field.type === "checkbox") field.checked = filters[name] === "1";
    else if (document.activeElement !== field || field.value.trim() !== (filters[name] || "")) field.value = filters[name] || "";
  }
}

// rowFilter returns a filter for "v0.40..v0.50", ">=0.40 <0.50", or a part of an ID.
function rowFilter(text) {
  if (!text) return () => true;
  const span = /^(\S*?)\s*\.\.\s*(\S*)$/.exec(text);
  const bounds = span ? [[">=", span[1]], ["<=", span[2]]] : [...text.matchAll(/([<>]=?)\s*(\S+)/g)].map((m) => [m[1], m[2]]);
  const tests = bounds.filter(([, v]) => v !== "").map(([op, v]) => [op, readVersion(v.replace(/,$/, ""))]);
  if (tests.length > 0 && tests.every(([, v]) => v)) {
    return (i) => versions[i] !== null && tests.every(([op, v]) => within(compare(versions[i], v), op));
  }
  return (i) => data.rows[i].id.includes(text);
}

const within = (order, op) => ({"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0})[op];

// columnFilter returns a filter for a part of a name, or a pattern with asterisks.
function columnFilter(text, kind) {
  const parts = (text || "").split("*").map((p) => p.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(parts.length > 1 ? `^${parts.join(".*")}$` : parts[0]);
  const kinds = {checks: ["control", "planted"], workarounds: ["workaround"]};
  const ofKind = (s) => !kind || (kind === "probes" ? !Object.values(kinds).flat().includes(s.kind) : (kinds[kind] || []).includes(s.kind));
  return (c) => pattern.test(data.scenarios[c].name) && ofKind(data.scenarios[c]);
}

let applied = "{}"; // the filters that the table shows

// applyFilters hides what does not match. The filters for a verdict and for changes
// keep the rows and columns that have such a cell.
function applyFilters(filters) {
  if (JSON.stringify(filters) === applied) return;
  applied = JSON.stringify(filters);
  const inRow = rowFilter(filters.r), inColumn = columnFilter(filters.s, filters.k);
  const rows = trs.map((_, i) => inRow(i)), columns = data.scenarios.map((_, c) => inColumn(c));
  const wanted = [filters.v && "." + CSS.escape(filters.v), filters.c && ":is(.b, .g, .x)"].filter(Boolean).join("");
  const hits = {rows: new Set(), columns: new Set()};
  for (const td of grid.querySelectorAll("td.hit")) td.classList.remove("hit");
  for (const td of wanted ? grid.querySelectorAll(`tbody td${wanted}`) : []) {
    const row = rowOfTr.get(td.parentElement), column = td.cellIndex - lead;
    if (column < 0 || !rows[row] || !columns[column] || !data.rows[row].cells) continue;
    td.classList.add("hit");
    hits.rows.add(row);
    hits.columns.add(column);
  }
  grid.classList.toggle("only", Boolean(wanted));
  show(rows.map((on, i) => on && (!wanted || hits.rows.has(i))), columns.map((on, c) => on && (!wanted || hits.columns.has(c))));
  const some = Object.keys(filters).length > 0;
  $("#f-x").hidden = !some;
  $("#shown").textContent = some ? `${shown.rows.filter(Boolean).length} of ${trs.length} builds, ${shown.columns.filter(Boolean).length} of ${data.scenarios.length} scenarios` : "";
}

// show hides all other rows and columns. Hiding a column is slow, so columns that do
// not change are left alone.
function show(rows, columns) {
  rows.forEach((on, i) => { trs[i].hidden = !on; });
  const heads = grid.tHead.rows[1].cells;
  columns.forEach((on, c) => {
    if (on === shown.columns[c]) return;
    heads[c].hidden = !on;
    trs.forEach((_, i) => { if (data.rows[i].cells) tdOf(i, c).hidden = !on; });
  });
  let at = 0;
  for (const th of grid.tHead.querySelectorAll(".kind")) {
    th.dataset.span ??= th.colSpan;
    const own = columns.slice(at, at += Number(th.dataset.span)).filter(Boolean).length;
    th.hidden = own === 0;
    th.colSpan = Math.max(1, own);
  }
  shown = {rows, columns};
}
