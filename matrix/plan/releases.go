package plan

import (
	"fmt"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// selectReleases returns the releases to make rows of, by version.
func selectReleases(spec *matrix.Spec, sel Selection, problems *matrix.Problems) []matrix.Release {
	sample, sampleOK := parseSample(sel.Sample, problems)
	onlyOK := checkOnly(sel.Only, problems)
	if !sampleOK || !onlyOK {
		return nil
	}
	candidates := asked(spec, sel)
	if len(sel.Only) > 0 {
		candidates = named(spec, sel)
	}
	var releases []matrix.Release
	for _, r := range candidates {
		if sel.Versions.Admits(r.Version) {
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

// asked returns what matrix.yaml asks of the lock.
func asked(spec *matrix.Spec, sel Selection) []matrix.Release {
	var releases []matrix.Release
	for _, r := range spec.Lock {
		if spec.Releases.Admits(r.Version) && (sel.Prerelease || !matrix.IsPrerelease(r.Version)) {
			releases = append(releases, r)
		}
	}
	return releases
}

// named returns what --only names, each once. The lock's own line wins over a
// looked-up one, as it has the checksum that was agreed on.
func named(spec *matrix.Spec, sel Selection) []matrix.Release {
	var releases []matrix.Release
	for _, v := range sel.Only {
		if find(releases, v) >= 0 {
			continue
		}
		r := matrix.Release{Version: v, Module: spec.Target.ModuleFor(v)}
		if i := find(spec.Lock, v); i >= 0 {
			r = spec.Lock[i]
		} else if i := find(sel.Extra, v); i >= 0 {
			r = sel.Extra[i]
		}
		releases = append(releases, r)
	}
	return releases
}

func find(releases []matrix.Release, version string) int {
	return slices.IndexFunc(releases, func(r matrix.Release) bool { return r.Version == version })
}

func isVersion(text string) bool { return module.CanonicalVersion(text) == text && text != "" }

func checkOnly(only []string, problems *matrix.Problems) bool {
	ok := true
	for _, text := range only {
		if isVersion(text) {
			continue
		}
		ok = false
		if meant := semver.Canonical("v" + text); meant != "" {
			problems.Add("", 0, "--only %q: that is no version: did you mean %s?", text, meant)
		} else if meant := semver.Canonical(text); meant != "" {
			problems.Add("", 0, "--only %q: that is no version: did you mean %s?", text, meant)
		} else {
			problems.Add("", 0, "--only %q: that is no version: want such as v0.47.0, several with commas between them", text)
		}
	}
	return ok
}

// nothingSelected names what was asked for, and what there is.
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
	if sel.Versions.String() == "" {
		return "there is no release to run: " + has
	}
	return fmt.Sprintf("--versions %q selects no release: %s", sel.Versions, has)
}
