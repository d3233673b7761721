// Package wire reads what went over the wire in a trial: it records the
// datagrams that the client's socket sees, opens their packets with the secrets
// of the connection's TLS, and parses the frames in them.
//
// It takes nothing from the library under test, so that what it says is a
// second opinion; and as it needs nothing of it, it is compiled once for all
// releases that share a toolchain.
package wire
