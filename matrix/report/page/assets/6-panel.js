// The panel: everything that is known of one cell, or of one scenario.
const panel = $("#panel");
let opened = null; // {row, column} of the panel's cell; row is null for a scenario
let under = ""; // the anchor of what is shown when it is closed

// table makes a table of texts. Numeric columns are aligned to the right, and the
// column with long texts gets the width that is left.
function table(head, rows, numeric, long) {
  const line = (cells, tag) => make("tr", {}, cells.map((c, i) => make(tag, {class: numeric.includes(i) ? "num" : i === long && "text"}, c)));
  return make("table", {class: "rows"}, make("thead", {}, line(head, "th")), make("tbody", {}, rows.map((r) => line(r, "td"))));
}

// rateBar draws a cell's rate and its interval.
function rateBar(cell) {
  const draw = (tag, attributes, text) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
    if (text) e.textContent = text;
    return e;
  };
  const [low, high] = cell.interval.map((p) => 20 + 260 * p), at = 20 + 260 * (cell.leaks / cell.trials);
  const svg = draw("svg", {class: "rate", viewBox: "0 0 300 36", "aria-hidden": "true"});
  svg.append(draw("line", {class: "axis", x1: 20, x2: 280, y1: 12, y2: 12}), draw("line", {class: "span", x1: low, x2: high, y1: 12, y2: 12}),
    draw("circle", {class: "dot", cx: at, cy: 12, r: 5}), draw("text", {x: 12, y: 32}, "0 %"), draw("text", {x: 264, y: 32}, "100 %"));
  return svg;
}

// commands returns the commands that show a cell and that measure it again.
function commands(row, column) {
  const {id, version, flags = "--only " + version, patches = [], server = ""} = data.rows[row], {name} = data.scenarios[column];
  const other = server ? ["--server-version", server] : [];
  return [
    shell("matrixrun", "show", `${id}/${name}`, ...other, data.suite),
    shell("matrixrun", "run", ...flags.split(" "), ...patches.flatMap((p) => ["--patch", p]), ...other, "--scenario", name, data.suite),
  ];
}

// path escapes the name of a file, so that as a link it leads nowhere else.
const path = (name) => name.split("/").map(encodeURIComponent).join("/");

// files returns a list of links to the evidence of a cell.
function files(cell) {
  if (cell.files.length === 0) {
    return make("p", {class: "hint"}, cell.none ? `None: ${cell.none}` : "None was kept for this cell. The second command below makes some with --evidence all -o DIR.");
  }
  return make("ul", {}, cell.files.map((name) => make("li", {}, make("a", {href: path(name), download: true}, name.split("/").at(-1)))));
}

// cellBody returns what the panel says of a cell.
function cellBody(row, column) {
  const cell = cellOf(row, column), title = about.scenarios[column].querySelector("summary").lastChild.data.trim();
  const parts = [make("p", {class: "title"}, title), $(".way", about.scenarios[column])?.cloneNode(true)];
  if (cell) {
    const sign = symbol(row, column);
    sign.classList.add("key");
    parts.push(make("div", {class: "verdict"}, sign, make("div", {}, cell.words)));
    if (cell.interval && cell.trials > 0) parts.push(rateBar(cell));
    parts.push(cell.reason && make("p", {}, cell.reason));
    if (cell.runs) parts.push(make("h3", {}, "Its runs"), make("ul", {}, cell.runs.map((r) => make("li", {}, r))));
    parts.push(make("h3", {}, "What each side saw"), cell.saw.length === 0 ? make("p", {}, "Nothing happened to either side.")
      : table(["side", "where", "code", "error"], cell.saw, [2], 3));
    if (cell.frames.length > 0) {
      parts.push(make("h3", {}, "Frames on the wire"), table(["ms", "from", "packet", "frame", "where", "code"],
        cell.frames, [0, 5]));
    }
    parts.push(cell.unread && make("p", {}, `The capture does not confirm these trials: ${cell.unread}`));
    parts.push(make("h3", {}, "Evidence"), files(cell));
  } else {
    parts.push(make("p", {}, "There is no such cell: the row was not run."));
  }
  const built = body(row);
  parts.push(make("h3", {}, "Look closer, or measure it again"), commands(row, column).map((c) => make("pre", {}, c)),
    built.slice(built.findLastIndex((e) => e.tagName === "H3")));
  return parts;
}

// step makes a button to the next cell in a direction that is not hidden.
function step(label, text, row, column, by) {
  const to = next(row, column, ...by);
  const b = make("button", {type: "button", "aria-label": label, title: label, disabled: !to}, text);
  if (to) b.addEventListener("click", () => go({...route(), anchor: nameOf(to)}, "replace"));
  return b;
}

// openPanel shows a cell, or without a row, a scenario. With focus it moves the focus
// there. Otherwise the focus stays in the table, so that arrow keys still work.
function openPanel(row, column, focus) {
  const {name} = data.scenarios[column];
  const close = make("button", {type: "button", class: "end"}, "Close");
  close.addEventListener("click", closePanel);
  const steps = row === null ? [] : [step("newer release", "↑", row, column, [-1, 0]), step("older release", "↓", row, column, [1, 0]),
    step("scenario before", "←", row, column, [0, -1]), step("scenario after", "→", row, column, [0, 1])];
  const heading = make("h2", {id: "panel-title", tabindex: "-1"}, row === null ? name : [link(data.rows[row].id, data.rows[row].id), " / ", link("s/" + name, name)]);
  const about_ = about.scenarios[column];
  panel.replaceChildren(make("div", {class: "bar"}, steps, close), heading,
    ...(row === null ? [make("p", {class: "title"}, about_.querySelector("summary").lastChild.data.trim()), ...[...about_.children].slice(1).map((e) => e.cloneNode(true))]
      : cellBody(row, column).filter(Boolean).flat()));
  opened = {row, column};
  if (!panel.open) panel.show();
  panel.scrollTop = 0;
  if (focus) heading.focus({preventScroll: true});
}

// closePanel closes the panel, shows what was there before it, and moves the focus
// back to the cell.
function closePanel() {
  if (!opened) return;
  const {row, column} = opened;
  go({...route(), anchor: under}, "push");
  if (row !== null) focusCell(row, column);
}
