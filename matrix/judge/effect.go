package judge

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Effect returns what the patches of a row did, compared with base, the same release
// without them; nil if that was not run. fixes are the globs of the probes and
// workarounds that the patches should make clean. The effect is empty if it is not
// known, because the base or one of the verdicts is not known.
func Effect(scenarios []matrix.Scenario, fixes []string, patched, base *matrix.RowResult) matrix.Effect {
	switch {
	case conflicts(patched):
		return matrix.EffectConflict
	case patched.State == matrix.StateBuildFailed:
		return matrix.EffectUnbuildable
	case patched.State != matrix.StateOK:
		return ""
	case base != nil && len(matrix.Regressions(scenarios, base, patched)) > 0:
		return matrix.EffectRegresses
	}
	before, after := surveyOf(scenarios, fixes, base), surveyOf(scenarios, fixes, patched)
	switch {
	case after.leaks > 0:
		return matrix.EffectStillLeaks
	case after.clean == 0 || after.unknown > 0:
		return ""
	case before.leaks > 0:
		return matrix.EffectFixes
	case before.clean == after.clean:
		return matrix.EffectNotNeeded
	default:
		return ""
	}
}

// Fixes returns the probes and workarounds by which the effect of patches is judged,
// in the suite's order: those that match globs. If there are no globs and leaking is
// set, it returns those that leak in base, or all if none does.
func Fixes(scenarios []matrix.Scenario, globs []string, base *matrix.RowResult, leaking bool) []string {
	var all, bad, asked []string
	for _, s := range scenarios {
		if s.Kind.Invariant() {
			continue
		}
		all = append(all, s.Name)
		if named(globs, s.Name) {
			asked = append(asked, s.Name)
		}
		if base == nil {
			continue
		}
		if c, _ := base.Cell(s.Name); c.Verdict.Leaks() {
			bad = append(bad, s.Name)
		}
	}
	switch {
	case len(globs) > 0 || !leaking || base == nil:
		return asked
	case len(bad) > 0:
		return bad
	default:
		return all
	}
}

// conflicts reports whether a patch of the row does not apply.
func conflicts(row *matrix.RowResult) bool {
	return row.State == matrix.StatePatchConflict ||
		slices.ContainsFunc(row.Patches, func(a matrix.Applied) bool { return a.Apply == matrix.ApplyConflict })
}

// A survey counts the verdicts on the scenarios that patches should fix.
type survey struct{ leaks, clean, unknown int }

// surveyOf counts the cells of a row, which may be nil.
func surveyOf(scenarios []matrix.Scenario, fixes []string, row *matrix.RowResult) survey {
	var count survey
	if row == nil {
		return count
	}
	for _, c := range row.Cells {
		switch {
		case !measured(scenarios, c.Scenario) || !named(fixes, c.Scenario):
		case c.Verdict.Leaks():
			count.leaks++
		case c.Verdict == matrix.VerdictClean:
			count.clean++
		default:
			count.unknown++
		}
	}
	return count
}
