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
  if (data.rows[row].state) return data.rows[row].state; // its cells hold for one toolchain, and others differ
  const probes = data.scenarios.flatMap((s, c) => (s.kind === "probe" ? [cellOf(row, c)] : []));
  if (probes.some(leaks)) return "bad";
  return probes.length > 0 && probes.every((c) => c && c.verdict === "clean") ? "good" : "open";
}

// gistOf returns the sentence that says how a row fares.
const gistOf = (row) => about.rows[row].querySelector("summary").textContent;

// body copies what the page says of a row below the table.
const body = (row) => [...about.rows[row].children].slice(1).map((e) => e.cloneNode(true));

// heading returns the head of a card: its title, and what the text says about a use.
const heading = (title, use) => [
  make("h2", {tabindex: "-1"}, title),
  use.title && make("p", {class: "by"}, use.title, use.line ? `, by line ${use.line}` : ""),
  ...use.notes.map((s) => make("p", {class: "note"}, s)),
];

// rowCard answers with a row.
function rowCard(row, use) {
  const leaking = data.scenarios.map((_, c) => c).filter((c) => data.scenarios[c].kind === "probe" && leaks(cellOf(row, c)));
  const parts = body(row);
  // The last heading is "What was built". That part is folded.
  const cut = parts.findLastIndex((e) => e.tagName === "H3");
  // What a program does that leaks is first, and the scenarios are the detail.
  const ways = parts.findIndex((e) => e.classList.contains("ways")) + 1;
  return make("div", {class: "card " + stateOf(row)},
    heading(gistOf(row), use),
    parts.slice(0, ways),
    ways === 0 && leaking.length > 0 && chips(row, leaking),
    parts.slice(ways, cut),
    ways > 0 && make("details", {}, make("summary", {}, `The scenarios (${leaking.length})`), chips(row, leaking)),
    make("details", {open: !data.rows[row].cells}, make("summary", {}, "What was built"), parts.slice(cut + 1)),
    siblings(row));
}

// releaseOf returns the release of a row, whatever toolchain compiled it.
const releaseOf = (row) => data.rows[row].version.replace(/@go[\d.]+$/, "");

// siblings links the other builds of a release, and its place in the table.
function siblings(row) {
  const same = data.rows.map((_, i) => i).filter((i) => i !== row && releaseOf(i) === releaseOf(row));
  const show = make("button", {type: "button"}, "Show it in the table");
  show.addEventListener("click", () => trs[row].scrollIntoView({block: "center"}));
  return make("p", {class: "near"}, same.length > 0 && "Also built: ", same.flatMap((i) => [link(data.rows[i].id, data.rows[i].id), " "]), show);
}

// absentCard answers for a version that is not in the table. Before the first release
// that was tried, there may be nothing to try: the suite says so, and not this page.
function absentCard(version, use) {
  const {newer, older} = neighbours(version);
  const near = [newer, older].filter((i) => i !== null);
  const first = older === null && newer !== null, why = isPseudo(version) ? " It is a commit between releases." : "";
  return make("div", {class: "card open"},
    heading(`${version.text} is not in this table`, use),
    make("p", {}, why, first ? " Nothing older was tried than:" : near.length > 0 ? " Nothing was measured between two releases. Next to it:" : ""),
    make("ul", {}, near.map((i) => make("li", {}, link(data.rows[i].id, gistOf(i))))),
    make("h3", {}, first ? "To find out whether it can be affected at all" : "To find out"),
    make("pre", {}, first ? use.next || shell("matrixrun", "check", version.text, ...from) : shell("matrixrun", "run", "--only", version.text, data.suite)));
}

// otherCard answers with what is known from elsewhere: another page, or why nothing can
// happen.
const otherCard = (other, use) => make("div", {class: "card " + other.state}, heading(other.title, {title: other.of, ...use}),
  make("p", {}, other.why ? other.why[0].toUpperCase() + other.why.slice(1) + "." : make("a", {href: other.href}, "What to do, how sure that is, and what was built")));

// wrongCard says why there is no answer.
const wrongCard = (use) => make("div", {class: "card open"}, heading(use.wrong, use),
  use.next && [make("p", {}, "To find out what it is nearest to:"), make("pre", {}, use.next)]);

// limitsCard says what a text does not, and what only the command finds out.
function limitsCard({limits, command, uses}) {
  return make("div", {class: uses?.length > 0 ? "card" : "card open"},
    uses && (uses.length > 0 ? make("h3", {}, "What this text cannot say") : make("h2", {tabindex: "-1"}, `This text names no release of ${data.target}, but that is no all-clear`)),
    make("ul", {class: "limits"}, limits.map((s) => make("li", {}, s))),
    command && [make("p", {}, "To find out, in the folder of the program:"), make("pre", {}, command)]);
}

const mostCards = 20;

// cardsFor returns the cards that answer a question.
function cardsFor(asked) {
  if (!asked.uses) return [cardFor({...asked, row: rowOf(asked), other: asked.version && elsewhereOf(asked.version)}), asked.limits?.length > 0 && limitsCard(asked)];
  const rest = asked.uses.length - mostCards;
  return [
    asked.uses.slice(0, mostCards).map(cardFor),
    rest > 0 && make("div", {class: "card open"}, make("h2", {}, `And ${rest} more, of which each may be a fork`)),
    asked.limits.length > 0 && limitsCard(asked),
  ].flat();
}

// cardFor returns the card of one use, or of what was asked.
function cardFor(use) {
  if (use.row != null) return rowCard(use.row, use);
  if (use.other) return otherCard(use.other, use);
  return use.version && !use.wrong ? absentCard(use.version, use) : wrongCard(use);
}

// rowOf returns the row that a question is about, or null. A text with several uses is
// about none.
function rowOf(asked) {
  if (asked.uses) return asked.uses.length === 1 ? asked.uses[0].row ?? null : null;
  return asked.row ?? (asked.version ? findRow(asked.version) : null);
}

// anchorOf returns the fragment of the URL for a question; it is empty if no version is
// the answer.
function anchorOf(asked) {
  const row = rowOf(asked), one = asked.uses?.length === 1 ? asked.uses[0] : asked;
  return row != null ? data.rows[row].id : one.version && !one.wrong ? one.version.text : "";
}

// markTime marks the place of a row in the timeline, or removes the mark.
function markTime(row) {
  $("#mark")?.remove();
  const line = $("#time .line");
  if (row === null || !line || !isRelease(row)) return;
  const releases = data.rows.map((_, i) => i).filter(isRelease).reverse();
  const label = make("span", {}, data.rows[row].version), mark = make("div", {id: "mark"}, label);
  const at = (releases.indexOf(row) + 0.5) / releases.length;
  mark.style.left = `${line.offsetLeft + line.offsetWidth * at}px`;
  label.style.transform = `translateX(-${100 * at}%)`;
  $("#time").append(mark);
}

// showAnswer answers a question. Without one it hides the answer.
function showAnswer(asked) {
  for (const tr of grid.querySelectorAll("tr.now")) tr.classList.remove("now");
  answer.hidden = !asked;
  document.body.classList.toggle("asked", Boolean(asked));
  markTime(null);
  if (!asked) return answer.replaceChildren();
  const row = rowOf(asked);
  const notes = [...asked.notes];
  if (row !== null && asked.version && asked.version.numbers.length < 3) notes.push(`The newest release of ${asked.version.text} in the table is ${data.rows[row].version}.`);
  for (const use of asked.uses ?? [{row}]) if (use.row != null) trs[use.row].classList.add("now");
  markTime(row);
  answer.replaceChildren(...cardsFor({...asked, notes}).filter(Boolean));
}
