package matrix

// A Comparison is what differs between two results of one suite. Every format is a
// function of it, and does not change it.
type Comparison struct {
	Suite   string   `json:"suite"`
	Target  string   `json:"target"`
	Was     Compared `json:"was"`
	Is      Compared `json:"is"`
	Across  []string `json:"across"`  // what differs in how the two were made, a few words each
	Changes []Change `json:"changes"` // the worst first; equal changes of neighbours are one Change
	Tallies []Tally  `json:"tallies"` // one for each kind that occurs, in the order of ChangeKinds

	Unchanged int `json:"unchanged"` // cells of both results that did not change
}

// Compared is one of the two results of a Comparison.
type Compared struct {
	Name      string `json:"name"`      // what the user calls it
	Generated string `json:"generated"` // day, as 2006-01-02; empty if unknown
	Rows      int    `json:"rows"`
}

// A ChangeKind is a direction of change.
type ChangeKind string

// The kinds of changes, the worst first.
const (
	ChangeWorse       ChangeKind = "worse"
	ChangeLessCertain ChangeKind = "less certain"
	ChangeGone        ChangeKind = "gone"
	ChangeNew         ChangeKind = "new"
	ChangeBetter      ChangeKind = "better"
	ChangeMoreCertain ChangeKind = "more certain"
	ChangeExpected    ChangeKind = "expected" // same verdict, but another one is expected
)

// ChangeKinds are all kinds, the worst first.
var ChangeKinds = []ChangeKind{
	ChangeWorse, ChangeLessCertain, ChangeGone, ChangeNew, ChangeBetter, ChangeMoreCertain, ChangeExpected,
}

// A Change is a block of cells that changed in the same way: every one of Scenarios
// in every one of Rows.
type Change struct {
	Kind      ChangeKind `json:"kind"`
	Counts    bool       `json:"counts"`           // it makes the newer results worse, and the exit status 1
	Release   bool       `json:"release"`          // the older results do not have the rows; From is that of the release before them
	Scenarios []string   `json:"scenarios"`        // in the suite's order; empty if rows as a whole changed
	Rows      []string   `json:"rows"`             // IDs, by version; empty if scenarios as a whole changed
	Patches   []string   `json:"patches"`          // which all the rows have
	Ranges    []Range    `json:"ranges"`           // the rows' releases, without Verdict
	From      string     `json:"from"`             // empty if there was nothing
	To        string     `json:"to"`               // empty if there is nothing
	Text      string     `json:"text"`             // a clause that can be read after the kind
	Brief     string     `json:"-"`                // the same, short enough for a list on a screen
	Proofs    []Proof    `json:"proofs,omitempty"` // if it counts: the cells of the newest row
}

// Cells returns the number of cells that changed: 0 if rows or scenarios as a whole
// did.
func (c Change) Cells() int { return len(c.Rows) * len(c.Scenarios) }

// A Proof is a cell that shows a change.
type Proof struct {
	Row  string `json:"row"`
	Cell Cell   `json:"cell"`
}

// A Tally counts the changes of one kind.
type Tally struct {
	Kind      ChangeKind `json:"kind"`
	Cells     int        `json:"cells"`
	Rows      int        `json:"rows"`      // that changed as a whole
	Scenarios int        `json:"scenarios"` // that changed as a whole
}

// Worse reports whether some change counts.
func (c *Comparison) Worse() bool {
	for _, change := range c.Changes {
		if change.Counts {
			return true
		}
	}
	return false
}

// Exit returns the exit status of a comparison: ExitDiffers if it is worse.
func (c *Comparison) Exit() int {
	if c.Worse() {
		return ExitDiffers
	}
	return ExitOK
}
