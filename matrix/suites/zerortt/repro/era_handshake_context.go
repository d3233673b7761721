//go:build era020 || era021 || era027 || era029 || era032
// +build era020 era021 era027 era029 era032

package main

// handshakeDone returns a channel that is closed when the handshake is
// complete. Until v0.33 the library has a context for that.
func handshakeDone(c earlyConnection) <-chan struct{} { return c.HandshakeComplete().Done() }
