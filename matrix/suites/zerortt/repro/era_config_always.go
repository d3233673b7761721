//go:build era029
// +build era029

package main

import "github.com/quic-go/quic-go"

// From v0.29 to v0.31 a server that listens early takes 0-RTT without being asked.
func config(o options) *quic.Config {
	return limit(o, &quic.Config{DisablePathMTUDiscovery: true})
}
