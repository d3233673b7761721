package judge

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
)

// Expect returns the cells of an unpatched row with their expected verdicts: that of
// the last rule that names a cell, empty if no rule does. Invariants get none, since
// their verdicts are fixed; neither do unsupported cells, which were not tried. The
// release is a version of the module.
func Expect(rules []matrix.Expectation, scenarios []matrix.Scenario, module, release string, cells []matrix.Cell) []matrix.Cell {
	out := slices.Clone(cells)
	rules = slices.DeleteFunc(slices.Clone(rules), func(rule matrix.Expectation) bool { return !rule.Releases.Admits(release) })
	for i := range out {
		out[i].Expected = ""
		if !measured(scenarios, out[i].Scenario) || out[i].Verdict == matrix.VerdictUnsupported {
			continue
		}
		for _, rule := range slices.Backward(rules) {
			if !glob.Match(rule.Scenarios, out[i].Scenario) {
				continue
			}
			if out[i].Expected = expected(rule, kindOf(scenarios, out[i].Scenario), module, release, out[i].Verdict); out[i].Expected != "" {
				break
			}
		}
	}
	return out
}

// expected returns the verdict that a rule expects of a cell that it names and whose
// scenario is of that kind, or "" if it expects nothing. What an advisory calls affected may
// leak in only some of the trials.
func expected(rule matrix.Expectation, kind matrix.Kind, module, release string, found matrix.Verdict) matrix.Verdict {
	switch {
	case rule.Advisory == nil:
		return rule.Verdict
	case kind != matrix.KindProbe:
		return ""
	case !rule.Advisory.Affects(module, release):
		return matrix.VerdictClean
	case found == matrix.VerdictFlaky:
		return matrix.VerdictFlaky
	default:
		return matrix.VerdictLeak
	}
}

// Claims returns the advisories that rules compare some of the scenarios with, in the order
// of the rules.
func Claims(rules []matrix.Expectation, scenarios []matrix.Scenario) (claims []matrix.Claim) {
	for _, rule := range rules {
		if rule.Advisory == nil {
			continue
		}
		c := matrix.Claim{Advisory: *rule.Advisory, Releases: rule.Releases.String()}
		for _, scenario := range scenarios {
			if scenario.Kind == matrix.KindProbe && glob.Match(rule.Scenarios, scenario.Name) {
				c.Scenarios = append(c.Scenarios, scenario.Name)
			}
		}
		if len(c.Scenarios) > 0 {
			claims = append(claims, c)
		}
	}
	return claims
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
	kind := kindOf(scenarios, name)
	return kind != "" && !kind.Invariant()
}

// kindOf returns the kind of the scenario of that name, or "" if there is no such scenario.
func kindOf(scenarios []matrix.Scenario, name string) matrix.Kind {
	i := slices.IndexFunc(scenarios, func(s matrix.Scenario) bool { return s.Name == name })
	if i < 0 {
		return ""
	}
	return scenarios[i].Kind
}
