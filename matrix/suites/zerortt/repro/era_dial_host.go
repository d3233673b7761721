//go:build era020 || era021 || era027 || era029 || era032 || era034
// +build era020 era021 era027 era029 era032 era034

package main

import (
	"context"
	"crypto/tls"
	"net"

	"github.com/quic-go/quic-go"
)

// Until v0.34 dialing takes the host's name, and listeners are interfaces.

// A listener returns connections before their handshake is complete.
type listener struct{ quic.EarlyListener }

// Accept returns the next connection without waiting for its handshake.
func (l listener) Accept(ctx context.Context) (earlyConnection, error) {
	return l.EarlyListener.Accept(ctx)
}

// listenEarly starts a server that accepts 0-RTT.
func listenEarly(socket net.PacketConn, t *tls.Config, o options) (listener, error) {
	l, err := quic.ListenEarly(socket, t, config(o))
	return listener{l}, err
}

// dialEarly dials, with 0-RTT if t has a session ticket.
func dialEarly(ctx context.Context, socket net.PacketConn, to net.Addr, t *tls.Config, o options) (earlyConnection, error) {
	return quic.DialEarlyContext(ctx, socket, to, t.ServerName, t, config(o))
}
