package report

// A Report is the result of one trial: one line of output for matrixrun.
type Report struct {
	Scenario    string     `json:"scenario"`
	Trial       int        `json:"trial"`
	Outcome     string     `json:"outcome"`
	Severity    string     `json:"severity,omitempty"`
	Why         string     `json:"why"`
	Unsupported bool       `json:"unsupported,omitempty"` // no trial of these two releases could prove anything
	Proof       Proof      `json:"proof"`
	Saw         []Sighting `json:"saw"`
	Wire        *Wire      `json:"wire,omitempty"` // nil if the trial did not reach the second dial
	ElapsedUS   int64      `json:"elapsed_us"`
	Disturbed   bool       `json:"-"` // see Check
}

// The outcomes of a trial, and the severity of a leak: whether it ended a
// stream or the connection.
const (
	Leak         = "leak"
	Clean        = "clean"
	Inconclusive = "inconclusive"

	OfStream     = "stream"
	OfConnection = "connection"
)

// The values of Proof.Acted: when the scenario's own action ran.
const (
	NotAtAll        = "none"
	BeforeRejection = "before-rejection" // nothing of the rejection had arrived
	AfterRejection  = "after-rejection"  // the rejection was known, NextConnection not yet called
	AfterNext       = "after-next"       // NextConnection had returned
)

// A Proof records what happened in a trial. With it, a trial that did not test
// what its scenario asks for cannot be taken for a result.
type Proof struct {
	Attempted bool   `json:"attempted"` // every early request left the client in 0-RTT packets
	Rejected  bool   `json:"rejected"`  // the library reported Err0RTTRejected
	Acted     string `json:"acted"`
	Queued    bool   `json:"queued"`    // nothing that was queued before the rejection left in a 0-RTT packet
	Sent      bool   `json:"sent"`      // what was queued before the rejection left in a 0-RTT packet
	NextUsed  bool   `json:"next_used"` // the server echoed a message on the next connection
}

// A Sighting is one stream or connection that ended, as seen by one side.
type Sighting struct {
	Side   string `json:"side"`   // wire.Client or wire.Server
	Stream int64  `json:"stream"` // wire.WholeConnection (-1) for the connection
	Code   uint64 `json:"code"`
	Error  string `json:"error"`
}
