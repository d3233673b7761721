package record

import (
	"encoding/json"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// A TestKey names everything that could change what the tests of a package of a
// release come to.
type TestKey struct {
	Recipe       int // counts the ways in which tests were run
	Module       string
	Version      string
	Sum          string      // of the release
	Patches      [][2]string // name and SHA-256, in the order in which they go on
	Packages     []string    // one for a run of its tests, all for what they say of patches
	Toolchain    string      // what it calls itself
	Environment  []string    // of the compiler
	GOOS, GOARCH string
	Limit        string // of a run, where a limit can be part of the answer
}

// String returns the hash that stands for the key.
func (k TestKey) String() string {
	text, err := json.Marshal(k) // JSON keeps neighbouring fields apart
	if err != nil {
		panic(err)
	}
	return checksum.Bytes(text)
}

// Tests returns what the tests of a package came to. The miss is empty for a
// hit, and else the reason why there is none.
func (s *Store) Tests(key TestKey) (run *matrix.TestRun, miss string) {
	run = &matrix.TestRun{}
	if miss := s.get("tests", key.String(), run); miss != "" {
		return nil, miss
	}
	return run, ""
}

// PutTests keeps what the tests of a package came to.
func (s *Store) PutTests(key TestKey, run *matrix.TestRun) error {
	if err := s.put("tests", key.String(), run); err != nil {
		return fmt.Errorf("recording the tests of a package: %w", err)
	}
	return nil
}

// Upstream returns what the tests of a release said of patches. The miss is
// empty for a hit, and else the reason why there is none.
func (s *Store) Upstream(key TestKey) (u *matrix.Upstream, miss string) {
	u = &matrix.Upstream{}
	if miss := s.get("upstream", key.String(), u); miss != "" {
		return nil, miss
	}
	return u, ""
}

// PutUpstream keeps what the tests of a release said of patches.
func (s *Store) PutUpstream(key TestKey, u *matrix.Upstream) error {
	if err := s.put("upstream", key.String(), u); err != nil {
		return fmt.Errorf("recording the tests of a release: %w", err)
	}
	return nil
}
