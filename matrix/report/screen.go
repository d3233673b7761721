package report

import (
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Screen is what a report is printed on. The zero value is a file or a pipe.
type Screen struct {
	Width int  // characters in a line; 0 if it is not known
	Color bool // colours verdicts and changes
}

// narrowest is the least width that prose is laid out for. No sentence can be read
// in less.
const narrowest = 40

// prose returns how many characters a line of prose may have.
func (s Screen) prose() int {
	if s.Width == 0 {
		return width
	}
	return max(narrowest, min(s.Width, width))
}

// wrap is the function wrap for the width of this screen.
func (s Screen) wrap(text, first, rest string) string { return s.fill(words(text), first, rest) }

// fill is the function fill for the width of this screen.
func (s Screen) fill(words []string, first, rest string) string {
	return text.WrapWords(words, first, rest, s.prose())
}

// entry lays out an entry of a list: aligned columns, and after two blanks what else there
// is, in parts. If it is wider than the screen, each part begins a line of its own, apart
// from the first, and is broken at blanks; these lines begin with rest.
func (s Screen) entry(columns string, parts []string, rest string) string {
	line := strings.TrimRight(columns+"  "+strings.Join(parts, "  "), " ")
	if s.Width == 0 || text.Width(line) <= s.Width {
		return line + "\n"
	}
	var out strings.Builder
	first := columns + "  "
	for _, part := range parts {
		if part != "" {
			out.WriteString(text.Wrap(part, first, rest, max(narrowest, s.Width)))
			first = rest
		}
	}
	return out.String()
}

// A layout says where the cells of a table are.
type layout struct {
	columns []matrix.Scenario
	names   []string // of the columns; the first one of a family also has the family's
	label   int      // the width of the row names, which is not limited
	after   []string // by column, what follows its cells: a blank or nothing
}

// columnNames returns what the table calls its columns.
func columnNames(g *matrix.Grid) []string {
	names := make([]string, len(g.Columns))
	last := ""
	for i, s := range g.Columns {
		names[i] = plain(s.Name)
		if all := familiesOf(g, []string{s.Name}); len(all) > 0 && all[0].Name != last {
			last = all[0].Name
			names[i] = plain(last) + ": " + names[i]
		}
	}
	return names
}

// layoutFor separates cells by a blank if the screen is wide enough. If not, only
// the columns keep it in which a cell needs the place for the mark that it differs.
func layoutFor(g *matrix.Grid, s Screen) layout {
	l := layout{columns: g.Columns, names: columnNames(g), after: make([]string, len(g.Columns))}
	for _, row := range g.Rows {
		l.label = max(l.label, text.Width(plain(row.Label))+indent(row))
	}
	l.label += 2
	for i := range l.after {
		l.after[i] = " "
	}
	if s.Width == 0 || l.width(g) <= s.Width {
		return l
	}
	for i := range l.after {
		differs := func(row matrix.GridRow) bool { return i < len(row.Cells) && row.Cells[i].Differs() }
		if !slices.ContainsFunc(g.Rows, differs) {
			l.after[i] = ""
		}
	}
	return l
}

// width returns how many characters the widest line of the table has.
func (l layout) width(g *matrix.Grid) int {
	at, widest := l.label, 0
	for i := range l.columns {
		at += len(gap(l.columns, i))
		widest = max(widest, at+2+text.Width(l.names[i]))
		at += 1 + len(l.after[i])
	}
	for _, row := range g.Rows {
		widest = max(widest, at+2+len(ending(row)))
	}
	return widest
}

// stair writes the names of the columns from the first down, each on a line of its
// own with a rail to its cells. Corner joins a name and its rail.
func (l layout) stair(corner string) []string {
	lines := make([]string, len(l.columns))
	rails := strings.Repeat(" ", l.label)
	for i, name := range l.names {
		// The columns before this one have their names already: their rails
		// pass this line on the way to their cells.
		rails += gap(l.columns, i)
		lines[i] = rails + corner + " " + name + "\n"
		rails += "│" + l.after[i]
	}
	return lines
}
