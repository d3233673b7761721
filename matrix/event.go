package matrix

import "time"

// An Event reports the progress of a run. Exactly one of its pointers is set. With
// --json each event is a line of the output.
type Event struct {
	Time    time.Time  `json:"time"`
	Planned *Planned   `json:"planned,omitempty"`
	Step    *Step      `json:"step,omitempty"`
	Missed  *Missed    `json:"missed,omitempty"`
	Row     *RowResult `json:"row,omitempty"`
	Refined *Refined   `json:"refined,omitempty"`
	Surer   *Surer     `json:"surer,omitempty"`
	Tried   *Tried     `json:"tried,omitempty"`
	Noted   *Noted     `json:"noted,omitempty"`
	Done    *Done      `json:"done,omitempty"`
}

// Planned is the first event of a run.
type Planned struct {
	Suite     string     `json:"suite"`
	Rows      []string   `json:"rows"` // IDs, in the order in which the run answers them
	Scenarios []Scenario `json:"scenarios"`
	Skips     []Skip     `json:"skips,omitempty"`
	Sandbox   *Sandbox   `json:"sandbox,omitempty"` // what reproductions cannot reach
	Explain   bool       `json:"explain,omitempty"` // a Missed event follows for each row that is not recalled
}

// A Step is the start of one stage of one row.
type Step struct {
	Row string `json:"row"`

	// Stage is "fetch", "lay", "build", "run", "apart" (run again with nothing else
	// running), "capture" (run for evidence), "upstream" (the release's own tests) or
	// "wait" (for another process that does the same).
	Stage string `json:"stage"`

	Process int  `json:"process,omitempty"` // the ID of the process that a row waits for; 0 if unknown
	Silent  bool `json:"silent,omitempty"`  // it seems to be suspended, so the row goes on without it
}

// Missed says why a row was not recalled. It comes before the event of the row.
type Missed struct {
	Row    string `json:"row"`
	Misses []Miss `json:"misses"`
}

// A Miss is something that was not in the record, with the reason.
type Miss struct {
	What      string   `json:"what"`                // one of the constants below
	Scenarios []string `json:"scenarios,omitempty"` // set for MissTrials and MissEvidence
	Why       string   `json:"why"`
}

// What can be missing in the record.
const (
	MissBuild        = "build"
	MissBinary       = "binary" // the file of a recorded build; it is built again if trials must run
	MissTrials       = "trials"
	MissEvidence     = "evidence"
	MissUpstream     = "upstream"      // the comparison of the release's own tests
	MissServer       = "server"        // the build of the servers' release
	MissServerBinary = "server binary" // its file, as for MissBinary
)

// Refined begins another round, with --refine, over rows that were not planned before: of
// releases between two whose verdicts differ.
type Refined struct {
	Rows []string `json:"rows"` // IDs, in the order in which the run answers them
}

// Surer begins another round over some rows, with --sure. An event for each of these
// rows follows, which replaces its last one.
type Surer struct {
	Rows   []string `json:"rows"`   // IDs, in the order in which the run answers them
	Cells  int      `json:"cells"`  // that get more trials
	Trials int      `json:"trials"` // that they need if all agree
}

// A Tried is the answer of backport for a row with patches. There is one for each of them,
// before Done.
type Tried struct {
	Row      string    `json:"row"` // its ID
	Release  string    `json:"release"`
	Patches  []string  `json:"patches"`
	Applies  string    `json:"applies"` // as in the table, such as "offset 12"
	Builds   string    `json:"builds"`  // "yes" or "no"; empty if not tried
	Effect   Effect    `json:"effect"`
	Says     string    `json:"says"`     // the effect in words
	Asked    bool      `json:"asked"`    // somebody said which scenarios the patches should cure
	For      []string  `json:"for"`      // these, or else all that leak without the patches
	Before   []string  `json:"before"`   // of these, the ones that leak without the patches
	After    []string  `json:"after"`    // and with them
	Rest     []string  `json:"rest"`     // what else changed, such as "wait: clean -> leak"
	Upstream string    `json:"upstream"` // result of the release's own tests; empty if they were not run
	Short    []Advised `json:"short"`    // where the patches fall short, with neighbouring releases
}

// An Advised is a way in which patches fall short, and what to do about it.
type Advised struct {
	Rows   []string `json:"rows"` // IDs
	Text   string   `json:"text"`
	Detail string   `json:"detail"`
	Next   string   `json:"next"`
}

// Noted says that something went wrong that the run does not depend on.
type Noted struct {
	Text string `json:"text"`
}

// Done is the last event of a run. It counts what this run did, not what it recalled.
type Done struct {
	Rows     int `json:"rows"`
	Built    int `json:"built"`             // rows compiled
	Trials   int `json:"trials"`            // executed
	Fetched  int `json:"fetched,omitempty"` // rows whose build was fetched from a remote record
	Recalled int `json:"recalled"`          // rows that were complete in the record
	Exit     int `json:"exit"`
	CPU      CPU `json:"cpu"`

	Remote *RemoteUse `json:"remote,omitempty"` // nil without a remote record

	// Interrupted says that the run was stopped. Rows then counts those that were
	// answered, fewer than planned.
	Interrupted bool `json:"interrupted,omitempty"`
}

// A RemoteUse says what a run exchanged with a remote record.
type RemoteUse struct {
	Name         string `json:"name"`          // as results call it
	Builds       int    `json:"builds"`        // fetched
	Traces       int    `json:"traces"`        // fetched: of how many binaries
	PushedBuilds int    `json:"pushed_builds"` // written
	PushedTraces int    `json:"pushed_traces"` // written: of how many binaries
	BytesFetched int64  `json:"bytes_fetched"` // compressed
	BytesWritten int64  `json:"bytes_written"` // compressed
}
