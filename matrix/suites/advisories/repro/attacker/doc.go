// Package attacker is a QUIC endpoint that does what its caller wants: it sends any
// frames in any order, and acknowledges packets only if asked to. It does everything in
// the goroutine of its caller, one step after the other. It repeats nothing that is
// lost, since nothing gets lost on loopback as long as few packets are under way.
package attacker
