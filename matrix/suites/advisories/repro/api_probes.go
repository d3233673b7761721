//go:build !noprobes
// +build !noprobes

package main

import "github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"

// release is what the attacks have to know of the release.
var release = advisory.Release{ProbesPaths: true}
