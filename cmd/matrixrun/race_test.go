//go:build race

package main

import "strings"

// raceScripts run with the race detector.
var raceScripts = strings.Fields("backport_each cache_at_once cache_in_use interrupt json kill shards")
