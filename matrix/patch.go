package matrix

import (
	"fmt"
	"slices"
)

// A Patch is a local change to the target. It is a folder of unified diffs, each of
// which makes the same change to another range of releases.
type Patch struct {
	Name     string
	Variants []Variant
}

// For returns the variant for a release, and whether there is one. The ranges of
// variants do not overlap.
func (p *Patch) For(release string) (Variant, bool) {
	for _, v := range p.Variants {
		if v.Releases.Admits(release) {
			return v, true
		}
	}
	return Variant{}, false
}

// A Variant is one diff of a patch, and its header in the format of DEP-3
// (https://dep-team.pages.debian.net/deps/dep3/) with three fields of our
// own: License, Releases and Fixes.
type Variant struct {
	Patch       string // the patch's name
	File        string // the path to use in messages
	Description string
	Origin      string
	License     string // what others may do with the diff, such as "MIT"
	Bug         string
	Applied     string     // Applied-Upstream: the release or commit, or "no"
	Releases    Constraint // that the variant is for
	Fixes       []string   // globs of scenarios that it makes clean
	Diff        []byte     // the unified diff, without the header
	LeftOut     []string   // files of the diff that are not changed, see Applied
	In          string     // how the row's source is known to have the change; empty if its content has to show it
	May         string     // why the source may have the change, although nothing proves it
	Contained   bool       // applying it may leave something out
	Parted      string     // the rules by which it is judged if not all of its files decide how it applies, else empty
	SHA256      string     // of the file, in hex; of what it was made into if its names had to be changed

	// Others are the patch's other variants, in the order in which to try them if this one
	// does not apply or what it makes does not compile. Only rows that are not built from
	// a release have some: a release gets the variant that names it.
	Others []Variant

	// Lines of the file, for messages: 1-based, 0 if unknown. DiffLine is the first
	// line of Diff.
	ReleasesLine, FixesLine, DiffLine int
}

// Identity returns what tells the variant apart in the keys of records: its patch's
// name and its checksum. The rest keeps records out that were made by older rules for what
// is left out, what decides how a patch applies, and what its history shows.
func (v Variant) Identity() [2]string {
	id := [2]string{v.Patch, v.SHA256}
	if v.Contained {
		id[1] += " contained"
	}
	if v.Parted != "" {
		id[1] += " " + v.Parted
	}
	if v.In+v.May != "" {
		id[1] += fmt.Sprintf(" already as %q may %q", v.In, v.May)
	}
	for _, other := range v.Others {
		id[1] += " or " + other.Identity()[1]
	}
	return id
}

// Taken returns the variant with a checksum, among v and its others.
func (v Variant) Taken(sum string) Variant {
	if i := slices.IndexFunc(v.Others, func(o Variant) bool { return o.SHA256 == sum }); i >= 0 {
		return v.Others[i]
	}
	return v
}

// After returns the variants that come after the one with a checksum, among v and its
// others, as a variant with others. If that one is the last, ok is false.
func (v Variant) After(sum string) (rest Variant, ok bool) {
	all := append([]Variant{v}, v.Others...)
	at := slices.IndexFunc(all, func(o Variant) bool { return o.SHA256 == sum })
	if at < 0 || at+1 == len(all) {
		return Variant{}, false
	}
	rest = all[at+1]
	rest.Others = all[at+2:]
	return rest, true
}

// An Apply says how a patch applied to a release.
type Apply string

// The ways in which a patch applies.
const (
	ApplyExact    Apply = "exact"    // at the lines that the diff has
	ApplyOffset   Apply = "offset"   // at other lines, with the same context
	ApplyAlready  Apply = "already"  // the release already has the change
	ApplyConflict Apply = "conflict" // it does not apply
)

// Applied says how one patch of a row applied. It is part of results.json.
type Applied struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Apply  Apply  `json:"apply"`
	Offset int    `json:"offset"` // lines that the hunk moved which moved furthest

	// LeftOut has what the patch would change and what stays as it is: files that do
	// not belong to the module or that programs obey, and lines of go.mod that count
	// only in the main module, such as "go.mod: replace example.com/x => ../x".
	LeftOut []string `json:"left_out,omitempty"`

	// Why says how the release is known to have the patch, if not by its content. May says
	// of a conflict why the release may have the change all the same, in another form.
	Why string `json:"why,omitempty"`
	May string `json:"may_be_in,omitempty"`

	// Aside are files that the patch would change as well and that stay as they are: tests
	// and documents conflict without keeping the source from being patched.
	Aside []Aside `json:"aside,omitempty"`

	// Releases has the releases that the applied variant is for, if there was a choice:
	// the target is not a release, and the patch has several variants. Passed are those
	// that were tried before. If none fits, Releases is empty, and Passed has all.
	Releases string   `json:"releases,omitempty"`
	Passed   []Passed `json:"passed,omitempty"`
}

// Partly reports whether something of the patch is not in the tree.
func (a Applied) Partly() bool { return len(a.LeftOut)+len(a.Aside) > 0 }

// AsideFiles returns the files of Aside.
func (a Applied) AsideFiles() []string {
	var files []string
	for _, f := range a.Aside {
		files = append(files, f.File)
	}
	return files
}

// An Aside is a file to which a patch does not apply, and which does not decide whether
// the patch does. The tests of a package go on together, or none of them does.
type Aside struct {
	File     string `json:"file"`
	Conflict string `json:"conflict"` // the first line of its conflict; empty if only other tests of the package conflict
}

// Passed is a variant of a patch that was tried and not taken.
type Passed struct {
	Releases string `json:"releases"` // that the variant is for
	Why      string `json:"why"`      // one line
}

// An Effect says what a row's patches did, compared with the same release without them:
// to the scenarios that they should fix, or if nobody says which those are, to all.
type Effect string

// The effects. The first in this order that is true is taken.
const (
	EffectConflict    Effect = "conflict"    // a patch does not apply
	EffectUnbuildable Effect = "unbuildable" // the patched release does not compile
	EffectRegresses   Effect = "regresses"   // a clean cell now leaks or is an error, see Regressions
	EffectStillLeaks  Effect = "still-leaks" // a scenario that they should fix leaks
	EffectFixes       Effect = "fixes"       // scenarios that leaked are clean
	EffectNotNeeded   Effect = "not-needed"  // none of the scenarios leaked before, or the release has the patches already
	EffectUnmeasured  Effect = "unmeasured"  // nobody says what they should fix, and no scenario changes
)
