package grid

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// unshown returns a footnote for the cells of each scenario of which the table does not
// show that it can come out both ways. A planted scenario shows it for all others.
func unshown(rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) map[string]string {
	if slices.ContainsFunc(scenarios, func(s matrix.Scenario) bool { return s.Kind == matrix.KindPlanted }) {
		return nil
	}
	notes := map[string]string{}
	for _, s := range scenarios {
		var seen matrix.VerdictCounts
		for i := range rows {
			if c, ok := rows[i].Cell(s.Name); ok {
				seen.Add(c.Verdict)
			}
		}
		switch {
		case s.Kind.Invariant() || seen.Known() == 0:
		case seen.Leaking == 0:
			notes[s.Name] = s.Name + " " + w.Leak.One + " in no row, so that nothing shows that it would see the defect: run a release that has it too"
		case seen.Clean == 0:
			notes[s.Name] = s.Name + " " + w.Clean.One + " in no row, so that the reason may be the reproduction: run a release without the defect too"
		}
	}
	return notes
}
