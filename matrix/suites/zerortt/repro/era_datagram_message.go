//go:build era037
// +build era037

package main

import "context"

// From v0.37 to v0.39 a DATAGRAM is called a message.

// sendDatagram queues a DATAGRAM, and waits until it has left.
func sendDatagram(c connection, p []byte) error { return c.SendMessage(p) }

// receiveDatagram waits for the next DATAGRAM.
func receiveDatagram(ctx context.Context, c connection) ([]byte, error) { return c.ReceiveMessage(ctx) }
