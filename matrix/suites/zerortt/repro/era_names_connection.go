//go:build era027 || era029 || era032 || era034 || era035 || era037 || era040 || era045
// +build era027 era029 era032 era034 era035 era037 era040 era045

package main

import "github.com/quic-go/quic-go"

// From v0.27 to v0.52 connections and streams are interfaces.

type (
	connection      = quic.Connection
	earlyConnection = quic.EarlyConnection
	stream          = quic.Stream
	sendStream      = quic.SendStream
	receiveStream   = quic.ReceiveStream
)
