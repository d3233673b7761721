package report

import "github.com/matrixrun/matrixrun/matrix"

// Checks are the answers of several suites for one program.
type Checks []*matrix.Check

// Affected says whether what leaks in some suite affects the program. As in one suite, what
// is not known outranks what is known to leak. No suite at all knows nothing.
func (all Checks) Affected() matrix.Affected {
	affected := matrix.AffectedFalse
	for _, c := range all {
		switch c.Affected {
		case matrix.AffectedFalse:
		case matrix.AffectedTrue:
			affected = matrix.AffectedTrue
		default:
			return matrix.AffectedUnknown
		}
	}
	if len(all) == 0 {
		return matrix.AffectedUnknown
	}
	return affected
}

// Exit returns the exit status: the worst that one of the suites has.
func (all Checks) Exit() int { return (&matrix.Check{Affected: all.Affected()}).Exit() }
