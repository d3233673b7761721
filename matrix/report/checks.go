package report

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Checks are the answers of several suites for one program.
type Checks []*matrix.Check

// Affected says whether what leaks in some suite affects the program, by the same rule as
// in one suite: code that was not measured outranks what is known to leak, and that
// outranks modules that were not looked at. No suite at all knows nothing.
func (all Checks) Affected() matrix.Affected {
	var suites, uses []matrix.Affected
	for _, c := range all {
		suites = append(suites, c.Affected)
		for i := range c.Uses {
			uses = append(uses, c.Uses[i].Affected)
		}
	}
	unclear := func(a matrix.Affected) bool { return a != matrix.AffectedFalse }
	switch {
	case slices.Contains(uses, matrix.AffectedUnknown):
		return matrix.AffectedUnknown
	case slices.Contains(suites, matrix.AffectedTrue):
		return matrix.AffectedTrue
	case len(suites) == 0 || slices.ContainsFunc(suites, unclear):
		return matrix.AffectedUnknown
	default:
		return matrix.AffectedFalse
	}
}

// Exit returns the exit status: the worst that one of the suites has.
func (all Checks) Exit() int { return (&matrix.Check{Affected: all.Affected()}).Exit() }
