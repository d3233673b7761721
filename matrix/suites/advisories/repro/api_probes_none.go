//go:build noprobes
// +build noprobes

package main

import "github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"

// release is what the attacks have to know of the release: until v0.49 a server goes on to
// a new path without a probe.
var release = advisory.Release{}
