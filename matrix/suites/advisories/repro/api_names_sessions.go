//go:build sessions
// +build sessions

package main

import "github.com/quic-go/quic-go"

// Until v0.26 connections are called sessions.

type (
	connection = quic.Session
	stream     = quic.Stream
)
