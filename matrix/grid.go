package matrix

import (
	"slices"
	"time"
)

// A Grid is the table of a run. Every report of a run is a function of its grid
// alone and changes nothing in it, so that no two formats can disagree.
type Grid struct {
	Suite        string
	Question     string // what the suite asks, and which programs that concerns; empty if it does not say
	Who          string
	Target       string
	Generated    time.Time
	Matrixrun    string // the version that ran it
	Lock         string // "sha256:..." of releases.lock
	Reproduction string // "sha256:..." of the reproduction's files
	Host         Host
	Toolchain    string // what compiled every row that has no footnote about its toolchain
	Server       string // the release whose servers all rows ran against; empty if each row ran its own
	Since        *Since // what changed since earlier results; nil if there were none

	Unaffected []UnaffectedRelease // releases without rows, because no scenario can happen in them
	Doubts     map[string]string   // by scenario: why its verdicts prove less than they seem to
	Untried    Untried             // other releases that the suite asks about, without rows, because the run left them out

	Words     Words  // what the suite calls verdicts: all of them, see Words.Complete
	Trials    [2]int // the fewest and the most proven trials of a cell with a known verdict
	Weakest   *Cell  // the clean cell whose interval reaches highest; nil if no cell is clean
	Columns   []Scenario
	Families  []GridFamily // those of which something was tried; none if the suite does not group its probes
	Rows      []GridRow    // by version; rows with patches follow their release
	Legend    []Sign       // the signs that the table uses
	Footnotes []string
	Intervals []Interval

	Answers     []string    // what the run found out, a sentence each; by family if there are any
	Details     []string    // the same, scenario by scenario; none if the answers say it
	Sure        []string    // how sure that is, a sentence each; none if the run was not asked to make sure
	Elsewhere   string      // how many cells rest on trials that ran elsewhere, and where those were fetched from; empty if none do
	Differences []Finding   // what was found out and is not as expected
	Unknown     []Finding   // what could not be found out
	Published   []Published // how published advisories and the verdicts agree
}

// Row returns the row with an ID, nil if the table has no such row.
func (g *Grid) Row(id string) *GridRow {
	for i := range g.Rows {
		if g.Rows[i].ID == id {
			return &g.Rows[i]
		}
	}
	return nil
}

// FamilyOf returns the family of a scenario, nil if it is in none.
func (g *Grid) FamilyOf(scenario string) *GridFamily {
	for i := range g.Families {
		if slices.Contains(g.Families[i].Scenarios, scenario) {
			return &g.Families[i]
		}
	}
	return nil
}

// Witness returns the side that must have seen a leak of a scenario; empty if none need
// have.
func (g *Grid) Witness(scenario string) string {
	if i := slices.IndexFunc(g.Columns, func(s Scenario) bool { return s.Name == scenario }); i >= 0 {
		return g.Columns[i].Seen
	}
	return ""
}

// Patched returns the number of rows that have patches.
func (g *Grid) Patched() int {
	n := 0
	for i := range g.Rows {
		if len(g.Rows[i].Patches) > 0 {
			n++
		}
	}
	return n
}

// Any reports whether a condition holds for any cell of the table.
func (g *Grid) Any(holds func(GridCell) bool) bool {
	for i := range g.Rows {
		if slices.ContainsFunc(g.Rows[i].Cells, holds) {
			return true
		}
	}
	return false
}

// NewestFirst returns the rows with the newest version first. Rows that are beside
// one release keep their order, so that patches and forks still follow it.
func (g *Grid) NewestFirst() []GridRow {
	rows := slices.Clone(g.Rows)
	slices.SortStableFunc(rows, func(a, b GridRow) int { return CompareVersions(b.Source.Base(), a.Source.Base()) })
	return rows
}

// A GridRow is one row of the table: what was found out about the row, and how
// the table shows it. Its Cells hide those of the RowResult.
type GridRow struct {
	RowResult

	Label  string     // the ID, or the short name of a fork; only the patches if the row above has the rest
	Cells  []GridCell // one for each column; none if the row was not run
	Notes  []int      // indexes of the footnotes on the row itself
	Near   string     // which releases it is nearest to, and how near; empty for a release
	Cost   *CPU       // what the row took, from Results.Costs; nil if it is not known
	Advice Advice     // what the row means for programs that build with it

	// AsBuilt is the advice for programs that the toolchain of the row compiles. It is nil
	// unless other toolchains were tried and differ; then Advice, which is for programs of
	// which no toolchain is known, does not know what differs.
	AsBuilt *Advice
}

// A GridFamily is a family and how it went.
type GridFamily struct {
	Family

	Tried  []string // those of its scenarios that the run has; without all of them, nothing is clean
	Ranges []Range  // over the releases without patches; the verdicts are those of FamilyResult, or the state of rows
}

// Missing returns what to write in place of a cell that a row in this state does
// not have. If the state is ok, the run did not include the cell.
func (s State) Missing() string {
	if s == StateOK || s == "" {
		return "not run"
	}
	return string(s)
}

// A GridCell is one cell of the table: the judgement, and how the table shows it.
// If the row has no cell for the scenario, the verdict is empty.
type GridCell struct {
	Cell

	Symbol string // one character that is enough to tell the verdict; a blank without one
	Word   string // the verdict in words, "flaky 2/10" with its numbers; empty without one
	Holds  bool   // the scenario is an invariant and has the verdict that it must have
	Notes  []int  // indexes of footnotes

	// Otherwise says with which further toolchains the same release comes out otherwise:
	// "bad with go1.21.13". It is empty if with none, and for rows of further toolchains.
	Otherwise string

	Faint bool // too few trials are clean next to a flaky cell: that may be chance
}

// A Sign is a symbol of the table and what it means.
type Sign struct {
	Symbol  string
	Meaning string
	Verdict Verdict // of the cells with this symbol; empty for the mark of a cell that is not as expected
	Kills   bool    // only of cells whose leak can kill the connection
}

// A Finding is one thing in a row that decides the exit status.
type Finding struct {
	Row       string   // the row's ID; the first one's if neighbours share the finding
	Scenarios []string // the cells; none if it is about the row as a whole
	Text      string   // a sentence that can be read without the table
}

// The exit statuses that a run's results can have. Bad input has a status of its
// own, and never comes as far as results.
const (
	ExitOK      = 0 // everything was found out, and nothing differs
	ExitDiffers = 1 // everything was found out, and something differs
	ExitUnknown = 3 // something could not be found out
)

// Exit returns the exit status of a run with this table.
func (g *Grid) Exit() int {
	switch {
	case len(g.Unknown) > 0:
		return ExitUnknown
	case len(g.Differences) > 0:
		return ExitDiffers
	default:
		return ExitOK
	}
}
