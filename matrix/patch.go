package matrix

// A Patch is a local change to the target, kept as a folder of unified diffs:
// variants of one fix, each for a range of releases of its own.
type Patch struct {
	Name     string
	Variants []Variant
}

// For returns the variant that names a release, and whether there is one.
// Variants of a patch never overlap.
func (p *Patch) For(release string) (Variant, bool) {
	for _, v := range p.Variants {
		if v.Releases.Admits(release) {
			return v, true
		}
	}
	return Variant{}, false
}

// A Variant is one diff of a patch with the header that it came with, after
// DEP-3 (https://dep-team.pages.debian.net/deps/dep3/) and two fields of our
// own, Releases and Fixes.
type Variant struct {
	Patch       string // the patch's name
	File        string // as the user would name it, for messages
	Description string
	Origin      string
	Bug         string
	Applied     string     // Applied-Upstream: the release or commit, or "no"
	Releases    Constraint // which releases the variant is for
	Fixes       []string   // globs of the scenarios that it makes clean
	Diff        []byte     // the unified diff, without the header
	SHA256      string     // hex, of the file as it was read

	// Where these stand in the file, for messages: 1-based, 0 where unknown.
	// DiffLine is the first line of Diff.
	ReleasesLine, FixesLine, DiffLine int
}

// Apply says how a patch went on.
type Apply string

// The ways in which a patch goes on.
const (
	ApplyExact    Apply = "exact"    // where its line numbers say
	ApplyOffset   Apply = "offset"   // at other lines, with exact context
	ApplyAlready  Apply = "already"  // the release has it
	ApplyConflict Apply = "conflict" // not at all
)

// Applied is how one patch of a row went on. It is part of results.json.
type Applied struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Apply  Apply  `json:"apply"`
	Offset int    `json:"offset"` // lines; the hunk that moved furthest
}

// Effect says what a row's patches did to the scenarios that they are for,
// against the same release without them.
type Effect string

// The effects, in the order in which the first that holds is taken.
const (
	EffectConflict    Effect = "conflict"    // a patch did not go on
	EffectUnbuildable Effect = "unbuildable" // the patched release does not compile
	EffectRegresses   Effect = "regresses"   // something that was clean no longer is
	EffectStillLeaks  Effect = "still-leaks" // something that it is for still leaks
	EffectFixes       Effect = "fixes"       // what leaked is clean
	EffectNotNeeded   Effect = "not-needed"  // nothing leaked before
)
