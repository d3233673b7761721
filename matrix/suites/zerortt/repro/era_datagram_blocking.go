//go:build era020 || era021 || era027 || era029 || era032 || era034 || era035
// +build era020 era021 era027 era029 era032 era034 era035

package main

import "context"

// Until v0.36 a DATAGRAM is called a message, and ReceiveMessage takes no
// context.

func sendDatagram(c connection, p []byte) error { return c.SendMessage(p) }

func receiveDatagram(_ context.Context, c connection) ([]byte, error) { return c.ReceiveMessage() }
