//go:build interfaces
// +build interfaces

package main

import "github.com/quic-go/quic-go"

// From v0.27 to v0.52 connections and streams are interfaces.

type (
	connection = quic.Connection
	stream     = quic.Stream
)
