package report

// A Fault is an error of the library in a form that is the same for all API
// eras.
type Fault struct {
	Kind FaultKind
	Code uint64 // the error code of the reset, stop or close
	Err  error
}

// A FaultKind says what ended, and who ended it.
type FaultKind int

// The kinds of faults.
const (
	FaultOther       FaultKind = iota // timeouts, stateless resets, contexts, the end of a stream
	FaultStream                       // a stream was reset or stopped
	FaultTransport                    // the connection was closed with a transport error
	FaultApplication                  // the connection was closed by an application
)
