package plan

import (
	"strconv"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// A sample selects some releases of a list that is sorted by version and not empty.
type sample struct {
	kind  sampleKind
	count int
}

type sampleKind string

const (
	everything sampleKind = ""
	lastPatch  sampleKind = "last-patch" // the newest release of each minor line
	latest     sampleKind = "latest-"    // the newest count
	evenly     sampleKind = "evenly-"    // count, spread over the range with both its ends
)

// parseSample parses the value of --sample.
func parseSample(text string, problems *matrix.Problems) (sample, bool) {
	switch sampleKind(text) {
	case everything, lastPatch:
		return sample{kind: sampleKind(text)}, true
	}
	for _, kind := range []sampleKind{latest, evenly} {
		digits, ok := strings.CutPrefix(text, string(kind))
		if n, err := strconv.Atoi(digits); ok && err == nil && n > 0 {
			return sample{kind: kind, count: n}, true
		}
	}
	problems.Add("", 0, "--sample %q: there is no such sample: want last-patch, or latest-N or evenly-N with a number of releases such as latest-5", text)
	return sample{}, false
}

// LastPatches returns the newest release of each minor line, at most that many of them,
// evenly spread. The releases are sorted by version.
func LastPatches(releases []matrix.Release, most int) []matrix.Release {
	return sample{kind: evenly, count: most}.of(lastPatches(releases))
}

// of returns the releases in the sample.
func (s sample) of(releases []matrix.Release) []matrix.Release {
	n := len(releases)
	switch {
	case s.kind == lastPatch:
		return lastPatches(releases)
	case s.kind == everything || s.count >= n:
		return releases
	case s.kind == latest || s.count == 1:
		return releases[n-s.count:]
	}
	// The steps are at least one release wide, so no release is picked twice.
	// Adding half a step before the division rounds to the nearest.
	picked := make([]matrix.Release, s.count)
	steps := s.count - 1
	for i := range picked {
		picked[i] = releases[(i*(n-1)+steps/2)/steps]
	}
	return picked
}

// lastPatches returns the last release of each minor version.
func lastPatches(releases []matrix.Release) []matrix.Release {
	var last []matrix.Release
	for i, r := range releases {
		superseded := i+1 < len(releases) && semver.MajorMinor(releases[i+1].Version) == semver.MajorMinor(r.Version)
		if !superseded {
			last = append(last, r)
		}
	}
	return last
}
