// Package wire writes and reads what a QUIC endpoint sends: packets and frames (RFC
// 9000), and their protection with AES-128-GCM (RFC 9001). It knows version 1 and
// draft 29, and uses nothing of the library under test. It takes from the peer only
// what it needs, and lets its caller send whatever frames it likes.
package wire
