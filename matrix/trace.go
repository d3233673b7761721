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
	ObservedTest  Observation = "test"  // the test passed, failed or was skipped
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

// The severities, the milder first. Schema 1 of results.json has these words for them,
// whatever the suite is about; Words has those for people.
const (
	SeverityMild   Severity = "stream"
	SeveritySevere Severity = "connection"
)

// ReportedSeverity returns the severity that a trial reports by its name: mild or
// severe, or the word of schema 1. It also reports whether there is one with that name.
func ReportedSeverity(name Severity) (s Severity, ok bool) {
	switch name {
	case "mild":
		return SeverityMild, true
	case "severe":
		return SeveritySevere, true
	}
	return name, name == "" || name == SeverityMild || name == SeveritySevere
}

// A Sighting is an error that one side of a trial saw.
type Sighting struct {
	Side   string  `json:"side"`             // such as "client" or "server"
	Stream *int64  `json:"stream,omitempty"` // which of several parts it is about, -1 for all of them; nil if there are none
	Code   *uint64 `json:"code,omitempty"`   // the error code that it carried; nil if it has none
	Error  string  `json:"error"`
}

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
	From     string    `json:"from,omitempty"`  // the remote record that it was fetched from; empty if it ran here
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
