//go:build !(era020 || era021 || era027 || era029 || era032 || era034)
// +build !era020,!era021,!era027,!era029,!era032,!era034

package main

import "github.com/quic-go/quic-go"

// config returns the configuration of a server, or of the client that dials
// it.
func config(o options) *quic.Config {
	return applyOptions(o, &quic.Config{DisablePathMTUDiscovery: true, Allow0RTT: true})
}
