//go:build era020 || era021 || era027 || era029 || era032 || era034 || era035
// +build era020 era021 era027 era029 era032 era034 era035

package main

import "context"

// Until v0.36 a DATAGRAM is called a message, and ReceiveMessage takes no
// context.

// sendDatagram queues a DATAGRAM, and waits until it has left.
func sendDatagram(c connection, p []byte) error { return c.SendMessage(p) }

// receiveDatagram waits for the next DATAGRAM, or the end of the connection.
func receiveDatagram(_ context.Context, c connection) ([]byte, error) { return c.ReceiveMessage() }
