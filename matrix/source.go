package matrix

import "time"

// A Release is one line of releases.lock: a version of the target, the module path
// under which it is served, and the checksum that its zip must have.
type Release struct {
	Version string    // with its leading v
	Module  string    // the target's path, or a former one
	Sum     string    // "h1:...", see golang.org/x/mod/sumdb/dirhash; empty if the lock does not have the release
	Time    time.Time // of the version, in UTC; zero if unknown
}

// A Source is a downloaded release whose checksum was verified.
type Source struct {
	Release
	Zip string // path of the module zip, in the module cache: it must not be changed
	Dir string // folder of the module cache with the unpacked zip, which is not verified; empty if there is none
}
