//go:build !sessions && !interfaces
// +build !sessions,!interfaces

package main

import "github.com/quic-go/quic-go"

// From v0.53 on connections and streams are structs.

type (
	connection = *quic.Conn
	stream     = *quic.Stream
)
