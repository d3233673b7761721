package judge

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
)

// Effect returns what the patches of a row did, compared with base, the same release
// without them; nil if that was not run. fixes are the globs of the probes and
// workarounds that the patches should make clean; without them, all that change count.
// The effect is empty if it is not known, because the base or one of the verdicts is not
// known.
func Effect(scenarios []matrix.Scenario, fixes []string, patched, base *matrix.RowResult) matrix.Effect {
	switch {
	case conflicts(patched):
		return matrix.EffectConflict
	case patched.State == matrix.StateBuildFailed && base != nil && base.State == matrix.StateBuildFailed:
		return "" // it does not compile without them either
	case patched.State == matrix.StateBuildFailed:
		return matrix.EffectUnbuildable
	case patched.State != matrix.StateOK:
		return ""
	case base != nil && len(matrix.Regressions(scenarios, base, patched)) > 0:
		return matrix.EffectRegresses
	case len(fixes) == 0:
		return change(scenarios, patched, base)
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

// change returns the effect of patches that nobody asked to fix anything, and that make
// nothing worse.
func change(scenarios []matrix.Scenario, patched, base *matrix.RowResult) matrix.Effect {
	if base == nil {
		return ""
	}
	if len(matrix.Cures(scenarios, base, patched)) > 0 {
		return matrix.EffectFixes
	}
	compared := 0
	for _, c := range base.Cells {
		is, ok := patched.Cell(c.Scenario)
		switch {
		case !measured(scenarios, c.Scenario):
		case !ok, c.Verdict.Undecided(), is.Verdict.Undecided(), c.Verdict.Known() != is.Verdict.Known(), c.Verdict.Leaks() != is.Verdict.Leaks():
			return ""
		case c.Verdict.Known():
			compared++
		}
	}
	switch {
	case compared == 0:
		return ""
	case patched.Already():
		return matrix.EffectNotNeeded
	default:
		return matrix.EffectUnmeasured
	}
}

// Fixes returns the probes and workarounds that patches should make clean, in the suite's
// order: those that match globs.
func Fixes(scenarios []matrix.Scenario, globs []string) []string {
	var asked []string
	for _, s := range scenarios {
		if !s.Kind.Invariant() && glob.Match(globs, s.Name) {
			asked = append(asked, s.Name)
		}
	}
	return asked
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
