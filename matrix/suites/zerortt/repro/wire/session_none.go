//go:build !go1.21
// +build !go1.21

package wire

import "crypto/tls"

// SessionKey returns nil: before Go 1.21 a session did not tell its key. The TLS
// of the releases that are built so logs the secrets of 0-RTT instead, but for
// v0.37.0 to v0.37.3, whose 0-RTT packets stay opaque.
func SessionKey(*tls.ClientSessionState) []byte { return nil }
