package matrix

// A Trial is one execution of one scenario, as the reproduction reports it: a
// JSON object on a line of its standard output.
type Trial struct {
	Scenario string   `json:"scenario"`
	Trial    int      `json:"trial"` // from 0
	Outcome  Outcome  `json:"outcome"`
	Severity Severity `json:"severity,omitempty"` // of a leak
	Why      string   `json:"why,omitempty"`

	// Unsupported is set in an inconclusive trial of which no other could prove
	// more: its two sides have nothing that both speak. Why says so.
	Unsupported bool `json:"unsupported,omitempty"`

	Proof     map[string]any `json:"proof,omitempty"`
	Saw       []Sighting     `json:"saw,omitempty"`
	Wire      *Wire          `json:"wire,omitempty"` // nil where the reproduction does not look at it
	ElapsedUS int64          `json:"elapsed_us"`
}

// An Outcome is what a trial itself says that it saw.
type Outcome string

// The outcomes of a trial.
const (
	OutcomeLeak         Outcome = "leak"
	OutcomeClean        Outcome = "clean"
	OutcomeInconclusive Outcome = "inconclusive"
)

// Severity says how much a leak destroys.
type Severity string

// The severities, the milder first.
const (
	SeverityStream     Severity = "stream"
	SeverityConnection Severity = "connection"
)

// A Sighting is one thing that one side of a trial saw happen to it.
type Sighting struct {
	Side   string `json:"side"`   // "client" or "server"; the server is the peer
	Stream int64  `json:"stream"` // the stream's ID; -1 for the connection
	Code   uint64 `json:"code"`   // the error code that it carried
	Error  string `json:"error"`
}

// SidePeer is the Side of the peer, which alone can testify to a leak.
const SidePeer = "server"

// A Failure is a process of the reproduction that did not do what it was asked.
type Failure struct {
	Kind   FailureKind `json:"kind"`
	Reason string      `json:"reason"` // one line
	Log    string      `json:"log"`    // the tail of what the process wrote
}

// A FailureKind says how a process failed.
type FailureKind string

// The ways in which a process of the reproduction fails.
const (
	FailureCrash   FailureKind = "crash"
	FailureTimeout FailureKind = "timeout"
	FailureOutput  FailureKind = "output" // too much of it, or none that could be read
)

// A Trace is all that the trials of one scenario of one binary reported.
type Trace struct {
	Scenario string    `json:"scenario"`
	Trials   []Trial   `json:"trials"`
	Failures []Failure `json:"failures,omitempty"`
	CPU      float64   `json:"cpu_s,omitempty"` // seconds that its processes took
}

// Join returns a trace with the trials of both, in their order.
func (t *Trace) Join(more *Trace) *Trace {
	joined := &Trace{Scenario: t.Scenario, CPU: t.CPU + more.CPU}
	joined.Trials = append(append(joined.Trials, t.Trials...), more.Trials...)
	joined.Failures = append(append(joined.Failures, t.Failures...), more.Failures...)
	for i := range joined.Trials {
		joined.Trials[i].Trial = i
	}
	return joined
}
