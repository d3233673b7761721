//go:build era032 || era034
// +build era032 era034

package main

import (
	"net"

	"github.com/quic-go/quic-go"
)

// config returns the configuration of a server or client. From v0.32 to v0.34
// Allow0RTT is a function.
func config(o options) *quic.Config {
	return applyOptions(o, &quic.Config{
		DisablePathMTUDiscovery: true,
		Allow0RTT:               func(net.Addr) bool { return true },
	})
}
