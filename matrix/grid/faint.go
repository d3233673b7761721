package grid

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// most is how likely a clean cell may be by chance before a footnote says so.
const most = 0.05

// faint returns a footnote for a cell of row i that is clean next to a flaky one, if its
// trials are too few to show that the two differ. Rows are sorted by version.
func faint(rows []matrix.RowResult, i int, c matrix.Cell) string {
	if c.Verdict != matrix.VerdictClean {
		return ""
	}
	for _, row := range compared(rows, i, c.Scenario) {
		other, _ := row.Cell(c.Scenario)
		if other.Verdict == matrix.VerdictFlaky && chance(c.Trials, other.Leaks, other.Trials) > most {
			return fmt.Sprintf("0 of %d trials may be chance, next to %d of %d in %s: take more with --trials", c.Trials, other.Leaks, other.Trials, row.ID)
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

// chance returns how likely it is that none of n trials leaks if k of all n+m do and the
// others are m: the one-sided exact test of Fisher.
func chance(n, k, m int) float64 {
	p := 1.0
	for i := range k {
		p *= float64(m-i) / float64(n+m-i)
	}
	return p
}
