// Package results ships what the last full run published: how long each row took
// is what a plan is divided by among several machines.
package results

import _ "embed" // for the file

// Zerortt is results.json of the suite of that name.
//
//go:embed zerortt/results.json
var Zerortt []byte
