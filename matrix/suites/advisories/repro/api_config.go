//go:build !tokens
// +build !tokens

package main

import "github.com/quic-go/quic-go"

// config returns the configuration of a victim.
func config() *quic.Config { return &quic.Config{} }
