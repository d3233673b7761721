// Package zerortt ships the suite that matrixrun was made for: what of a
// rejected 0-RTT attempt reaches the next connection, in every release of
// quic-go that has one.
package zerortt

import "embed"

// Files is the suite's folder: its matrix.yaml, its releases.lock and the
// reproduction without its tests. What a pattern can say of a name is little:
// the three take every Go file whose name without ".go" does not end in
// "est", of package main and of the packages below it, and a test holds that
// this leaves out the tests alone.
//
//go:embed matrix.yaml releases.lock
//go:embed repro/*[^t].go repro/*[^s]t.go repro/*[^e]st.go
//go:embed repro/*/*[^t].go repro/*/*[^s]t.go repro/*/*[^e]st.go
var Files embed.FS
