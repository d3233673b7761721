//go:build era029
// +build era029

package main

import "github.com/quic-go/quic-go"

// From v0.29 to v0.31 a server that listens early takes 0-RTT without being asked.
func config() *quic.Config {
	return &quic.Config{DisablePathMTUDiscovery: true}
}
