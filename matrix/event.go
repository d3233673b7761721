package matrix

import "time"

// An Event is one step of a run, told as it happens: exactly one of its
// pointers is set. With --json each is printed as a line.
type Event struct {
	Time    time.Time  `json:"time"`
	Planned *Planned   `json:"planned,omitempty"`
	Step    *Step      `json:"step,omitempty"`
	Row     *RowResult `json:"row,omitempty"`
	Done    *Done      `json:"done,omitempty"`
}

// Planned opens a run.
type Planned struct {
	Suite     string     `json:"suite"`
	Rows      []string   `json:"rows"` // IDs, the more urgent first
	Scenarios []Scenario `json:"scenarios"`
	Skips     []Skip     `json:"skips,omitempty"`
}

// A Step is the start of one stage of one row.
type Step struct {
	Row   string `json:"row"`
	Stage string `json:"stage"` // "fetch", "lay", "build", "run", "apart" (run again with nothing beside it), "capture", "upstream" (the release's own tests)
}

// Done closes a run. What is counted was done in this run, not recalled.
type Done struct {
	Rows     int `json:"rows"`
	Built    int `json:"built"`    // compilations
	Trials   int `json:"trials"`   // executed
	Recalled int `json:"recalled"` // rows that were wholly in the record
	Exit     int `json:"exit"`
	CPU      CPU `json:"cpu"`
}
