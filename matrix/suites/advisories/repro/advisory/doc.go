// Package advisory has the attacks of the suite: one scenario for each way in which an
// advisory of quic-go can be shown on loopback. Each trial starts a victim in a process
// of its own, attacks it, and then uses it as an honest peer would.
//
// Nothing here exhausts anything. Where an advisory is about memory without a bound, the
// attack stops far above the bound that the mended releases have, after a few megabytes.
package advisory
