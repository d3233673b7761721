package spec

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
)

// CheckPatch checks a patch against a suite. At most one variant may name a release:
// to choose among two would be a guess. Each glob in Fixes must match a scenario. It
// returns matrix.Problems or nil.
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

// namedByBoth returns the versions that both variants name. It checks existing
// releases only: whether two constraints can overlap at all is hard to decide and
// does not matter.
func namedByBoth(a, b matrix.Variant, releases []matrix.Release) []string {
	var both []string
	for _, r := range releases {
		if a.Releases.Admits(r.Version) && b.Releases.Admits(r.Version) {
			both = append(both, r.Version)
		}
	}
	return both
}

// someOf returns the first version and the number of the others.
func someOf(versions []string) string {
	if len(versions) == 1 {
		return versions[0]
	}
	return fmt.Sprintf("%s and %d more", versions[0], len(versions)-1)
}

// CheckGlobs checks the globs of scenarios in a flag. Each must match a scenario that
// is not an invariant: a patch cannot fix those. It returns matrix.Problems or nil.
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
