//go:build !dialhost
// +build !dialhost

package main

import (
	"context"
	"crypto/tls"
	"net"

	"github.com/quic-go/quic-go"
)

// dial dials a server.
func dial(ctx context.Context, socket net.PacketConn, to net.Addr, t *tls.Config, c *quic.Config) (connection, error) {
	return quic.Dial(ctx, socket, to, t, c)
}
