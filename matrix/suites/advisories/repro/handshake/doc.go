// Package handshake is the smallest TLS 1.3 (RFC 8446) that QUIC endpoints accept
// (RFC 9001): one key exchange, P-256; one cipher suite, AES-128-GCM with SHA-256; one
// signature, ECDSA with P-256. It has no tickets and no HelloRetryRequest. It is not for
// secrets: a client believes every certificate.
//
// crypto/tls has an interface for QUIC only since Go 1.21, and completes a handshake
// only in the right order. This one builds with Go 1.16, and leaves the order, and the
// packets that the messages travel in, to its caller.
package handshake
