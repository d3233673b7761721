package matrix

import (
	"math"
	"time"
)

// A State says how far a row came.
type State string

// The states of a row.
const (
	StateOK            State = "ok"
	StatePatchConflict State = "patch-conflict"
	StateBuildFailed   State = "build-failed"
	StateUnavailable   State = "unavailable"
)

// SchemaVersion is the number of results.json's schema.
const SchemaVersion = 1

// Results are what a run found out, as results.json keeps them.
type Results struct {
	Schema       int         `json:"schema"`
	Suite        string      `json:"suite"`
	Target       string      `json:"target"`
	Generated    time.Time   `json:"generated"`
	Matrixrun    string      `json:"matrixrun"`
	Lock         string      `json:"lock"` // "sha256:..." of releases.lock
	Host         Host        `json:"host"`
	Reproduction string      `json:"reproduction"` // "sha256:..." of its files
	Scenarios    []Scenario  `json:"scenarios"`
	Rows         []RowResult `json:"rows"`
	Intervals    []Interval  `json:"intervals"`

	// Costs has what each row took, by its ID, for those who spread a run over
	// several machines; rows of which nothing was built are not in it.
	Costs map[string]CPU `json:"costs,omitempty"`

	Shard *Shard `json:"shard,omitempty"` // where they are of a part of a run

	// Since tells what changed since the results that were published before these
	// in the same place; nil where there were none.
	Since *Since `json:"since,omitempty"`
}

// Since is what changed since earlier results, the worst first.
type Since struct {
	Generated time.Time `json:"generated"` // of the earlier ones
	Matrixrun string    `json:"matrixrun"`
	Changes   []News    `json:"changes"`
}

// News is one thing that changed.
type News struct {
	Kind   ChangeKind `json:"kind"`
	Counts bool       `json:"counts"` // it is for the worse
	Text   string     `json:"text"`   // a clause that needs nothing beside it but the kind
	Rows   []string   `json:"rows"`   // IDs, by version
}

// Host is the machine that a run ran on.
type Host struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPUs   int    `json:"cpus"`
}

// A RowResult is what was found out of one row.
type RowResult struct {
	ID        string       `json:"id"`
	Source    SourceResult `json:"source"`
	Patches   []Applied    `json:"patches"`
	Effect    Effect       `json:"effect"` // empty for an unpatched row
	Server    string       `json:"server"` // the server's release, where it is another one
	Toolchain string       `json:"toolchain"`
	Adapter   string       `json:"adapter"`
	Replace   string       `json:"replace"` // right side of a replace line
	State     State        `json:"state"`
	Reason    string       `json:"reason"` // why the state is not ok
	Binary    string       `json:"binary"` // "sha256:..."
	Cells     []Cell       `json:"cells"`

	ExpectedState State `json:"expected_state,omitempty"` // empty where no rule expects one

	Fixes    []string  `json:"fixes,omitempty"`    // the scenarios that Effect is judged by, which the patches are for
	Upstream *Upstream `json:"upstream,omitempty"` // what the release's own tests say of the patches; nil where they were not run

	CPU CPU `json:"-"` // what the row took, as Costs tells it: two runs that find out the same have the same rows
}

// CPU tells the CPU time that something took, in seconds, of all processes that
// it ran together. What was recalled is told as it was when it was made.
type CPU struct {
	Build  float64 `json:"build_s"`  // of the go command, with all that it ran
	Tools  float64 `json:"tools_s"`  // of that, the compilers, the assemblers and the linker
	Trials float64 `json:"trials_s"` // of the reproduction
}

// Plus returns the sum of both, to the millisecond, so that it does not depend on
// the order of many.
func (c CPU) Plus(more CPU) CPU {
	sum := func(a, b float64) float64 { return math.Round((a+b)*1000) / 1000 }
	return CPU{Build: sum(c.Build, more.Build), Tools: sum(c.Tools, more.Tools), Trials: sum(c.Trials, more.Trials)}
}

// Seconds returns a time in seconds, to the millisecond: nothing is measured finer.
func Seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

// A SourceResult says where a row's target came from.
type SourceResult struct {
	Kind    string    `json:"kind"` // "release"
	Version string    `json:"version"`
	Module  string    `json:"module"`
	Sum     string    `json:"sum"`
	Ref     string    `json:"ref"`
	Time    time.Time `json:"time,omitzero"`
	Rehomed bool      `json:"rehomed"`
}

// A Cell is the judgement on one scenario of one row.
type Cell struct {
	Scenario     string      `json:"scenario"`
	Verdict      Verdict     `json:"verdict"`
	Leaks        int         `json:"leaks"`        // k: proven trials that leaked
	Trials       int         `json:"trials"`       // n: proven trials
	Inconclusive int         `json:"inconclusive"` // trials that proved nothing
	Interval     *[2]float64 `json:"interval"`     // 95 % Clopper-Pearson of k out of n; nil where n is 0
	Severity     Severity    `json:"severity"`
	Expected     Verdict     `json:"expected"`
	Reason       string      `json:"reason"`
	Saw          []Sighting  `json:"saw"`              // what the first trial that decided the verdict saw
	Frames       []WireFrame `json:"frames,omitempty"` // what the same trial's decoder saw on the wire
	Evidence     []string    `json:"evidence"`         // files, as slash-separated paths relative to results.json, sorted

	// Unread tells why the wire says nothing of the trials that count, where the
	// reproduction would have read it: they are then without a second opinion.
	Unread string `json:"unread,omitempty"`

	NoEvidence string `json:"no_evidence,omitempty"` // why there is none, where some was asked for

	// Runs has the counts of the two runs of a cell that was flaky: the one
	// beside other rows, and the one with nothing beside it. None elsewhere.
	Runs []Count `json:"runs,omitempty"`
}

// A Count tells what came of the trials of one run of a cell.
type Count struct {
	Leaks        int `json:"leaks"`        // among the proven ones
	Trials       int `json:"trials"`       // proven
	Inconclusive int `json:"inconclusive"` // trials that proved nothing
}

// Differs reports whether the cell's verdict is not the one that is expected.
func (c Cell) Differs() bool { return c.Expected != "" && c.Expected != c.Verdict }

// Cell returns the row's cell for a scenario, and whether it has one.
func (r *RowResult) Cell(scenario string) (Cell, bool) {
	for _, c := range r.Cells {
		if c.Scenario == scenario {
			return c, true
		}
	}
	return Cell{}, false
}
