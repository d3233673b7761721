// Package loopback has what the two sides of a trial stand on: their sockets,
// the gate before the client's, and the certificates and tickets of their TLS.
//
// It needs nothing of the library under test, and so is compiled once for all
// releases that share a toolchain.
package loopback
