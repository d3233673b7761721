//go:build !race

package main

// raceScripts is empty without the race detector.
var raceScripts []string
