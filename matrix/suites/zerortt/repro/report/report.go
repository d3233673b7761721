package report

// A Report is what one trial tells: the line that matrixrun reads.
type Report struct {
	Scenario    string     `json:"scenario"`
	Trial       int        `json:"trial"`
	Outcome     string     `json:"outcome"`
	Severity    string     `json:"severity,omitempty"`
	Why         string     `json:"why"`
	Unsupported bool       `json:"unsupported,omitempty"` // no trial of these two sides could prove anything
	Proof       Proof      `json:"proof"`
	Saw         []Sighting `json:"saw"`
	Wire        *Wire      `json:"wire,omitempty"` // nil where it could not be read
	ElapsedUS   int64      `json:"elapsed_us"`
}

// The outcomes of a trial, and how much a leak destroyed.
const (
	Leak         = "leak"
	Clean        = "clean"
	Inconclusive = "inconclusive"

	OfStream     = "stream"
	OfConnection = "connection"
)

// When the scenario's own action ran: the values of Proof.Acted.
const (
	NotAtAll        = "none"
	BeforeRejection = "before-rejection" // nothing of the rejection had come in
	AfterRejection  = "after-rejection"  // the rejection was known, NextConnection not yet called
	AfterNext       = "after-next"       // NextConnection had returned
)

// A Proof says what did happen in a trial, so that one which missed its mark
// cannot pass for a result.
type Proof struct {
	Attempted bool   `json:"attempted"` // every early request left the client in 0-RTT packets
	Rejected  bool   `json:"rejected"`  // the library reported Err0RTTRejected
	Acted     string `json:"acted"`
	Queued    bool   `json:"queued"`    // nothing that was queued before the rejection left in a 0-RTT packet
	Sent      bool   `json:"sent"`      // what was queued before the rejection did leave in one
	NextUsed  bool   `json:"next_used"` // a message went to the server and back on the next connection
}

// A Sighting is one stream or connection that was ended on one of the sides.
type Sighting struct {
	Side   string `json:"side"`
	Stream int64  `json:"stream"` // -1: the connection
	Code   uint64 `json:"code"`
	Error  string `json:"error"`
}
