//go:build era029
// +build era029

package main

import "github.com/quic-go/quic-go"

// config returns the configuration of a server or client. From v0.29 to v0.31
// a server that listens early always accepts 0-RTT.
func config(o options) *quic.Config {
	return applyOptions(o, &quic.Config{DisablePathMTUDiscovery: true})
}
