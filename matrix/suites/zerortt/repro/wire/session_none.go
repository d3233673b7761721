//go:build !go1.21
// +build !go1.21

package wire

import "crypto/tls"

// SessionKey returns nil: before Go 1.21 a session does not give access to its
// key. The releases that are built with such a Go have a TLS that logs the
// secrets of 0-RTT instead. The exceptions are v0.37.0 to v0.37.3, whose 0-RTT
// packets cannot be read.
func SessionKey(*tls.ClientSessionState) []byte { return nil }
