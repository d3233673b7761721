package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// footFrom is how many rows a table needs to have its header repeated below it, for
// a reader at the bottom of the screen.
const footFrom = 30

// Terminal writes a table for a screen: the answer, what differs, what is not
// known, the table with its footnotes, and what advisories claim of it. Colours only
// repeat what symbols say.
func Terminal(w io.Writer, g *matrix.Grid, s Screen) error {
	var out strings.Builder
	out.WriteString(s.wrap(plain(g.Suite+": "+g.Target), "", "  "))
	out.WriteString(s.wrap(plain(measure(g)), "", "  "))
	section(&out, s, "", g.Answers)
	section(&out, s, "How sure:", g.Sure)
	section(&out, s, "Not as expected:", texts(g.Differences))
	section(&out, s, "Not known:", texts(g.Unknown))
	if len(g.Rows) > 0 {
		out.WriteString("\n")
		table(&out, g, s)
	}
	if len(g.Legend) > 0 {
		out.WriteString("\n" + legend(s, g.Legend))
	}
	for i, note := range g.Footnotes {
		if i == 0 {
			out.WriteString("\n")
		}
		out.WriteString(s.wrap(plain(note), pad(fmt.Sprintf("[%d]", i+1), 5), "     "))
	}
	publishedOnScreen(&out, g, s)
	return s.show(w, out.String())
}

// measure says in a line how much was measured, and with what.
func measure(g *matrix.Grid) string {
	parts := []string{text.List(Builds(g)), text.Count(len(g.Columns), "scenario")}
	if g.Server != "" {
		parts = append(parts, "all against servers of "+g.Server)
	}
	if g.Trials[1] > 0 {
		parts = append(parts, Between(g.Trials, "trial")+" a cell")
	}
	if g.Toolchain != "" {
		parts = append(parts, g.Toolchain)
	}
	if g.Host.GOOS != "" {
		parts = append(parts, g.Host.GOOS+"/"+g.Host.GOARCH)
	}
	return strings.Join(parts, ", ")
}

// Builds counts the rows of a table: the releases, what else was built without patches,
// and the builds with patches.
func Builds(g *matrix.Grid) (counts []string) {
	of := make(map[matrix.SourceKind]int)
	for i := range g.Rows {
		if row := &g.Rows[i]; len(row.Patches) == 0 {
			of[cmp.Or(row.Source.Kind, matrix.SourceRelease)]++
		}
	}
	counts = Targets(of)
	if patched := g.Patched(); patched > 0 {
		counts = append(counts, text.Count(patched, "patched build"))
	}
	return counts
}

// Targets counts targets by their kinds: "2 releases", "1 fork".
func Targets(of map[matrix.SourceKind]int) (counts []string) {
	for _, kind := range []struct {
		of   matrix.SourceKind
		noun string
	}{{matrix.SourceRelease, "release"}, {matrix.SourceModule, "fork"}, {matrix.SourceDir, "folder"}, {matrix.SourceRef, "commit"}} {
		if of[kind.of] > 0 || kind.of == matrix.SourceRelease {
			counts = append(counts, text.Count(of[kind.of], kind.noun))
		}
	}
	switch n := of[matrix.SourceToolchain]; n {
	case 0:
	case 1:
		counts = append(counts, "1 build with another toolchain")
	default:
		counts = append(counts, fmt.Sprintf("%d builds with other toolchains", n))
	}
	return counts
}

// section writes sentences below a title, and nothing if there are none.
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

// legend explains the symbols in use. It breaks lines between two of them only.
func legend(screen Screen, signs []matrix.Sign) string {
	parts := []string{"Legend:"}
	for _, s := range signs {
		parts = append(parts, s.Symbol+" "+s.Meaning+",")
	}
	last := len(parts) - 1
	parts[last] = strings.TrimSuffix(parts[last], ",")
	return screen.fill(parts, "", "        ")
}

// table writes the rows below a stair of column names, one character a cell:
//
//	         ┌ control
//	         │ ┌ planted
//	         │ │  ┌ drop-a
//	v0.2.0   · L  C   [1]
//	  + fix  · L  ·   fixes
//
// The stair needs as many lines as there are scenarios, and no more width than the
// cells: upright names would be unreadable, and names in a line would not fit.
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
	// Below the table the last column has its name first: rails that go on down
	// must not cross names.
	if len(g.Rows) >= footFrom {
		names := l.stair("└")
		slices.Reverse(names)
		out.WriteString(strings.Join(names, ""))
	}
}

// indent returns how far the label of a row with patches is indented.
func indent(row matrix.GridRow) int {
	return len(row.Label) - len(strings.TrimLeft(row.Label, " "))
}

// gap returns the space before a column: a blank if the column before it is for
// something else. Controls and planted leaks belong together.
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

// body writes the cells of a row, or the state that says why it has none.
func (l layout) body(row matrix.GridRow, p palette) string {
	if len(row.Cells) == 0 {
		return p.state(row.State.Missing())
	}
	var line strings.Builder
	for i, c := range row.Cells {
		// The mark replaces the blank, so that no column moves.
		after := l.after[i]
		if c.Differs() {
			after = "!"
		}
		line.WriteString(gap(l.columns, i) + p.cell(c) + after)
	}
	return line.String()
}

// ending writes what the patches of a row did, and the marks of its footnotes and of
// those on its cells.
func ending(row matrix.GridRow) string {
	var parts []string
	if row.Effect != "" && len(row.Cells) > 0 { // without cells, the state says it
		parts = append(parts, string(row.Effect))
	}
	marks := slices.Clone(row.Notes)
	for _, c := range row.Cells {
		marks = append(marks, c.Notes...)
	}
	slices.Sort(marks)
	for _, mark := range slices.Compact(marks) {
		parts = append(parts, fmt.Sprintf("[%d]", mark+1))
	}
	return strings.Join(parts, " ")
}
