package plan

import (
	"go/version"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// checkToolchains reports values of --toolchain that are not the names of Go releases.
func checkToolchains(names []string, problems *matrix.Problems) {
	for i, name := range names {
		switch wrong := matrix.CheckToolchain(name); {
		case wrong != "":
			problems.Add("", 0, "--toolchain %q: not a toolchain: %s", name, wrong)
		case slices.Contains(names[:i], name):
			problems.Add("", 0, "--toolchain %s: named twice: a release has one row for each toolchain", name)
		}
	}
}

// withToolchains adds to each release those that further toolchains make of it, the oldest
// first. What is no release has none: its toolchain is found out by building it.
func withToolchains(spec *matrix.Spec, sel Selection, releases []matrix.Release) []matrix.Release {
	var all []matrix.Release
	for _, r := range releases {
		all = append(all, r)
		if r.Origin != nil {
			continue
		}
		for _, name := range furtherToolchains(spec, sel, r.Version) {
			r.Toolchain = name
			all = append(all, r)
		}
	}
	return all
}

// furtherToolchains returns the toolchains that have rows of their own for a release, sorted:
// those of the selection, and of the first rule of matrix.yaml that admits it.
func furtherToolchains(spec *matrix.Spec, sel Selection, release string) []string {
	names := slices.Clone(sel.Toolchains)
	at := slices.IndexFunc(spec.Toolchains, func(rule matrix.ToolchainRule) bool { return rule.Releases.Admits(release) })
	if at >= 0 && !sel.Usual {
		names = append(names, spec.Toolchains[at].Also...)
	}
	slices.SortFunc(names, version.Compare)
	return slices.Compact(names)
}

// whyNoToolchain returns why a release has no row for a further toolchain; empty if it has
// one. Usual is the toolchain of the rules.
func whyNoToolchain(spec *matrix.Spec, r matrix.Release, usual string) string {
	switch {
	case r.Toolchain == usual:
		return r.Toolchain + " compiles the row " + r.Version + " already"
	case spec.GoLine != "" && version.Compare("go"+spec.GoLine, r.Toolchain) > 0:
		return matrix.NeedsGo(false, spec.GoLine, r.Toolchain)
	default:
		return ""
	}
}
