package matrix

import "time"

// Backports are the tables of patches over releases, as they are to be read:
// every format is a function of them that changes nothing.
type Backports struct {
	Suite     string
	Target    string
	Generated time.Time
	Matrixrun string // the version that ran it
	Host      Host

	Columns []BackportColumn // a patch each, or a series; and all patches together where they were tried one by one
	Rows    []BackportRow    // the releases, by version

	Answers []string   // what each column did, a sentence each
	Short   []Shortage // where patches fall short, with what to do next
	Unknown []Finding  // what could not be found out
}

// A BackportColumn is one patch, or several that went on together.
type BackportColumn struct {
	Name    string   // the patches' names, or what stands for lists of several
	Patches []string // empty where they are not the same in all rows
}

// A BackportRow is one release with a cell for each column.
type BackportRow struct {
	Release string
	Cells   []BackportCell
}

// A BackportCell tells how the patches of a column did on a release.
type BackportCell struct {
	ID       string   // of the patched row; empty where there is none
	Patches  []string // names, in their order
	Applies  string   // "exact", "offset 12", "already", "conflict", "not for"; empty where it was not tried
	Builds   string   // "yes" or "no"; empty where it was not tried
	For      []string // the scenarios that it is to cure
	Before   []string // of these, those that leak without the patches
	After    []string // and with them
	Based    bool     // Before is known
	Judged   bool     // After is known, too
	Rest     []string // what else changed, such as "wait: clean -> leak"
	Upstream string   // what the release's own tests say, in a few words; empty where they were not run
	Effect   Effect
	Short    bool // it falls short
}

// A Shortage is something that is missing in neighbouring releases, for the same
// reason in all of them.
type Shortage struct {
	Rows   []string // the patched rows' IDs
	Text   string   // what is wrong: a sentence
	Detail string   // lines to look at, of the newest of the releases; may be empty
	Next   string   // what to do about it
}

// Exit returns the exit status of a run with these tables.
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
