//go:build era020 || era021 || era027 || era029 || era032
// +build era020 era021 era027 era029 era032

package main

// Until v0.33 the end of the handshake was told by a context.
func handshakeDone(c earlyConnection) <-chan struct{} { return c.HandshakeComplete().Done() }
