package record

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// A TestKey names everything that could change the results of the tests of a release.
type TestKey struct {
	Recipe       int // counts the ways in which tests were run
	Module       string
	Version      string
	Sum          string      // of the release
	Patches      [][2]string // name and SHA-256, in the order in which they apply
	Packages     []string    // one package for Tests, all of them for Upstream
	Toolchain    string      // what it reports as its version
	Environment  []string    // of the compiler
	GOOS, GOARCH string
	Limit        string   // of a run, if a limit can be part of the answer
	Contained    []string `json:",omitempty"` // parts of the sandbox: some tests skip what it refuses
}

// String returns the SHA-256 of the key.
func (k TestKey) String() string { return hash(k) }

// Tests returns the results of the tests of a package. The miss is empty for a hit,
// and the reason otherwise.
func (s *Store) Tests(key TestKey) (run *matrix.TestRun, miss string) {
	run, miss = recall[matrix.TestRun](s, "tests", key.String())
	if miss == "" && run.State == matrix.TestsUncompiled && !run.Proven {
		return nil, Unproven
	}
	return run, miss
}

// PutTests records the results of the tests of a package.
func (s *Store) PutTests(key TestKey, run *matrix.TestRun) error {
	return s.put("tests", key.String(), run)
}

// Upstream returns what the tests of a release say about patches. The miss is empty
// for a hit, and the reason otherwise.
func (s *Store) Upstream(key TestKey) (u *matrix.Upstream, miss string) {
	return recall[matrix.Upstream](s, "upstream", key.String())
}

// PutUpstream records what the tests of a release say about patches.
func (s *Store) PutUpstream(key TestKey, u *matrix.Upstream) error {
	return s.put("upstream", key.String(), u)
}
