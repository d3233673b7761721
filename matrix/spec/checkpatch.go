package spec

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
)

// CheckPatch holds a patch against the suite that it is to be used with: no
// release may be named by two of its variants, since which one is meant would
// be a guess, and each glob in Fixes must match a scenario. It returns
// matrix.Problems or nil.
func CheckPatch(p *matrix.Patch, releases []matrix.Release, scenarios []matrix.Scenario) error {
	var problems matrix.Problems
	for i, later := range p.Variants {
		for _, earlier := range p.Variants[:i] {
			if both := namedByBoth(earlier, later, releases); len(both) > 0 {
				problems.Add(later.File, later.ReleasesLine, "Releases %q names %s, as %s does with %q: at most one variant of a patch may name a release",
					later.Releases, someOf(both), earlier.File, earlier.Releases)
			}
		}
	}
	names := make([]string, len(scenarios))
	for i, s := range scenarios {
		names[i] = s.Name
	}
	for _, v := range p.Variants {
		for _, glob := range v.Fixes {
			if problem := checkGlob(glob, names); problem != "" {
				problems.Add(v.File, v.FixesLine, "Fixes: %s", problem)
			}
		}
	}
	return problems.Err()
}

// namedByBoth is judged over the releases there are: whether two constraints
// can ever meet is neither easy to say nor of interest.
func namedByBoth(a, b matrix.Variant, releases []matrix.Release) []string {
	var both []string
	for _, r := range releases {
		if a.Releases.Admits(r.Version) && b.Releases.Admits(r.Version) {
			both = append(both, r.Version)
		}
	}
	return both
}

// someOf names the first version and counts the rest.
func someOf(versions []string) string {
	if len(versions) == 1 {
		return versions[0]
	}
	return fmt.Sprintf("%s and %d more", versions[0], len(versions)-1)
}

// CheckGlobs holds globs that a flag has against the scenarios of a suite: each
// must match one that is no invariant, since nothing can be cured of those. It
// returns matrix.Problems or nil.
func CheckGlobs(flag string, globs []string, scenarios []matrix.Scenario) error {
	var names []string
	for _, s := range scenarios {
		if !s.Kind.Invariant() {
			names = append(names, s.Name)
		}
	}
	var problems matrix.Problems
	for _, glob := range globs {
		if problem := checkGlob(glob, names); problem != "" {
			problems.Add("", 0, "%s: %s", flag, problem)
		}
	}
	return problems.Err()
}
