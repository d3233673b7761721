package matrix

import (
	"slices"
	"time"
)

// Backports is the table of patches over releases. Every format is a function of
// it, and does not change it.
type Backports struct {
	Suite     string
	Target    string
	Generated time.Time
	Matrixrun string // the version that ran it
	Host      Host
	Words     Words // what the suite calls verdicts: all of them, see Words.Complete

	Columns []BackportColumn // one for each list of patches; all lists of several share one if single patches were tried
	Rows    []BackportRow    // the releases, by version

	Answers []string   // a sentence for each column
	Already []string   // a sentence for each way in which releases are known to have a patch, apart from their content
	LeftOut []string   // a sentence for each patch of which something was left out
	Short   []Shortage // where patches fall short, and what to do about it
	Unknown []Finding  // what could not be found out
}

// A BackportColumn is one patch, or several that are applied together.
type BackportColumn struct {
	Name    string   // the patches' names, or a word for all lists of several patches
	Patches []string // empty if rows have different ones
}

// A BackportRow is one release with a cell for each column.
type BackportRow struct {
	Release string
	Cells   []BackportCell
}

// A BackportCell is the outcome of a column's patches on a release.
type BackportCell struct {
	ID       string   // of the patched row; empty if there is none
	Patches  []string // names, in their order
	Applies  string   // "exact", "offset 12", "already", "conflict", "not for"; empty if not tried
	Builds   string   // "yes" or "no"; empty if not tried
	Asked    bool     // somebody said which scenarios the patches should fix
	For      []string // these, or else all that leak without the patches
	Before   []string // of these, the ones that leak without the patches
	After    []string // of these, the ones that leak with the patches
	Based    bool     // Before is known
	Judged   bool     // After is known too, of all of them
	Rest     []string // what else changed, such as "wait: clean -> leak"
	Upstream string   // result of the release's own tests, in a few words; empty if they were not run
	Effect   Effect
	Says     string // the effect in words, with the scenarios that changed if nobody asked for some
	Short    bool   // there is a Shortage for it
}

// A Shortage is a reason why patches do not do what they should, in neighbouring
// releases.
type Shortage struct {
	Rows   []string // IDs of the patched rows
	Text   string   // what is wrong, a sentence
	Detail string   // lines to look at, from the newest of the releases; may be empty
	Next   string   // what to do about it
}

// Exit returns the exit status of a run with this table: ExitUnknown outranks
// ExitDiffers.
func (b *Backports) Exit() int {
	switch {
	case len(b.Unknown) > 0:
		return ExitUnknown
	case len(b.Short) > 0:
		return ExitDiffers
	default:
		return ExitOK
	}
}

// Tried returns the answer for each row with patches, in the order of the table.
func (b *Backports) Tried() (all []Tried) {
	for _, row := range b.Rows {
		for _, c := range row.Cells {
			if c.ID == "" {
				continue
			}
			t := Tried{
				Row: c.ID, Release: row.Release, Patches: c.Patches, Applies: c.Applies, Builds: c.Builds, Effect: c.Effect, Says: c.Says, Asked: c.Asked,
				For: nonNil(c.For), Before: nonNil(c.Before), After: nonNil(c.After), Rest: nonNil(c.Rest), Upstream: c.Upstream, Short: []Advised{},
			}
			for _, s := range b.Short {
				if slices.Contains(s.Rows, c.ID) {
					t.Short = append(t.Short, Advised(s))
				}
			}
			all = append(all, t)
		}
	}
	return all
}

func nonNil(list []string) []string { return append([]string{}, list...) }
