// Package advisories embeds the suite advisories. Its scenarios are attacks on quic-go
// that published advisories describe, in every release since v0.20.0.
package advisories

import "embed"

// Files is the suite's folder: matrix.yaml, releases.lock, releases.index and the
// reproduction without its tests. The patterns of go:embed cannot exclude "_test.go": the
// three for each level match every Go file whose name without ".go" does not end in
// "est". A test checks that this leaves out tests and nothing else.
//
//go:embed matrix.yaml releases.lock releases.index osv/*.json
//go:embed repro/*[^t].go repro/*[^s]t.go repro/*[^e]st.go
//go:embed repro/*/*[^t].go repro/*/*[^s]t.go
var Files embed.FS
