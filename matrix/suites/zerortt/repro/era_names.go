//go:build !(era020 || era021 || era027 || era029 || era032 || era034 || era035 || era037 || era040 || era045)
// +build !era020,!era021,!era027,!era029,!era032,!era034,!era035,!era037,!era040,!era045

package main

import (
	"context"

	"github.com/quic-go/quic-go"
)

// From v0.53 on connections and streams are structs. The interfaces have the
// methods that bidirectional and unidirectional streams share.

type (
	connection      = *quic.Conn
	earlyConnection = *quic.Conn
	stream          = *quic.Stream

	sendStream interface {
		Write([]byte) (int, error)
		Close() error
		CancelWrite(quic.StreamErrorCode)
		Context() context.Context
		StreamID() quic.StreamID
	}
	receiveStream interface {
		Read([]byte) (int, error)
		CancelRead(quic.StreamErrorCode)
		StreamID() quic.StreamID
	}
)
