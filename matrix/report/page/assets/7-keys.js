// The table by keyboard: the Tab key reaches one cell, and arrow keys move from there.
// They skip what a filter hides.
let current = null; // the cell that does, {row, column}

// next returns the next cell in a direction that is not hidden, or null.
function next(row, column, down, right) {
  for (let r = row + down, c = column + right; ; r += down, c += right) {
    if (r < 0 || c < 0 || r >= trs.length || c >= data.scenarios.length) return null;
    if (shown.rows[r] && shown.columns[c] && tdOf(r, c)) return {row: r, column: c};
  }
}

// last returns the last cell in a direction.
function last(row, column, down, right) {
  let at = {row, column};
  for (let to = at; to; to = next(to.row, to.column, down, right)) at = to;
  return at;
}

// nameOf returns the anchor of a cell.
const nameOf = ({row, column}) => `${data.rows[row].id}/${data.scenarios[column].name}`;

// makeCurrent makes a cell the one that the Tab key reaches.
function makeCurrent(row, column) {
  if (current) tdOf(current.row, current.column).removeAttribute("tabindex");
  current = {row, column};
  tdOf(row, column).setAttribute("tabindex", "0");
}

// focusCell moves the focus to a cell and scrolls it into view.
function focusCell(row, column) {
  if (!tdOf(row, column)) return;
  makeCurrent(row, column);
  tdOf(row, column).focus({preventScroll: true});
  reveal(row, column);
}

// reveal scrolls a cell into view: neither under the head and the first column, nor
// behind the panel, which is at the side, or on a phone at the bottom.
function reveal(row, column) {
  const box = $(".scroll"), boxed = getComputedStyle(box).overflowY !== "visible", below = innerWidth <= 640;
  if (boxed) box.scrollIntoView({block: below ? "start" : "nearest", behavior: "instant"});
  const at = (tdOf(row, column) || trs[row]).getBoundingClientRect(), area = box.getBoundingClientRect();
  const edge = {
    top: (boxed ? area.top : 0) + grid.tHead.offsetHeight,
    bottom: Math.min(boxed ? area.bottom : innerHeight, innerHeight - (panel.open && below ? panel.offsetHeight : 0)),
    left: area.left + trs[row].cells[0].offsetWidth,
    right: Math.min(area.right, innerWidth - (panel.open && !below ? panel.offsetWidth : 0)),
  };
  const by = (low, high, from, to) => (low < from ? low - from : high > to ? Math.min(high - to, low - from) : 0);
  const top = by(at.top, at.bottom, edge.top, edge.bottom);
  (boxed ? box : window).scrollBy({top, behavior: "instant"});
  if (boxed) box.scrollBy({left: by(at.left, at.right, edge.left, edge.right), behavior: "instant"});
}

// placeOf returns the cell that an event is about, or null.
function placeOf(event) {
  const td = event.target.closest("tbody td");
  if (!td || td.cellIndex < lead || event.target.closest("a")) return null;
  const row = rowOfTr.get(td.parentElement);
  return data.rows[row].cells ? {row, column: td.cellIndex - lead} : null;
}

const moves = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
const ends = {Home: [0, -1], End: [0, 1], PageUp: [-1, 0], PageDown: [1, 0]};

// onKey moves the focus, or opens the panel.
function onKey(event) {
  const at = placeOf(event);
  if (!at || event.altKey || event.metaKey) return;
  const {row, column} = at;
  let to = null;
  if (moves[event.key]) to = (event.ctrlKey ? last : next)(row, column, ...moves[event.key]);
  else if (ends[event.key]) to = last(row, column, ...ends[event.key]);
  else if (event.key === "Enter" || event.key === " ") go({...route(), anchor: nameOf(at)}, "push", true);
  else return;
  event.preventDefault();
  if (!to) return;
  focusCell(to.row, to.column);
  // An open panel follows the focus. Back does not go through all these steps.
  if (opened) go({...route(), anchor: nameOf(to)}, "replace");
}
