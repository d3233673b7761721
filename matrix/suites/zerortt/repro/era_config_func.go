//go:build era032 || era034
// +build era032 era034

package main

import (
	"net"

	"github.com/quic-go/quic-go"
)

// From v0.32 to v0.34 0-RTT was allowed by a function.
func config(o options) *quic.Config {
	return limit(o, &quic.Config{
		DisablePathMTUDiscovery: true,
		Allow0RTT:               func(net.Addr) bool { return true },
	})
}
