package matrix

import "time"

// A Release is one line of releases.lock: a version of the target, the module
// path that serves it, and the checksum that its zip must have.
type Release struct {
	Version string    // with its leading v
	Module  string    // the target's path, or a former one
	Sum     string    // "h1:...", see golang.org/x/mod/sumdb/dirhash; empty where the lock does not know the release
	Time    time.Time // when the version was made, in UTC; zero where unknown
}

// A Source is a release that was downloaded and whose checksum was verified.
type Source struct {
	Release
	Zip string // the module zip, a file of the module cache that must not be written
	Dir string // the folder of the module cache with the same, unpacked, which nobody has verified; empty where there is none
}
