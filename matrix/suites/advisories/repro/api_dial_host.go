//go:build dialhost
// +build dialhost

package main

import (
	"context"
	"crypto/tls"
	"net"

	"github.com/quic-go/quic-go"
)

// dial dials a server. Until v0.34 dialing takes the host's name.
func dial(ctx context.Context, socket net.PacketConn, to net.Addr, t *tls.Config, c *quic.Config) (connection, error) {
	return quic.DialContext(ctx, socket, to, t.ServerName, t, c)
}
