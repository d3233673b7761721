package grid

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// gridRow makes one row of the table and adds its footnotes to notes. Its twin is
// the row before it that has the same binary, if there is one.
func gridRow(row *matrix.RowResult, twin string, columns []matrix.Scenario, of *matrix.Grid, notes *footnotes) matrix.GridRow {
	line := matrix.GridRow{
		ID:      row.ID,
		Label:   row.ID,
		Patches: row.PatchNames(),
		State:   row.State,
		Effect:  row.Effect,
		Notes:   notes.ofRow(row, twin, of),
	}
	// Cells of a row that never came to run would be blanks that look like
	// answers; formats print the state in their place.
	if row.State != matrix.StateOK {
		return line
	}
	for _, s := range columns {
		cell := matrix.GridCell{Symbol: " "}
		if c, ok := row.Cell(s.Name); ok {
			cell = gridCell(s, c)
			cell.Notes = notes.ofCell(c)
		}
		line.Cells = append(line.Cells, cell)
	}
	return line
}

func gridCell(s matrix.Scenario, c matrix.Cell) matrix.GridCell {
	cell := matrix.GridCell{
		Symbol:  symbol(c),
		Word:    string(c.Verdict),
		Verdict: c.Verdict,
		Kills:   c.Kills(),
		Differs: c.Differs(),
		Holds:   s.Kind.Holds(c.Verdict),
	}
	if c.Verdict == matrix.VerdictFlaky {
		cell.Word = fmt.Sprintf("flaky %d/%d", c.Leaks, c.Trials)
	}
	return cell
}

// signs are the symbols with their meanings, in the legend's order.
var signs = []matrix.Sign{
	{Symbol: "·", Meaning: "clean"},
	{Symbol: "L", Meaning: "leak"},
	{Symbol: "C", Meaning: "leak that can kill the connection"},
	{Symbol: "~", Meaning: "flaky"},
	{Symbol: "?", Meaning: "vacuous"},
	{Symbol: "E", Meaning: "error"},
	{Symbol: "-", Meaning: "unsupported"},
	{Symbol: Unexpected, Meaning: "not as expected"},
}

// Unexpected is the sign that stands after the symbol of a cell that differs
// from its expectation.
const Unexpected = "!"

func symbol(c matrix.Cell) string {
	meaning := string(c.Verdict)
	if c.Verdict == matrix.VerdictLeak && c.Kills() {
		return "C"
	}
	for _, s := range signs {
		if s.Meaning == meaning {
			return s.Symbol
		}
	}
	return "?" // a verdict of a later version: nothing that this one can vouch for
}

// legend returns the signs that are in use.
func legend(rows []matrix.GridRow) []matrix.Sign {
	used := map[string]bool{}
	for _, row := range rows {
		for _, c := range row.Cells {
			used[c.Symbol] = true
			used[Unexpected] = used[Unexpected] || c.Differs
		}
	}
	var out []matrix.Sign
	for _, s := range signs {
		if used[s.Symbol] {
			out = append(out, s)
		}
	}
	return out
}

// patchNames names all patches of a row as one.
func patchNames(row *matrix.RowResult) string { return strings.Join(row.PatchNames(), " + ") }

// fewPatches are so many that a row can be called by their names: those of more
// leave no room for the table.
const fewPatches = 1

// label names the patches of a row in the table, where a footnote has the names of
// many.
func label(row *matrix.RowResult) string {
	if len(row.Patches) > fewPatches {
		return fmt.Sprintf("%d patches", len(row.Patches))
	}
	return patchNames(row)
}
