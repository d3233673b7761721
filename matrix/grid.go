package matrix

import "time"

// A Grid is the table of a run as it is to be read: every format is a function
// of it that changes nothing, so that no two formats can disagree.
type Grid struct {
	Suite     string
	Target    string
	Generated time.Time
	Matrixrun string // the version that ran it
	Host      Host
	Toolchain string // what compiled the rows whose notes say nothing else
	Server    string // the release whose servers all rows were tried against; empty for each row's own

	Trials    [2]int // the fewest and the most proven trials of a cell whose verdict rests on them
	Weakest   *Cell  // the clean cell that excludes the least; nil where none is clean
	Columns   []Scenario
	Rows      []GridRow
	Legend    []Sign // what the symbols in use mean
	Footnotes []string
	Intervals []Interval

	Answers     []string  // the answer, a sentence each
	Differences []Finding // what differs from what is expected
	Unknown     []Finding // what could not be found out
}

// A GridRow is one row of the table.
type GridRow struct {
	ID      string
	Label   string   // the ID, or only the patches where the release stands right above
	Patches []string // names
	State   State
	Effect  Effect
	Cells   []GridCell // one for each column; none where the row never came to run
	Notes   []int      // indexes of footnotes on the row itself
}

// A GridCell is one cell of the table.
type GridCell struct {
	Symbol  string // one character, which tells the verdict without colour
	Word    string // the same in words; empty where the row has no such cell
	Verdict Verdict
	Kills   bool  // the leak destroys the connection
	Holds   bool  // an invariant that is as it must be
	Differs bool  // from its expectation
	Notes   []int // indexes of footnotes
}

// A Sign is a symbol of the table and its meaning.
type Sign struct {
	Symbol  string
	Meaning string
}

// A Finding is something in one row that decides the exit status.
type Finding struct {
	Row       string   // its ID; that of the first, where Text tells of neighbours too
	Scenarios []string // the cells; none where it is the row as a whole
	Text      string   // a sentence that needs no table beside it
}

// The exit statuses that a run's results can have. That the input was bad is
// known before there are any.
const (
	ExitOK      = 0 // all was found out, and nothing differs
	ExitDiffers = 1 // all was found out, and something differs
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
