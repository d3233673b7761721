package matrix

// A Trial is one execution of one scenario. The reproduction reports it as a JSON
// object on a line of its standard output.
type Trial struct {
	Scenario string   `json:"scenario"`
	Trial    int      `json:"trial"` // from 0
	Outcome  Outcome  `json:"outcome"`
	Severity Severity `json:"severity,omitempty"` // of a leak
	Why      string   `json:"why,omitempty"`

	// Unsupported says that an inconclusive trial would be inconclusive every time,
	// because its two sides cannot talk to each other; see Why.
	Unsupported bool `json:"unsupported,omitempty"`

	Proof     map[string]any `json:"proof,omitempty"`
	Saw       []Sighting     `json:"saw,omitempty"`
	Wire      *Wire          `json:"wire,omitempty"` // nil if the reproduction does not decode the datagrams
	ElapsedUS int64          `json:"elapsed_us"`

	// Observed says how matrixrun itself saw the outcome. It is empty if the reproduction
	// reports it, and then the outcome needs proof.
	Observed Observation `json:"observed,omitempty"`
}

// An Observation is a way in which matrixrun sees the outcome of a trial itself.
type Observation string

// The observations.
const (
	ObservedPanic Observation = "panic" // the process died in a call of the target
	ObservedHang  Observation = "hang"  // the process did not come back from a call of the target
	ObservedExit  Observation = "exit"  // the exit code of the process
)

// An Outcome is what a trial reports to have seen.
type Outcome string

// The outcomes of a trial.
const (
	OutcomeLeak         Outcome = "leak"
	OutcomeClean        Outcome = "clean"
	OutcomeInconclusive Outcome = "inconclusive"
)

// A Severity says how much a leak destroys.
type Severity string

// The severities, the milder first.
const (
	SeverityStream     Severity = "stream"
	SeverityConnection Severity = "connection"
)

// A Sighting is an error that one side of a trial saw.
type Sighting struct {
	Side   string `json:"side"`   // "client" or "server"
	Stream int64  `json:"stream"` // the stream's ID; -1 for the connection
	Code   uint64 `json:"code"`   // the error code that it carried
	Error  string `json:"error"`
}

// SidePeer is the Side whose sightings prove a leak.
const SidePeer = "server"

// A Failure is a process of the reproduction that failed.
type Failure struct {
	Kind   FailureKind `json:"kind"`
	Reason string      `json:"reason"` // one line
	Log    string      `json:"log"`    // the end of the output
}

// A FailureKind says how a process failed.
type FailureKind string

// The ways in which a process of the reproduction fails.
const (
	FailureCrash   FailureKind = "crash"
	FailureTimeout FailureKind = "timeout"
	FailureOutput  FailureKind = "output" // too much output, or output that could not be read
)

// A Trace is what the trials of one scenario of one binary reported.
type Trace struct {
	Scenario string    `json:"scenario"`
	Trials   []Trial   `json:"trials"`
	Failures []Failure `json:"failures,omitempty"`
	CPU      float64   `json:"cpu_s,omitempty"` // CPU seconds of its processes
}

// Join returns a new trace with the trials of t and then those of more.
func (t *Trace) Join(more *Trace) *Trace {
	joined := &Trace{Scenario: t.Scenario, CPU: t.CPU + more.CPU}
	joined.Trials = append(append(joined.Trials, t.Trials...), more.Trials...)
	joined.Failures = append(append(joined.Failures, t.Failures...), more.Failures...)
	for i := range joined.Trials {
		joined.Trials[i].Trial = i
	}
	return joined
}
