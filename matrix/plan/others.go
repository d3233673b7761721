package plan

import (
	"cmp"
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

// otherToolchains returns the toolchains of the rules next to that for a release, if
// they are new enough for a go line. A state between two releases can still need the
// toolchain of the older one, or already that of the newer one.
func otherToolchains(spec *matrix.Spec, release, goLine string) (others []string) {
	at := slices.IndexFunc(spec.Toolchains, func(rule matrix.ToolchainRule) bool { return rule.Releases.Admits(release) })
	for _, i := range []int{at + 1, at - 1} {
		if at < 0 || i < 0 || i >= len(spec.Toolchains) {
			continue
		}
		if other := spec.Toolchains[i].Go; other != spec.Toolchains[at].Go && newEnough(other, goLine) == other {
			others = append(others, other)
		}
	}
	return others
}

// variantFor returns the variant of a patch for a release. For another target that is
// the variant for the release whose rules apply, or for another one that is as near.
func variantFor(p *matrix.Patch, r matrix.Release) (matrix.Variant, bool) {
	v, ok := p.For(r.Base())
	if r.Origin == nil || r.Origin.As != "" || r.Origin.Likeness == nil {
		return v, ok
	}
	for _, near := range slices.Backward(r.Origin.Likeness.Nearest) {
		if !ok {
			v, ok = p.For(near.Version)
		}
	}
	return v, ok
}

// otherVariants returns the variants of a patch other than v, those for the releases
// nearest to a version first.
func otherVariants(spec *matrix.Spec, version string, p *matrix.Patch, v matrix.Variant) []matrix.Variant {
	at, _ := slices.BinarySearchFunc(spec.Lock, version, func(r matrix.Release, version string) int { return matrix.CompareVersions(r.Version, version) })
	// Two variants as far away as each other are for releases before and after the version.
	type place struct{ away, index int }
	nearest := func(v matrix.Variant) place {
		best := place{away: len(spec.Lock) + 1}
		for i, r := range spec.Lock {
			if away := max(i-at, at-i); v.Releases.Admits(r.Version) && away <= best.away {
				best = place{away, i}
			}
		}
		return best
	}
	others := slices.DeleteFunc(slices.Clone(p.Variants), func(o matrix.Variant) bool { return o.SHA256 == v.SHA256 })
	slices.SortStableFunc(others, func(a, b matrix.Variant) int {
		left, right := nearest(a), nearest(b)
		// Newer ones first: forks take single changes from releases after their own.
		return cmp.Or(left.away-right.away, right.index-left.index)
	})
	return others
}
