// Package record is the seventh stage: it keeps what rows came to, by the hash
// of all that could change them, so that a second run with nothing changed
// builds nothing and runs nothing, and a killed run goes on where it was.
//
// Its folder may be removed at any time, and so may each file in it. Files are
// written atomically and carry a checksum; one that is damaged is a miss with
// that reason, never an error, and is made again.
//
//	CACHEDIR.TAG     keeps backups away, and tells that the folder is a record
//	build/xx/KEY     an artifact, without the binary
//	bin/xx/SHA256    a binary; rows with the same one share it
//	trace/xx/KEY     a trace
//	evidence/xx/KEY  what one trial left for people to look at
//	tests/xx/KEY     what the tests of a package of a release came to
//	upstream/xx/KEY  what the tests of a release say of patches
//	row/xx/KEY       how a row was made the last time, to tell what changed since
//	lock/KIND/xx     empty: who works on a key of that kind locks it, see Claim
//	trimmed          empty: as old as the last Trim
//
// What is used has the time of that as its file's, give or take an hour, so that
// Prune knows what was not used for the longest time.
//
// Verdicts are not kept: they are computed anew from the traces, so that a
// better judge needs no new run.
package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// A Store is a record on disk. Several goroutines may use it at once, and
// several programs the same folder.
type Store struct {
	dir string
	tag func() error // writes CACHEDIR.TAG, once
}

// Open returns the record in a folder, which is made when there is something
// to keep.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the record: %w", err)
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("opening the record: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("opening the record: %s is no folder: name another one, or remove it", dir)
	}
	s := &Store{dir: dir}
	s.tag = sync.OnceValue(s.writeTag)
	return s, nil
}

// Artifact returns the artifact of a build key. The miss is empty for a hit,
// and else the reason why there is none. The artifact has no Path: traces can
// be looked up by its SHA256 alone, without reading the binary; see Binary.
func (s *Store) Artifact(key string) (a matrix.Artifact, miss string) {
	if miss := s.get("build", key, &a); miss != "" {
		return matrix.Artifact{}, miss
	}
	return a, ""
}

// PutArtifact keeps the artifact of a build key, and its binary where it has
// one: the file a.Path is moved into the record. It returns the artifact with
// the Path where the binary is now.
func (s *Store) PutArtifact(key string, a matrix.Artifact) (matrix.Artifact, error) {
	if a.SHA256 != "" {
		path, err := s.putBinary(a)
		if err != nil {
			return a, fmt.Errorf("recording a binary: %w", err)
		}
		a.Path = path
	}
	if err := s.put("build", key, a); err != nil {
		return a, fmt.Errorf("recording a build: %w", err)
	}
	return a, nil
}

// A TraceKey names everything that could change a trace. How many trials were
// wanted, and by which rule, is not among it: a trace has what trials reported,
// and a longer one serves whoever wants fewer.
type TraceKey struct {
	Binary     string // its SHA-256, in hex
	Scenario   string
	Parameters string // how it was run: the limits, in any form that tells different ones apart

	// Apart is set for the trials that ran with nothing beside them. Left out
	// where it is not, it changes no key from before it was there.
	Apart bool `json:",omitempty"`

	// Server is the SHA-256, in hex, of the binary that ran the servers; empty
	// where Binary did.
	Server string `json:",omitempty"`
}

// String returns the hash that stands for the key.
func (k TraceKey) String() string {
	// JSON keeps neighbouring fields apart, and cannot fail for text.
	text, err := json.Marshal(k)
	if err != nil {
		panic(err)
	}
	return checksum.Bytes(text)
}

// Trace returns the trace of a key. The miss is empty for a hit, and else the
// reason why there is none, and the trace is nil.
func (s *Store) Trace(key TraceKey) (t *matrix.Trace, miss string) {
	t = &matrix.Trace{}
	if miss := s.get("trace", key.String(), t); miss != "" {
		return nil, miss
	}
	return t, ""
}

// PutTrace keeps a trace, in the place of one that there may be. A trace that
// is not complete is worth keeping too: a later run can add to it.
func (s *Store) PutTrace(key TraceKey, t *matrix.Trace) error {
	if err := s.put("trace", key.String(), t); err != nil {
		return fmt.Errorf("recording a trace: %w", err)
	}
	return nil
}

// place returns the file for a key; the first digits of the key spread the
// files over folders.
func (s *Store) place(kind, key string) string {
	return filepath.Join(s.dir, kind, key[:2], key)
}

var digestPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// isDigest reports whether a text is a SHA-256 in hex, and so fit to name a
// file.
func isDigest(text string) bool { return digestPattern.MatchString(text) }
