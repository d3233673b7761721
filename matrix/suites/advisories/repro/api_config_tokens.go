//go:build tokens
// +build tokens

package main

import (
	"net"

	"github.com/quic-go/quic-go"
)

// config returns the configuration of a victim. Until v0.28 a server first makes every
// client prove its address with a Retry, unless AcceptToken says that a missing token is
// fine.
func config() *quic.Config {
	return &quic.Config{AcceptToken: func(net.Addr, *quic.Token) bool { return true }}
}
