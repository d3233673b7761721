// Package loopback has what both sides of a trial are built on: UDP sockets,
// the gate in front of the client's socket, and the certificates and session
// tickets for TLS.
//
// It does not use the library under test, so it is compiled once for all
// releases that share a toolchain.
package loopback
