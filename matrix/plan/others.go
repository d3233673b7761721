package plan

import (
	"go/version"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// newEnough returns the toolchain for a target whose go.mod has a go line, when the
// rules of its nearest release ask for another toolchain: that one, unless the go line
// is newer. The toolchain "" is the go command on the PATH, which chooses by itself.
func newEnough(toolchain, goLine string) string {
	if toolchain == "" || goLine == "" || version.Compare("go"+goLine, toolchain) <= 0 {
		return toolchain
	}
	if wanted := "go" + goLine; version.Lang(wanted) != wanted || version.Compare(wanted, "go1.21") < 0 {
		return wanted
	}
	return "go" + goLine + ".0" // since Go 1.21, the first release of a line has a third number
}

// neighbours returns the adapters of a suite other than that of a release, those of
// the nearest releases first.
func neighbours(spec *matrix.Spec, release string) []matrix.Adapter {
	at := slices.IndexFunc(spec.Adapters, func(rule matrix.AdapterRule) bool { return rule.Releases.Admits(release) })
	var all []matrix.Adapter
	for away := 1; at >= 0 && away < len(spec.Adapters); away++ {
		// Newer ones first: forks take single changes from releases after their own.
		for _, i := range []int{at + away, at - away} {
			if 0 <= i && i < len(spec.Adapters) {
				all = append(all, matrix.Adapter{Supported: true, Tags: spec.Adapters[i].Tags})
			}
		}
	}
	return all
}
