package matrix

// A Comparison is what differs between two results of one suite, as it is to be
// read: every format is a function of it that changes nothing.
type Comparison struct {
	Suite   string   `json:"suite"`
	Target  string   `json:"target"`
	Was     Compared `json:"was"`
	Is      Compared `json:"is"`
	Across  []string `json:"across"`  // what made the two that is not the same, a few words each
	Changes []Change `json:"changes"` // the worst first, alike ones in one
	Tallies []Tally  `json:"tallies"` // of all changes, by kind, in the order of the kinds; kinds without any left out

	Unchanged int `json:"unchanged"` // cells that are in both and came out the same
}

// Compared is one of the two results of a Comparison.
type Compared struct {
	Name      string `json:"name"`      // as the user names it
	Generated string `json:"generated"` // the day; empty where it is not told
	Rows      int    `json:"rows"`
}

// A ChangeKind says which way something changed.
type ChangeKind string

// The kinds of changes, the worst first.
const (
	ChangeWorse       ChangeKind = "worse"
	ChangeLessCertain ChangeKind = "less certain"
	ChangeGone        ChangeKind = "gone"
	ChangeNew         ChangeKind = "new"
	ChangeBetter      ChangeKind = "better"
	ChangeMoreCertain ChangeKind = "more certain"
	ChangeExpected    ChangeKind = "expected" // found out the same, and expected otherwise
)

// ChangeKinds are all kinds in their order.
var ChangeKinds = []ChangeKind{
	ChangeWorse, ChangeLessCertain, ChangeGone, ChangeNew, ChangeBetter, ChangeMoreCertain, ChangeExpected,
}

// A Change is something that changed in the same way in a block of cells: each of
// Scenarios, in each of Rows.
type Change struct {
	Kind      ChangeKind `json:"kind"`
	Counts    bool       `json:"counts"`           // against the newer results: the exit status of a comparison is 1
	Release   bool       `json:"release"`          // the older results know nothing of the rows; From is of the release before them
	Scenarios []string   `json:"scenarios"`        // in the suite's order; none where it is the rows as such
	Rows      []string   `json:"rows"`             // IDs, by version; none where it is the scenarios as such
	Patches   []string   `json:"patches"`          // of all the rows
	Ranges    []Range    `json:"ranges"`           // the rows' releases; their Verdict is empty
	From      string     `json:"from"`             // empty where there was nothing
	To        string     `json:"to"`               // empty where there is nothing
	Text      string     `json:"text"`             // a clause that needs nothing beside it but the kind
	Brief     string     `json:"-"`                // the same, of which a screen takes many
	Proofs    []Proof    `json:"proofs,omitempty"` // of what counts: the newest row's cells as they came out
}

// Cells counts the cells of a change, which has none where it is of whole rows
// or scenarios.
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
	Rows      int        `json:"rows"`      // of changes that are of whole rows
	Scenarios int        `json:"scenarios"` // of changes that are of whole scenarios
}

// Worse reports whether something counts against the newer results.
func (c *Comparison) Worse() bool {
	for _, change := range c.Changes {
		if change.Counts {
			return true
		}
	}
	return false
}

// Exit returns the exit status of a comparison.
func (c *Comparison) Exit() int {
	if c.Worse() {
		return ExitDiffers
	}
	return ExitOK
}
