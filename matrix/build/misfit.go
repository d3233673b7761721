package build

import "github.com/matrixrun/matrixrun/matrix"

// Misfit reports whether a build failed in the reproduction, which then may have been
// written for another API of the target than the row has. A build that failed in the
// target fails with every reproduction.
func Misfit(a matrix.Artifact) bool { return matrix.InReproduction(a.Complaint) }

// Swap returns the swap of a package that may make the reproduction fit: its build failed
// since the target's API takes a type of one package, and the reproduction has a type of
// the same name of another one. Otherwise ok is false.
func Swap(a matrix.Artifact) (s matrix.Swap, ok bool) {
	own, wanted, ok := matrix.OtherType(a.Complaint)
	if !ok || own.Name != wanted.Name {
		return s, false
	}
	return matrix.Swap{From: own.Package, To: wanted.Package}, true
}
