package matrix

import "time"

// An Event is one step of a run, told as it happens: exactly one of its
// pointers is set. With --json each is printed as a line.
type Event struct {
	Time    time.Time  `json:"time"`
	Planned *Planned   `json:"planned,omitempty"`
	Step    *Step      `json:"step,omitempty"`
	Missed  *Missed    `json:"missed,omitempty"`
	Row     *RowResult `json:"row,omitempty"`
	Done    *Done      `json:"done,omitempty"`
}

// Planned opens a run.
type Planned struct {
	Suite     string     `json:"suite"`
	Rows      []string   `json:"rows"` // IDs, the more urgent first
	Scenarios []Scenario `json:"scenarios"`
	Skips     []Skip     `json:"skips,omitempty"`
	Explain   bool       `json:"explain,omitempty"` // each row that is not wholly recalled says why
}

// A Step is the start of one stage of one row.
type Step struct {
	Row   string `json:"row"`
	Stage string `json:"stage"` // "fetch", "lay", "build", "run", "apart" (run again with nothing beside it), "capture", "upstream" (the release's own tests), "wait" (for another process that does the same)
}

// Missed says why a row was not wholly recalled, before that row is told.
type Missed struct {
	Row    string `json:"row"`
	Misses []Miss `json:"misses"`
}

// A Miss is something that the record lacked, with the reason.
type Miss struct {
	What      string   `json:"what"`                // one of the words below
	Scenarios []string `json:"scenarios,omitempty"` // of MissTrials and MissEvidence: those for which the reason holds
	Why       string   `json:"why"`
}

// What the record can lack of a row.
const (
	MissBuild        = "build"
	MissBinary       = "binary" // of a build that is there; it is made again where trials are to be run
	MissTrials       = "trials"
	MissEvidence     = "evidence"
	MissUpstream     = "upstream"      // what the release's own tests say
	MissServer       = "server"        // the build of the servers' release
	MissServerBinary = "server binary" // as for MissBinary
)

// Done closes a run. What is counted was done in this run, not recalled.
type Done struct {
	Rows     int `json:"rows"`
	Built    int `json:"built"`    // compilations
	Trials   int `json:"trials"`   // executed
	Recalled int `json:"recalled"` // rows that were wholly in the record
	Exit     int `json:"exit"`
	CPU      CPU `json:"cpu"`

	// Interrupted says that the run was stopped. Rows then counts those that were
	// answered, fewer than planned.
	Interrupted bool `json:"interrupted,omitempty"`
}
