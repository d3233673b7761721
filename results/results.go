// Package results ships what the last full run published. Commands answer from it,
// and divide a plan among machines by how long each of its rows took.
package results

import _ "embed" // for the file

// Zerortt is the results.json of the suite zerortt.
//
//go:embed zerortt/results.json
var Zerortt []byte

// ZerorttForks is the results.json of the forks in the forks.lock of zerortt.
//
//go:embed zerortt/forks/results.json
var ZerorttForks []byte

// Advisories is the results.json of the suite advisories.
//
//go:embed advisories/results.json
var Advisories []byte
