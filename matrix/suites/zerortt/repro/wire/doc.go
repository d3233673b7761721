// Package wire decodes what was sent over the wire in a trial. It records the
// datagrams that the client's socket sees, decrypts their packets with the
// secrets of the TLS connection, and parses the frames in them.
//
// It does not use the library under test, so its answer is a second opinion.
// It is compiled once for all releases that share a toolchain.
package wire
