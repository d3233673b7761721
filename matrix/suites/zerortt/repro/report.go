package main

import "time"

// A report is what one trial tells: the line that matrixrun reads.
type report struct {
	Scenario    string      `json:"scenario"`
	Trial       int         `json:"trial"`
	Outcome     string      `json:"outcome"`
	Severity    string      `json:"severity,omitempty"`
	Why         string      `json:"why"`
	Unsupported bool        `json:"unsupported,omitempty"` // no trial of these two sides could prove anything
	Proof       proof       `json:"proof"`
	Saw         []sighting  `json:"saw"`
	Wire        *wireReport `json:"wire,omitempty"` // nil where it could not be read
	ElapsedUS   int64       `json:"elapsed_us"`
}

// The outcomes of a trial, and how much a leak destroyed.
const (
	leak         = "leak"
	clean        = "clean"
	inconclusive = "inconclusive"

	ofStream     = "stream"
	ofConnection = "connection"
)

// When the scenario's own action ran: the values of proof.Acted.
const (
	notAtAll        = "none"
	beforeRejection = "before-rejection" // nothing of the rejection had come in
	afterRejection  = "after-rejection"  // the rejection was known, NextConnection not yet called
	afterNext       = "after-next"       // NextConnection had returned
)

// A proof says what did happen in a trial, so that one which missed its mark
// cannot pass for a result.
type proof struct {
	Attempted bool   `json:"attempted"` // every early request left the client in 0-RTT packets
	Rejected  bool   `json:"rejected"`  // the library reported Err0RTTRejected
	Acted     string `json:"acted"`
	Queued    bool   `json:"queued"`    // nothing that was queued before the rejection left in a 0-RTT packet
	Sent      bool   `json:"sent"`      // what was queued before the rejection did leave in one
	NextUsed  bool   `json:"next_used"` // a message went to the server and back on the next connection
}

// A sighting is one stream or connection that was ended on one of the sides.
type sighting struct {
	Side   string `json:"side"`
	Stream int64  `json:"stream"` // -1: the connection
	Code   uint64 `json:"code"`
	Error  string `json:"error"`
}

const wholeConnection = -1

// canary is the error code of every reset that a scenario makes. Nothing else
// in the program uses it.
const canary = 4919

// Codes of what is part of an orderly trial.
const (
	codeDone  = 0   // the client closes a connection that it no longer needs
	codeGivUp = 200 // the server ends its half of a stream that was reset
)

// patience bounds each trial. It is far longer than any trial takes on a busy
// machine, and ends only those that hang.
const patience = 4 * time.Second

// grace is how long a trial that went wrong is kept open for news that may not
// come.
const grace = time.Second / 2
