package judge

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
)

// Expect returns the cells of an unpatched row with their expected verdicts: that of
// the last rule that names a cell, empty if no rule does. Invariants get none, since
// their verdicts are fixed; neither do unsupported cells, which were not tried.
func Expect(rules []matrix.Expectation, scenarios []matrix.Scenario, release string, cells []matrix.Cell) []matrix.Cell {
	out := slices.Clone(cells)
	for i := range out {
		out[i].Expected = ""
		if !measured(scenarios, out[i].Scenario) || out[i].Verdict == matrix.VerdictUnsupported {
			continue
		}
		for _, rule := range slices.Backward(rules) {
			if rule.Verdict != "" && rule.Releases.Admits(release) && glob.Match(rule.Scenarios, out[i].Scenario) {
				out[i].Expected = rule.Verdict
				break
			}
		}
	}
	return out
}

// ExpectedState returns the expected state of the row of an unpatched release: that
// of the last rule that admits it, empty if no rule does.
func ExpectedState(rules []matrix.Expectation, release string) matrix.State {
	for _, rule := range slices.Backward(rules) {
		if rule.State != "" && rule.Releases.Admits(release) {
			return rule.State
		}
	}
	return ""
}

// measured reports whether the scenario of that name is a probe or a workaround.
func measured(scenarios []matrix.Scenario, name string) bool {
	i := slices.IndexFunc(scenarios, func(s matrix.Scenario) bool { return s.Name == name })
	return i >= 0 && !scenarios[i].Kind.Invariant()
}
