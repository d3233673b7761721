// Package zerortt embeds the suite zerortt. Its scenarios test which effects of
// a rejected 0-RTT attempt reach the next connection, in every release of
// quic-go that has NextConnection.
package zerortt

import "embed"

// Files is the suite's folder: matrix.yaml, releases.lock, releases.index, forks.lock and
// the reproduction without its tests. The patterns of go:embed cannot exclude "_test.go". The
// three for each level match every Go file whose name without ".go" does not
// end in "est". A test checks that this leaves out tests and nothing else.
//
//go:embed matrix.yaml releases.lock releases.index forks.lock
//go:embed repro/*[^t].go repro/*[^s]t.go repro/*[^e]st.go
//go:embed repro/*/*[^t].go repro/*/*[^s]t.go repro/*/*[^e]st.go
var Files embed.FS
