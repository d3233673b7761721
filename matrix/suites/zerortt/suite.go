// Package zerortt ships the suite that matrixrun was made for: what of a
// rejected 0-RTT attempt reaches the next connection, in every release of
// quic-go that has one.
package zerortt

import "embed"

// Files is the suite's folder: its matrix.yaml, its releases.lock and the
// reproduction.
//
//go:embed matrix.yaml releases.lock repro/*.go
var Files embed.FS
