package report

// A Fault is an error of the library with what it stands for, in all API eras
// alike.
type Fault struct {
	Kind FaultKind
	Code uint64 // of what was reset, stopped or closed
	Err  error
}

// A FaultKind is what came to an end, and by whom.
type FaultKind int

// The kinds of faults.
const (
	FaultOther       FaultKind = iota // timeouts, stateless resets, contexts, the end of a stream
	FaultStream                       // a stream was reset or stopped
	FaultTransport                    // the connection was closed with a transport error
	FaultApplication                  // the connection was closed by an application
)
