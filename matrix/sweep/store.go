package sweep

import (
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// A store is the record as one sweep uses it. A fresh one only finds what this
// sweep has put there: it starts over, and still tries no binary twice.
type store struct {
	*record.Store
	fresh bool
	mu    sync.Mutex
	put   map[any]bool             // keys that this sweep put
	read  map[string]record.Binary // whose checksum this sweep has verified, by SHA-256
}

func newStore(s *record.Store, fresh bool) *store {
	return &store{Store: s, fresh: fresh, put: make(map[any]bool), read: make(map[string]record.Binary)}
}

// startedOver is why a fresh store does not have what an earlier sweep put there.
const startedOver = "this run starts over"

// hidden returns startedOver for a key that the sweep must not find.
func (s *store) hidden(key any) (miss string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh && !s.put[key] {
		return startedOver
	}
	return ""
}

// show makes a key visible that the sweep is about to put.
func (s *store) show(key any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put[key] = true
}

// own reports whether the sweep has put something under a key.
func (s *store) own(key any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put[key]
}

// Artifact is record.Store.Artifact, without what a fresh sweep must not find.
func (s *store) Artifact(key string) (matrix.Artifact, string) {
	if miss := s.hidden(key); miss != "" {
		return matrix.Artifact{}, miss
	}
	return s.Store.Artifact(key)
}

// PutArtifact is record.Store.PutArtifact.
func (s *store) PutArtifact(key string, a matrix.Artifact) (matrix.Artifact, error) {
	s.show(key)
	return s.Store.PutArtifact(key, a)
}

// Binary is record.Store.Binary, which reads the whole file to verify it. A sweep
// that tries the scenarios of a binary one by one verifies it again only if it changed.
func (s *store) Binary(a matrix.Artifact) (b record.Binary, miss string) {
	s.mu.Lock()
	b = s.read[a.SHA256]
	s.mu.Unlock()
	if b.Path != "" && b.Unchanged() {
		return b, ""
	}
	if b, miss = s.Store.Binary(a); miss == "" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.read[a.SHA256] = b
	}
	return b, miss
}

// Trace is record.Store.Trace, without what a fresh sweep must not find.
func (s *store) Trace(key record.TraceKey) (*matrix.Trace, string) {
	if miss := s.hidden(key); miss != "" {
		return nil, miss
	}
	return s.Store.Trace(key)
}

// PutTrace is record.Store.PutTrace.
func (s *store) PutTrace(key record.TraceKey, t *matrix.Trace) error {
	s.show(key)
	return s.Store.PutTrace(key, t)
}

// Evidence is record.Store.Evidence, without what a fresh sweep must not find.
func (s *store) Evidence(key record.EvidenceKey) (matrix.Evidence, string) {
	if miss := s.hidden(key); miss != "" {
		return matrix.Evidence{}, miss
	}
	return s.Store.Evidence(key)
}

// PutEvidence is record.Store.PutEvidence.
func (s *store) PutEvidence(key record.EvidenceKey, e matrix.Evidence) error {
	s.show(key)
	return s.Store.PutEvidence(key, e)
}

// An upstreamKey is a record.TestKey under which an upstream comparison is put. It
// is a type of its own because a run of tests can have the same key.
type upstreamKey string

// Tests is record.Store.Tests, without what a fresh sweep must not find.
func (s *store) Tests(key record.TestKey) (*matrix.TestRun, string) {
	if miss := s.hidden(key.String()); miss != "" {
		return nil, miss
	}
	return s.Store.Tests(key)
}

// PutTests is record.Store.PutTests.
func (s *store) PutTests(key record.TestKey, run *matrix.TestRun) error {
	s.show(key.String())
	return s.Store.PutTests(key, run)
}

// Upstream is record.Store.Upstream, without what a fresh sweep must not find.
func (s *store) Upstream(key record.TestKey) (*matrix.Upstream, string) {
	if miss := s.hidden(upstreamKey(key.String())); miss != "" {
		return nil, miss
	}
	return s.Store.Upstream(key)
}

// PutUpstream is record.Store.PutUpstream.
func (s *store) PutUpstream(key record.TestKey, u *matrix.Upstream) error {
	s.show(upstreamKey(key.String()))
	return s.Store.PutUpstream(key, u)
}
