//go:build !(era020 || era021 || era027 || era029 || era032 || era034 || era035 || era037)
// +build !era020,!era021,!era027,!era029,!era032,!era034,!era035,!era037

package main

import "context"

// sendDatagram queues a DATAGRAM. Until v0.40 it also waits until the DATAGRAM
// has left.
func sendDatagram(c connection, p []byte) error { return c.SendDatagram(p) }

// receiveDatagram waits for the next DATAGRAM.
func receiveDatagram(ctx context.Context, c connection) ([]byte, error) {
	return c.ReceiveDatagram(ctx)
}
