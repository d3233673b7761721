package plan

import (
	"fmt"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// selectReleases returns the releases to make rows of, sorted by version.
func selectReleases(spec *matrix.Spec, sel Selection, problems *matrix.Problems) []matrix.Release {
	sample, sampleOK := parseSample(sel.Sample, problems)
	onlyOK := checkVersions("--only", sel.Only, problems)
	if !sampleOK || !onlyOK {
		return nil
	}
	candidates := locked(spec, sel)
	switch {
	case len(sel.Only) > 0:
		candidates = named(spec, sel)
	case sel.onlyOthers():
		return nearest(spec, sel)
	}
	var releases []matrix.Release
	for _, r := range candidates {
		if sel.Versions.Admits(r.Version) && (!sel.Named || patchFor(sel.Patches, r.Version)) {
			releases = append(releases, r)
		}
	}
	if len(releases) == 0 {
		problems.Add("", 0, "%s", nothingSelected(spec, sel))
		return nil
	}
	slices.SortStableFunc(releases, func(a, b matrix.Release) int { return matrix.CompareVersions(a.Version, b.Version) })
	return sample.of(releases)
}

// onlyOthers reports whether the selection has targets that are no releases, and
// selects no releases of its own.
func (sel *Selection) onlyOthers() bool {
	return len(sel.Others) > 0 && len(sel.Only) == 0 && sel.Versions.String() == "" && sel.Sample == "" && !sel.Prerelease
}

// nearest returns the releases to compare the selected targets with, sorted by
// version.
func nearest(spec *matrix.Spec, sel Selection) []matrix.Release {
	sel.Only = nil
	for i := range sel.Others {
		if base := sel.Others[i].Base(); base != "" {
			sel.Only = append(sel.Only, base)
		}
	}
	releases := named(spec, sel)
	slices.SortStableFunc(releases, matrix.CompareReleases)
	return releases
}

// withOthers adds targets that are no releases to releases, each after the one that it
// is nearest to, and each once.
func withOthers(releases, others []matrix.Release) []matrix.Release {
	all := slices.Clone(releases)
	for i := range others {
		if !slices.ContainsFunc(all, func(r matrix.Release) bool { return r.Name() == others[i].Name() }) {
			all = append(all, others[i])
		}
	}
	slices.SortStableFunc(all, matrix.CompareReleases)
	return all
}

// patchFor reports whether any of the patches has a variant for a release.
func patchFor(patches []*matrix.Patch, version string) bool {
	return slices.ContainsFunc(patches, func(p *matrix.Patch) bool { _, ok := p.For(version); return ok })
}

// locked returns the lock's releases that matrix.yaml selects. No proxy lists the version
// of a commit: if the lock has one, somebody asked for it by name.
func locked(spec *matrix.Spec, sel Selection) []matrix.Release {
	return asked(spec, spec.Lock, sel.Prerelease)
}

// asked returns those releases that matrix.yaml selects.
func asked(spec *matrix.Spec, all []matrix.Release, prerelease bool) []matrix.Release {
	var releases []matrix.Release
	for _, r := range all {
		if spec.Releases.Admits(r.Version) && (prerelease || !matrix.IsPrerelease(r.Version) || module.IsPseudoVersion(r.Version)) {
			releases = append(releases, r)
		}
	}
	return releases
}

// named returns the releases that --only names, each once.
func named(spec *matrix.Spec, sel Selection) []matrix.Release {
	var releases []matrix.Release
	for _, v := range sel.Only {
		if r := release(spec, v, sel.Extra); find(releases, r.Version) < 0 {
			releases = append(releases, r)
		}
	}
	return releases
}

// release returns the release of a version: from the lock, else from the ones that
// were looked up, else without a checksum. The lock wins because its checksum was
// reviewed. A version without +incompatible names one with it, too: no target has both.
func release(spec *matrix.Spec, version string, extra []matrix.Release) matrix.Release {
	if i := find(spec.Lock, version); i >= 0 {
		return spec.Lock[i]
	}
	if i := find(extra, version); i >= 0 {
		return extra[i]
	}
	return spec.Target.Release(version)
}

// find returns the index of the release of a version, or -1.
func find(releases []matrix.Release, version string) int {
	return slices.IndexFunc(releases, func(r matrix.Release) bool { return matrix.CompareVersions(r.Version, version) == 0 })
}

// isVersion reports whether a text is a complete version, such as v1.2.3.
func isVersion(text string) bool { return module.CanonicalVersion(text) == text && text != "" }

// checkVersions reports values of a flag that are not versions.
func checkVersions(flag string, given []string, problems *matrix.Problems) bool {
	ok, several := true, ""
	if flag == "--only" {
		several = ", several with commas between them"
	}
	for _, text := range given {
		if isVersion(text) {
			continue
		}
		ok = false
		if meant := semver.Canonical("v" + text); meant != "" {
			problems.Add("", 0, "%s %q: not a version: did you mean %s?", flag, text, meant)
		} else if meant := semver.Canonical(text); meant != "" {
			problems.Add("", 0, "%s %q: not a version: did you mean %s?", flag, text, meant)
		} else {
			problems.Add("", 0, "%s %q: not a version: want one such as v0.47.0%s", flag, text, several)
		}
	}
	return ok
}

// nothingSelected says what was asked for and which releases there are.
func nothingSelected(spec *matrix.Spec, sel Selection) string {
	has := "the lock is empty"
	if n := len(spec.Lock); n > 0 {
		has = fmt.Sprintf("the lock holds %s to %s", spec.Lock[0].Version, spec.Lock[n-1].Version)
	}
	switch {
	case len(sel.Only) > 0:
		return fmt.Sprintf("--versions %q admits none of the versions of --only: take one of the two flags, or widen the range", sel.Versions)
	case len(spec.Lock) > 0 && spec.Releases.String() != "":
		has += fmt.Sprintf(", of which matrix.yaml asks for %q", spec.Releases)
	}
	if !sel.Prerelease && slices.ContainsFunc(spec.Lock, func(r matrix.Release) bool {
		return matrix.IsPrerelease(r.Version) && spec.Releases.Admits(r.Version) && sel.Versions.Admits(r.Version)
	}) {
		has += "; the pre-releases among them need --prerelease"
	}
	if sel.Named && len(sel.Patches) > 0 {
		return "no variant of the patches names a release: " + has
	}
	if sel.Versions.String() == "" {
		return "there is no release to run: " + has
	}
	return fmt.Sprintf("--versions %q selects no release: %s", sel.Versions, has)
}
