package main

// A fault is what an error of the library stands for, in all API eras alike.
type fault struct {
	kind faultKind
	code uint64
}

type faultKind int

const (
	faultOther       faultKind = iota // timeouts, stateless resets, contexts, the end of a stream
	faultStream                       // a stream was reset or stopped
	faultTransport                    // the connection was closed with a transport error
	faultApplication                  // the connection was closed by an application
)
