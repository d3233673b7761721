package grid

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// doubtful returns a footnote for the cells of each scenario of which the table does not
// show that it can come out both ways, or that this is no chance. Rows are sorted by version.
func doubtful(rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) map[string]string {
	notes := unshown(rows, scenarios, w)
	for _, s := range scenarios {
		if doubt := wavering(rows, s, w); doubt != "" {
			notes[s.Name] = doubt
		}
	}
	return notes
}

const (
	// fewTrials is how many trials of a release show little if each may end by chance.
	fewTrials = 5
	// manyChanges is how often the verdict of a scenario changes from release to release
	// before that looks like chance.
	manyChanges = 3
)

// wavering returns a footnote for a scenario whose verdict goes back and forth from release to
// release, with few trials of each. Releases of several lines of maintenance are not in the
// order of their versions, so that it must also change in the order of their times.
func wavering(rows []matrix.RowResult, s matrix.Scenario, w matrix.Words) string {
	if s.Kind.Invariant() {
		return ""
	}
	var known []*matrix.RowResult
	most := 0
	for i := range rows {
		if c, _ := rows[i].Cell(s.Name); c.Verdict.Known() && len(rows[i].Patches) == 0 && rows[i].Source.IsRelease() {
			known = append(known, &rows[i])
			if c.Verdict == matrix.VerdictClean { // a flaky cell has the trials of two runs
				most = max(most, c.Trials)
			}
		}
	}
	changes := changesOf(known, s.Name)
	slices.SortStableFunc(known, func(a, b *matrix.RowResult) int { return a.Source.Time.Compare(b.Source.Time) })
	changes = min(changes, changesOf(known, s.Name))
	if most > fewTrials || changes < manyChanges {
		return ""
	}
	return fmt.Sprintf("%s changes %d times between %s and %s, with %s of a release, so that it may be chance: take more with --trials 20",
		s.Name, changes, w.Leak.Name, w.Clean.Name, text.Count(most, "trial"))
}

// changesOf returns how often the verdict of a scenario changes from row to row.
func changesOf(rows []*matrix.RowResult, scenario string) (n int) {
	for i := 1; i < len(rows); i++ {
		was, _ := rows[i-1].Cell(scenario)
		is, _ := rows[i].Cell(scenario)
		if was.Verdict.Leaks() != is.Verdict.Leaks() {
			n++
		}
	}
	return n
}

// unshown returns a footnote for the cells of each scenario of which the table does not
// show that it can come out both ways. A planted scenario shows it for all others.
func unshown(rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) map[string]string {
	notes := map[string]string{}
	if slices.ContainsFunc(scenarios, func(s matrix.Scenario) bool { return s.Kind == matrix.KindPlanted }) {
		return notes
	}
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
