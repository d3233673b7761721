//go:build !old
// +build !old

package main

import "example.com/lib"

func behave(scenario string, trial int) string { return lib.Behave(scenario, trial) }
