// The answer: for a row, the advice that is below the table; for a version that is not
// in the table, the releases before and after it.
const answer = $("#answer");

// link returns a link to a place of the page.
const link = (place, ...children) => make("a", {href: "#" + encode(place)}, children);

// symbol shows a cell as the table does.
function symbol(row, column) {
  const td = tdOf(row, column);
  return make("b", {class: td.className.replace(/\b[bgx]\b/g, "")}, td.firstChild ? td.firstChild.data : "");
}

// chips returns a list of links to cells of a row.
function chips(row, columns) {
  return make("ul", {class: "chips"}, columns.map((c) => {
    const a = link(`${data.rows[row].id}/${data.scenarios[c].name}`, symbol(row, c), make("span", {}, data.scenarios[c].name));
    a.className = "chip";
    return make("li", {}, a);
  }));
}

// stateOf says in a word how a row fares. The word is the class of its card.
function stateOf(row) {
  const probes = data.scenarios.flatMap((s, c) => (s.kind === "probe" ? [cellOf(row, c)] : []));
  if (probes.some(leaks)) return "bad";
  return probes.length > 0 && probes.every((c) => c && c.verdict === "clean") ? "good" : "open";
}

// gistOf returns the sentence that says how a row fares.
const gistOf = (row) => about.rows[row].querySelector("summary").textContent;

// body copies what the page says of a row below the table.
const body = (row) => [...about.rows[row].children].slice(1).map((e) => e.cloneNode(true));

// rowCard answers with a row. Notes are sentences about how the question was read.
function rowCard(row, notes) {
  const leaking = data.scenarios.map((_, c) => c).filter((c) => data.scenarios[c].kind === "probe" && leaks(cellOf(row, c)));
  const parts = body(row);
  // The last heading is "What was built". That part is folded.
  const cut = parts.findLastIndex((e) => e.tagName === "H3");
  return make("div", {class: "card " + stateOf(row)},
    make("h2", {tabindex: "-1"}, gistOf(row)),
    notes.map((s) => make("p", {class: "note"}, s)),
    leaking.length > 0 && chips(row, leaking),
    parts.slice(0, cut),
    make("details", {open: !data.rows[row].cells}, make("summary", {}, "What was built"), parts.slice(cut + 1)),
    siblings(row));
}

// siblings links the other builds of a release, and its place in the table.
function siblings(row) {
  const same = data.rows.map((_, i) => i).filter((i) => i !== row && data.rows[i].version === data.rows[row].version);
  const show = make("button", {type: "button"}, "Show it in the table");
  show.addEventListener("click", () => trs[row].scrollIntoView({block: "center"}));
  return make("p", {class: "near"}, same.length > 0 && "Also built: ", same.flatMap((i) => [link(data.rows[i].id, data.rows[i].id), " "]), show);
}

// absentCard answers for a version that is not in the table.
function absentCard(version, notes) {
  const {newer, older} = neighbours(version);
  const near = [newer, older].filter((i) => i !== null);
  const why = isPseudo(version) ? " It is a commit between releases." : "";
  return make("div", {class: "card open"},
    make("h2", {tabindex: "-1"}, `${version.text} is not in this table`),
    notes.map((s) => make("p", {class: "note"}, s)),
    make("p", {}, why, near.length > 0 ? " Nothing was measured between two releases. Next to it:" : ""),
    make("ul", {}, near.map((i) => make("li", {}, link(data.rows[i].id, gistOf(i))))),
    make("h3", {}, "To find out"),
    make("pre", {}, shell("matrixrun", "run", "--only", version.text, data.suite)));
}

// wrongCard says why there is no answer.
const wrongCard = (asked) => make("div", {class: "card open"}, make("h2", {tabindex: "-1"}, asked.wrong),
  asked.notes.map((s) => make("p", {class: "note"}, s)), asked.command && make("pre", {}, asked.command));

// rowOf returns the row that a question is about, or null.
const rowOf = (asked) => asked.row ?? (asked.version ? findRow(asked.version) : null);

// showAnswer answers a question. Without one it hides the answer.
function showAnswer(asked) {
  for (const tr of grid.querySelectorAll("tr.now")) tr.classList.remove("now");
  answer.hidden = !asked;
  if (!asked) return answer.replaceChildren();
  const row = rowOf(asked);
  const notes = [...asked.notes];
  if (row !== null && asked.version && asked.version.numbers.length < 3) notes.push(`The newest release of ${asked.version.text} in the table is ${data.rows[row].version}.`);
  if (row !== null) trs[row].classList.add("now");
  answer.replaceChildren(row !== null ? rowCard(row, notes) : asked.version ? absentCard(asked.version, notes) : wrongCard(asked));
}
