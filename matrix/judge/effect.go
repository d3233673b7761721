package judge

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
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
	before, after := count(scenarios, fixes, base), count(scenarios, fixes, patched)
	switch {
	case after.Leaking > 0:
		return matrix.EffectStillLeaks
	case after.Clean == 0 || after.Unknown > 0:
		return ""
	case before.Leaking > 0:
		return matrix.EffectFixes
	case before.Clean == after.Clean:
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
		if glob.Match(globs, s.Name) {
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

// count counts the verdicts of a row, which may be nil, on the scenarios that patches
// should fix.
func count(scenarios []matrix.Scenario, fixes []string, row *matrix.RowResult) (n matrix.VerdictCounts) {
	if row == nil {
		return n
	}
	for _, c := range row.Cells {
		if measured(scenarios, c.Scenario) && glob.Match(fixes, c.Scenario) {
			n.Add(c.Verdict)
		}
	}
	return n
}
