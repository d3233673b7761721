package matrix

import (
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// An Advisory is what a published vulnerability record says of which versions are
// affected. It has the modules of the target only.
type Advisory struct {
	ID       string           `json:"id"` // such as GO-2025-3553
	Affected []AffectedModule `json:"affected"`
}

// An AffectedModule has the versions of one module that an advisory calls affected: those in any
// of the ranges, and those listed.
type AffectedModule struct {
	Module   string          `json:"module"`
	Ranges   []AffectedRange `json:"ranges"`
	Versions []string        `json:"versions,omitempty"`
}

// An AffectedRange is a range of affected versions. All of its versions are semantic versions
// with a leading v.
type AffectedRange struct {
	Introduced   string `json:"introduced"`              // the first one; "0" for the very first
	Fixed        string `json:"fixed,omitempty"`         // the first one that is not affected any more
	LastAffected string `json:"last_affected,omitempty"` // the last one, where Fixed is not known
}

// FromStart is the Introduced of a range without a lower bound. It comes before every
// version, pre-releases of v0.0.0 included.
const FromStart = "0"

// Affects reports whether the advisory calls a version of a module affected. As in the
// evaluation that the OSV schema describes, a module that it does not name is not affected.
func (a *Advisory) Affects(module, version string) bool {
	return slices.ContainsFunc(a.Affected, func(m AffectedModule) bool { return m.Module == module && m.has(version) })
}

// has reports whether a version of the module is affected.
func (m AffectedModule) has(version string) bool {
	same := func(other string) bool { return semver.Compare(version, other) == 0 }
	return slices.ContainsFunc(m.Versions, same) || slices.ContainsFunc(m.Ranges, func(r AffectedRange) bool { return r.Has(version) })
}

// Has reports whether a version is in the range.
func (r AffectedRange) Has(version string) bool {
	switch {
	case r.Introduced != FromStart && semver.Compare(version, r.Introduced) < 0:
		return false
	case r.Fixed != "":
		return semver.Compare(version, r.Fixed) < 0
	case r.LastAffected != "":
		return semver.Compare(version, r.LastAffected) <= 0
	default:
		return true
	}
}

// String returns the range in words, which go after the name of a module: "from v1.2.0,
// before v1.3.0", or "all versions".
func (r AffectedRange) String() string {
	var parts []string
	if r.Introduced != FromStart {
		parts = append(parts, "from "+r.Introduced)
	}
	switch {
	case r.Fixed != "":
		parts = append(parts, "before "+r.Fixed)
	case r.LastAffected != "":
		parts = append(parts, "up to "+r.LastAffected)
	}
	if len(parts) == 0 {
		return "all versions"
	}
	return strings.Join(parts, ", ")
}

// A Claim is an advisory that a suite compares scenarios with.
type Claim struct {
	Advisory
	Scenarios []string `json:"scenarios"`          // the probes that show what it is about
	Releases  string   `json:"releases,omitempty"` // a Constraint: the releases that it is compared in; empty for all
}

// Published is what an advisory claims next to what was measured of one scenario. It is
// about the releases with a known verdict.
type Published struct {
	ID        string
	Scenarios []string          // that came out alike
	Text      string            // a sentence: whether the two agree
	Tried     int               // the releases that were compared
	Modules   []PublishedModule // with releases in which the two disagree; none if they agree

	// Corrected are the affected versions that agree with both the measurements and, where
	// nothing contradicts it, the advisory. It is empty if the two agree, if nothing
	// shows that the scenario can come out both ways, and if more releases have to be tried
	// first: Unsettled says between which.
	Corrected []CorrectedModule
	Unsettled []string

	Cautions []string // what Corrected says without proof, a clause each
}

// A PublishedModule is one module of a Published.
type PublishedModule struct {
	Module   string
	Claimed  string   // the affected versions in words: "before v1.2.0"
	Measured string   // the verdicts in words: "leaks in v1.2.0, clean from v1.3.0"
	Wrong    []string // the releases in which the two disagree, with what was measured there
}

// A CorrectedModule has the affected versions of a module.
type CorrectedModule struct {
	AffectedModule
	VulnerableAt string // the newest release that was seen to be affected; empty if none was
}
