package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// footFrom is how many rows a table needs to get its header again below it,
// where a reader at the bottom of a screen can see it.
const footFrom = 30

// Terminal prints a table for a screen, of 100 columns where its width is not
// known: the answer, what differs and what is not known, and the table with its
// footnotes. Prose takes 100 columns at most. Everything can be read without
// colours.
func Terminal(w io.Writer, g *matrix.Grid, s Screen) error {
	var out strings.Builder
	out.WriteString(s.wrap(plain(g.Suite+": "+g.Target), "", "  "))
	out.WriteString(s.wrap(plain(measure(g)), "", "  "))
	section(&out, s, "", g.Answers)
	section(&out, s, "Not as expected:", texts(g.Differences))
	section(&out, s, "Not known:", texts(g.Unknown))
	if len(g.Rows) > 0 {
		out.WriteString("\n")
		table(&out, g, s)
	}
	if len(g.Legend) > 0 {
		out.WriteString("\n" + legend(s, g.Legend))
	}
	// Footnotes come last: by then the eye has met their marks.
	for i, note := range g.Footnotes {
		if i == 0 {
			out.WriteString("\n")
		}
		out.WriteString(s.wrap(plain(note), pad(fmt.Sprintf("[%d]", i+1), 5), "     "))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// measure says in a line how much was measured, with what and where.
func measure(g *matrix.Grid) string {
	parts := []string{builds(g), text.Count(len(g.Columns), "scenario")}
	if g.Server != "" {
		parts = append(parts, "all against servers of "+g.Server)
	}
	if g.Trials[1] > 0 {
		parts = append(parts, between(g.Trials, "trial")+" a cell")
	}
	if g.Toolchain != "" {
		parts = append(parts, g.Toolchain)
	}
	if g.Host.GOOS != "" {
		parts = append(parts, g.Host.GOOS+"/"+g.Host.GOARCH)
	}
	return strings.Join(parts, ", ")
}

// builds counts the rows, releases as they are apart from patched ones.
func builds(g *matrix.Grid) string {
	patched := 0
	for _, row := range g.Rows {
		if len(row.Patches) > 0 {
			patched++
		}
	}
	line := text.Count(len(g.Rows)-patched, "release")
	if patched > 0 {
		line += " and " + text.Count(patched, "patched build")
	}
	return line
}

// section prints sentences below a title, nothing where there are none.
func section(out *strings.Builder, screen Screen, title string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	out.WriteString("\n")
	if title != "" {
		out.WriteString(title + "\n")
	}
	for _, s := range sentences {
		out.WriteString(screen.wrap(plain(s), "  ", "    "))
	}
}

func texts(findings []matrix.Finding) []string {
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = f.Text
	}
	return out
}

// legend explains the symbols in use. A line may be broken after a meaning
// only: words inside are no places for it.
func legend(screen Screen, signs []matrix.Sign) string {
	parts := []string{"Legend:"}
	for _, s := range signs {
		parts = append(parts, s.Symbol+" "+s.Meaning+",")
	}
	last := len(parts) - 1
	parts[last] = strings.TrimSuffix(parts[last], ",")
	return screen.fill(parts, "", "        ")
}

// table prints the rows below a stair of column names, one character a cell.
func table(out *strings.Builder, g *matrix.Grid, s Screen) {
	l, p := layoutFor(g, s), palette(s.Color)
	out.WriteString(strings.Join(l.stair("┌"), ""))
	for _, row := range g.Rows {
		line := pad(strings.Repeat(" ", indent(row))+plain(row.Label), l.label) + l.body(row, p)
		if end := ending(row); end != "" {
			line += "  " + end
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	// Below the table the rails end from the right, else they would cross
	// the names.
	if len(g.Rows) >= footFrom {
		names := l.stair("└")
		slices.Reverse(names)
		out.WriteString(strings.Join(names, ""))
	}
}

// indent is how far a patched row stands in from the release above it.
func indent(row matrix.GridRow) int {
	return len(row.Label) - len(strings.TrimLeft(row.Label, " "))
}

// gap sets a column apart from the one before it where the two are for
// different things.
func gap(columns []matrix.Scenario, i int) string {
	if i == 0 {
		return ""
	}
	was, is := columns[i-1].Kind, columns[i].Kind
	if was == is || was.Invariant() && is.Invariant() {
		return ""
	}
	return " "
}

// body prints the cells of a row, or in words why it has none.
func (l layout) body(row matrix.GridRow, p palette) string {
	if len(row.Cells) == 0 {
		return p.state(word(row.State))
	}
	var line strings.Builder
	for i, c := range row.Cells {
		// The sign takes the place of the space, so that columns stay put.
		after := l.after[i]
		if c.Differs() {
			after = "!"
		}
		line.WriteString(gap(l.columns, i) + p.cell(c) + after)
	}
	return line.String()
}

// word writes the state of a row that has no cells.
func word(s matrix.State) string {
	if s == "" || s == matrix.StateOK {
		return "not run"
	}
	return string(s)
}

// ending prints what a row's patches did, and the marks of its footnotes: of
// the row, then of its cells from left to right.
func ending(row matrix.GridRow) string {
	var parts []string
	if row.Effect != "" && len(row.Cells) > 0 {
		parts = append(parts, string(row.Effect)) // else the state tells it
	}
	marks := slices.Clone(row.Notes)
	for _, c := range row.Cells {
		for _, mark := range c.Notes {
			if !slices.Contains(marks, mark) {
				marks = append(marks, mark)
			}
		}
	}
	for _, mark := range marks {
		parts = append(parts, fmt.Sprintf("[%d]", mark+1))
	}
	return strings.Join(parts, " ")
}
