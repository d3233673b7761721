//go:build era020 || era021
// +build era020 era021

package main

import (
	"context"

	"github.com/quic-go/quic-go"
)

// Until v0.26 connections are called sessions.

type (
	connection      = quic.Session
	earlyConnection = quic.EarlySession
	stream          = quic.Stream
	sendStream      = quic.SendStream
	receiveStream   = quic.ReceiveStream
)

// nextConnection returns the connection that follows the rejected attempt.
func nextConnection(_ context.Context, c earlyConnection) (connection, error) {
	return c.NextSession(), nil
}
