package grid

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// faint returns a footnote for a cell of row i that is clean next to a flaky one, if its
// trials are too few to show that the two differ. Rows are sorted by version.
func faint(rows []matrix.RowResult, i int, c matrix.Cell) string {
	if c.Verdict != matrix.VerdictClean {
		return ""
	}
	for _, row := range compared(rows, i, c.Scenario) {
		other, _ := row.Cell(c.Scenario)
		if other.Verdict == matrix.VerdictFlaky && matrix.ByChance(c.Trials, other.Leaks, other.Trials) {
			return matrix.ChanceNote(c.Trials, other.Leaks, other.Trials, " in "+row.ID)
		}
	}
	return ""
}

// compared returns the rows that row i is compared with: the nearest ones with the same patches
// and a known verdict on the scenario, and the release without the patches.
func compared(rows []matrix.RowResult, i int, scenario string) (others []*matrix.RowResult) {
	for _, step := range []int{-1, 1} {
		for j := i + step; j >= 0 && j < len(rows); j += step {
			c, _ := rows[j].Cell(scenario)
			if c.Verdict.Known() && slices.Equal(rows[j].PatchNames(), rows[i].PatchNames()) {
				others = append(others, &rows[j])
				break
			}
		}
	}
	if base := matrix.BaseOf(&rows[i], rows); base != nil {
		others = append(others, base)
	}
	return others
}

// allFaint returns for each row the footnotes of faint, by scenario.
func allFaint(rows []matrix.RowResult) []map[string]string {
	flaky := scenariosWith(rows, matrix.VerdictFlaky)
	all := make([]map[string]string, len(rows))
	for i := range rows {
		all[i] = make(map[string]string)
		for _, c := range rows[i].Cells {
			if flaky[c.Scenario] {
				if note := faint(rows, i, c); note != "" {
					all[i][c.Scenario] = note
				}
			}
		}
	}
	return all
}
