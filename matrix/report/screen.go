package report

import (
	"strings"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Screen is what a report is printed on. Its zero value is a file or a pipe.
type Screen struct {
	Width int  // characters in a line; 0 where nobody knows
	Color bool // leaks red, clean cells green and the rest yellow
}

// narrowest is the least width that a screen is taken to have: in less than
// that no sentence can be read.
const narrowest = 40

// prose is how many characters a line of prose may take.
func (s Screen) prose() int {
	if s.Width == 0 {
		return width
	}
	return max(narrowest, min(s.Width, width))
}

// wrap is the package's, for this screen.
func (s Screen) wrap(text, first, rest string) string { return s.fill(words(text), first, rest) }

// fill is the package's, for this screen.
func (s Screen) fill(words []string, first, rest string) string {
	return text.WrapWords(words, first, rest, s.prose())
}

// A layout says where the cells of a table stand.
type layout struct {
	columns []matrix.Scenario
	label   int      // the width of the row names, for which there is no limit
	after   []string // what follows each column's cells: a blank, or nothing
}

// layoutFor sets cells apart by a blank where the screen has room for that. Where
// it has not, they stand side by side, but for the columns in which a cell needs
// a place for the sign that it differs.
func layoutFor(g *matrix.Grid, s Screen) layout {
	l := layout{columns: g.Columns, after: make([]string, len(g.Columns))}
	for _, row := range g.Rows {
		l.label = max(l.label, utf8.RuneCountInString(plain(row.Label))+indent(row))
	}
	l.label += 2
	for i := range l.after {
		l.after[i] = " "
	}
	if s.Width == 0 || l.width(g) <= s.Width {
		return l
	}
	for i := range l.after {
		if !hasSign(g, i) {
			l.after[i] = ""
		}
	}
	return l
}

// hasSign reports whether a column has a cell that differs from its expectation.
func hasSign(g *matrix.Grid, column int) bool {
	for _, row := range g.Rows {
		if column < len(row.Cells) && row.Cells[column].Differs() {
			return true
		}
	}
	return false
}

// width is how many characters the widest line of the table has.
func (l layout) width(g *matrix.Grid) int {
	at, widest := l.label, 0
	for i, s := range l.columns {
		at += len(gap(l.columns, i))
		widest = max(widest, at+2+utf8.RuneCountInString(plain(s.Name)))
		at += 1 + len(l.after[i])
	}
	for _, row := range g.Rows {
		widest = max(widest, at+2+len(ending(row)))
	}
	return widest
}

// stair prints the names of the columns, each on a line of its own with a rail
// to its cells: from the first column down, or below the table from the last.
func (l layout) stair(corner string) []string {
	lines := make([]string, len(l.columns))
	rails := strings.Repeat(" ", l.label)
	for i, s := range l.columns {
		// Rails of the columns that have their names already lead down to
		// the cells, so that a name and its cells are one line apart.
		rails += gap(l.columns, i)
		lines[i] = rails + corner + " " + plain(s.Name) + "\n"
		rails += "│" + l.after[i]
	}
	return lines
}
