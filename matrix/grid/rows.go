package grid

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// gridCells makes the cells of a row, one for each column, and adds their
// footnotes to notes, also those of how it comes out otherwise and of the doubt about it. A
// row that was not run has no cells: blanks would look like answers, and formats print the
// row's state in their place.
func gridCells(row *matrix.RowResult, columns []matrix.Scenario, otherwise, doubt func(c matrix.Cell) string, notes *footnotes) []matrix.GridCell {
	if row.State != matrix.StateOK {
		return nil
	}
	cells := make([]matrix.GridCell, len(columns))
	for i, s := range columns {
		cells[i] = matrix.GridCell{Symbol: " "}
		if c, ok := row.Cell(s.Name); ok {
			cells[i] = matrix.GridCell{Cell: c, Symbol: symbol(c, notes.words), Word: word(c, notes.words), Holds: s.Kind.Holds(c.Verdict), Notes: notes.ofCell(c)}
			cells[i].Otherwise = otherwise(c)
			for _, note := range []string{cells[i].Otherwise, doubt(c)} {
				if note != "" && c.Verdict.Known() {
					cells[i].Notes = append(cells[i].Notes, notes.add(note))
				}
			}
		}
	}
	return cells
}

// word writes the verdict of a cell, with the numbers of a flaky one.
func word(c matrix.Cell, w matrix.Words) string {
	if c.Verdict == matrix.VerdictFlaky {
		return fmt.Sprintf("%s %d/%d", w.Flaky.Name, c.Leaks, c.Trials)
	}
	return w.Name(c.Verdict)
}

// signs returns all symbols with their meanings, in the legend's order.
func signs(w matrix.Words) []matrix.Sign {
	return []matrix.Sign{
		{Symbol: w.Clean.Sign, Meaning: w.Clean.Name, Verdict: matrix.VerdictClean},
		{Symbol: w.Leak.Sign, Meaning: w.Leak.Name, Verdict: matrix.VerdictLeak},
		{Symbol: w.Severe.Sign, Meaning: w.Leak.Noun + " that " + w.Severe.One, Verdict: matrix.VerdictLeak, Kills: true},
		{Symbol: w.Flaky.Sign, Meaning: w.Flaky.Name, Verdict: matrix.VerdictFlaky},
		{Symbol: "?", Meaning: matrix.NotShown, Verdict: matrix.VerdictVacuous},
		{Symbol: "E", Meaning: "error", Verdict: matrix.VerdictError},
		{Symbol: "-", Meaning: "unsupported", Verdict: matrix.VerdictUnsupported},
		{Symbol: Unexpected, Meaning: "not as expected"},
	}
}

// Unexpected is the mark after the symbol of a cell that is not as expected.
const Unexpected = "!"

// symbol returns the symbol of a cell's verdict. A verdict of a later version gets
// that of VerdictVacuous: this version cannot vouch for it.
func symbol(c matrix.Cell, w matrix.Words) string {
	severe := c.Verdict == matrix.VerdictLeak && c.Kills()
	for _, s := range signs(w) {
		if s.Verdict == c.Verdict && s.Verdict != "" && s.Kills == severe {
			return s.Symbol
		}
	}
	return "?"
}

// legend returns the signs that are in use.
func legend(rows []matrix.GridRow, w matrix.Words) []matrix.Sign {
	used := map[string]bool{}
	for _, row := range rows {
		for _, c := range row.Cells {
			used[c.Symbol] = true
			used[Unexpected] = used[Unexpected] || c.Differs()
		}
	}
	var out []matrix.Sign
	for _, s := range signs(w) {
		if used[s.Symbol] {
			out = append(out, s)
		}
	}
	return out
}

// Labels returns what a table calls each of its rows: a short name, or what a row adds to
// the one above. The target is the path of the suite's target.
func Labels(rows []matrix.RowResult, target string) []string {
	short := shortNames(rows, target)
	labels := make([]string, len(rows))
	for i := range rows {
		labels[i] = cmp.Or(short[rows[i].ID], rows[i].ID)
		if addsPatches(rows, i) {
			labels[i] = "  + " + label(&rows[i])
		}
	}
	return labels
}

// addsPatches reports whether a row is the one above with patches.
func addsPatches(rows []matrix.RowResult, i int) bool {
	return i > 0 && len(rows[i].Patches) > 0 && rows[i].Version() == rows[i-1].Version()
}

// patchNames joins the names of a row's patches.
func patchNames(row *matrix.RowResult) string { return strings.Join(row.PatchNames(), " + ") }

// fewPatches is how many patches a row can have to be called by their names in the
// table. The names of more would leave no room for the cells.
const fewPatches = 1

// label names the patches of a row in the table. If it only counts them, a
// footnote has their names.
func label(row *matrix.RowResult) string {
	if len(row.Patches) > fewPatches {
		return fmt.Sprintf("%d patches", len(row.Patches))
	}
	return patchNames(row)
}
