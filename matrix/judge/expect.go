package judge

import (
	"path"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Expect returns the cells of an unpatched row with the verdict that each is
// expected to have: that of the last rule which names it, none where no rule
// does. Invariants are not for rules to expect, and what cannot be tried at all
// has nothing to be held against: they never get one.
func Expect(rules []matrix.Expectation, scenarios []matrix.Scenario, release string, cells []matrix.Cell) []matrix.Cell {
	out := slices.Clone(cells)
	for i := range out {
		out[i].Expected = ""
		if !measured(scenarios, out[i].Scenario) || out[i].Verdict == matrix.VerdictUnsupported {
			continue
		}
		for _, rule := range slices.Backward(rules) {
			if rule.Verdict != "" && rule.Releases.Admits(release) && named(rule.Scenarios, out[i].Scenario) {
				out[i].Expected = rule.Verdict
				break
			}
		}
	}
	return out
}

// ExpectedState returns the state that the row of an unpatched release is
// expected to have, by the last rule that admits it; empty where none does.
func ExpectedState(rules []matrix.Expectation, release string) matrix.State {
	for _, rule := range slices.Backward(rules) {
		if rule.State != "" && rule.Releases.Admits(release) {
			return rule.State
		}
	}
	return ""
}

// measured reports whether a scenario asks something, where an invariant
// proves something.
func measured(scenarios []matrix.Scenario, name string) bool {
	i := slices.IndexFunc(scenarios, func(s matrix.Scenario) bool { return s.Name == name })
	return i >= 0 && !scenarios[i].Kind.Invariant()
}

// named reports whether any of the globs names a scenario. Malformed globs
// name none; reading matrix.yaml has refused them.
func named(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		ok, err := path.Match(glob, name)
		return ok && err == nil
	})
}
