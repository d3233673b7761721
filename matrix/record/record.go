// Package record is the seventh stage: it stores what rows came to, by the hash of
// everything that could change them. A second run with nothing changed builds and runs
// nothing, and a killed run continues where it stopped.
//
// The folder and each file in it may be removed at any time, also while it is used.
// Files are written atomically and have a checksum. A damaged file is a miss with that
// reason, never an error, and is made again. So is anything else in the place of a file,
// such as a folder, a link, a named pipe, or a file that is too large to be an entry.
//
//	CACHEDIR.TAG     keeps backups away, and marks the folder as a record
//	build/xx/KEY     an artifact, without its binary
//	bin/xx/SHA256    a binary; rows with the same binary share it
//	trace/xx/KEY     a trace
//	evidence/xx/KEY  what one trial left for people to look at
//	tests/xx/KEY     the results of the tests of a package of a release
//	upstream/xx/KEY  what the tests of a release say about patches
//	row/xx/KEY       how a row was made last time, to tell what changed since
//	folder/xx/KEY    what is known of a folder of the module cache while it does not change
//	lock/KIND/xx     locked by a process that works on a key of that kind, see Claim
//	trimmed          empty; its time is that of the last Trim
//
// The time of a file is that of its last use, to within an hour. Prune removes the
// least recently used files.
//
// Verdicts are not recorded. They are computed from the traces every time, so that a
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
	"slices"
	"strings"
	"sync/atomic"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
)

// A Store is a record on disk. It is safe for concurrent use, also by several
// processes.
type Store struct {
	dir       string
	spare     atomic.Pointer[Store] // what could not be put into dir; nil if everything could
	makeSpare func(why error) (*Store, error)
	known     knownParts
}

// Open returns the record in a folder. The folder is made when something is recorded.
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
		return nil, fmt.Errorf("opening the record: %s is not a folder: name another one, or remove it", dir)
	}
	return &Store{dir: dir}, nil
}

// Artifact returns the artifact of a build key. The miss is empty for a hit, and the
// reason otherwise. The artifact has no Path: its SHA256 is enough to look up traces,
// without reading the binary; see Binary.
func (s *Store) Artifact(key string) (a matrix.Artifact, miss string) {
	if miss := s.get("build", key, &a); miss != "" {
		return matrix.Artifact{}, miss
	}
	if a.Complaint != "" && !a.Proven {
		return matrix.Artifact{}, Unproven
	}
	return a, ""
}

// Unproven is the miss for a failure that an earlier version of matrixrun recorded
// without proof that the code was the reason, and not the machine.
const Unproven = "of a version of matrixrun that did not prove that the code was to blame"

// PutArtifact records the artifact of a build key, and moves its binary, the file
// a.Path, into the record. It returns the artifact with the binary's new Path.
func (s *Store) PutArtifact(key string, a matrix.Artifact) (matrix.Artifact, error) {
	if a.SHA256 != "" {
		path, err := s.putBinary(a)
		if err != nil {
			return a, fmt.Errorf("recording a binary: %w", err)
		}
		a.Path = path
	}
	return a, s.put("build", key, a)
}

// NoteArtifact records the artifact of a build key without its binary, which is fetched or
// built when it is needed.
func (s *Store) NoteArtifact(key string, a matrix.Artifact) error { return s.put("build", key, a) }

// ForgetArtifact removes the artifact of a build key, if the record has one.
func (s *Store) ForgetArtifact(key string) {
	if isDigest(key) {
		_ = os.Remove(s.place("build", key)) // a leftover is found out when its binary is built
	}
}

// A TraceKey names everything that could change a trace. The number of trials and the
// rule for stopping early are not part of it: a trace has the reports of trials, and a
// longer one is enough for a run that wants fewer.
type TraceKey struct {
	Binary     string // its SHA-256, in hex
	Scenario   string
	Parameters string // how it was run: the limits, in any form in which different limits differ

	// Apart is set for trials that ran with nothing else at the same time. It is omitted
	// when false, so that keys from before it existed stay valid.
	Apart bool `json:",omitempty"`

	// Server is the SHA-256, in hex, of the binary that ran the servers; empty if Binary
	// ran them.
	Server string `json:",omitempty"`
}

// String returns the SHA-256 of the key.
func (k TraceKey) String() string {
	return hash(k)
}

// Trace returns the trace of a key. The miss is empty for a hit. Otherwise it is
// the reason, and the trace is nil.
func (s *Store) Trace(key TraceKey) (t *matrix.Trace, miss string) {
	text, miss := s.payload("trace", key.String())
	if miss != "" {
		return nil, miss
	}
	p, err := s.known.parse(text)
	if err == nil {
		t, err = p.trace(&s.known)
	}
	if err != nil {
		return nil, "damaged: " + err.Error()
	}
	return t, ""
}

// trace returns the trace, without failures that may be those of a machine.
func (p *packed) trace(known *knownParts) (*matrix.Trace, error) {
	t, err := p.unpack(known)
	if err != nil {
		return nil, err
	}
	t.Failures = slices.DeleteFunc(t.Failures, ofMachine)
	return t, nil
}

// ofMachine reports whether the machine may be the reason for a failure. Earlier
// versions of matrixrun recorded such failures.
func ofMachine(f matrix.Failure) bool {
	return strings.Contains(f.Reason, ": signal: killed") || fault.Shortage(f.Reason+"\n"+f.Log) != ""
}

// PutTrace records a trace, and replaces any that was recorded before. An
// incomplete trace is useful too: a later run can add to it.
func (s *Store) PutTrace(key TraceKey, t *matrix.Trace) error {
	p, err := pack(t)
	if err != nil {
		return fmt.Errorf("recording a result: %w", err)
	}
	return s.put("trace", key.String(), p)
}

// recall returns what is recorded for a key, or nil and the reason why it cannot.
func recall[T any](s *Store, kind, key string) (v *T, miss string) {
	v = new(T)
	if miss := s.get(kind, key, v); miss != "" {
		return nil, miss
	}
	return v, ""
}

// hash returns the SHA-256 of a key's fields, which JSON separates. The fields are
// such that encoding cannot fail. Changing this loses every record.
func hash(key any) string {
	text, err := json.Marshal(key)
	if err != nil {
		panic(err)
	}
	return checksum.Bytes(text)
}

// place returns the file for a key. The first digits of the key spread the files over
// 256 folders.
func (s *Store) place(kind, key string) string {
	return filepath.Join(s.dir, kind, key[:2], key)
}

var digestPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// isDigest reports whether a text is a SHA-256 in hex, and so a safe file name.
func isDigest(text string) bool { return digestPattern.MatchString(text) }
