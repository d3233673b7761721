package record

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// An EvidenceKey names the evidence for an outcome among the trials of a trace. If
// no trial has the outcome, that is recorded too.
type EvidenceKey struct {
	TraceKey
	Outcome matrix.Outcome
}

// String returns the SHA-256 of the key.
func (k EvidenceKey) String() string {
	return checksum.Bytes([]byte(k.TraceKey.String() + string(k.Outcome)))
}

// Evidence returns the evidence of a key. The miss is empty for a hit, and the
// reason otherwise.
func (s *Store) Evidence(key EvidenceKey) (e matrix.Evidence, miss string) {
	if miss := s.get("evidence", key.String(), &e); miss != "" {
		return matrix.Evidence{}, miss
	}
	if e.None != "" && !e.Proven {
		return matrix.Evidence{}, Unproven
	}
	return e, ""
}

// PutEvidence records evidence, and replaces any that was recorded before.
func (s *Store) PutEvidence(key EvidenceKey, e matrix.Evidence) error {
	return s.put("evidence", key.String(), e)
}
