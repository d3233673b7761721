package record

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// An EvidenceKey names what is looked for: a trial with an outcome, among those
// that a trace is of. That there is none is worth keeping too.
type EvidenceKey struct {
	TraceKey
	Outcome matrix.Outcome
}

// String returns the hash that stands for the key.
func (k EvidenceKey) String() string {
	return checksum.Bytes([]byte(k.TraceKey.String() + string(k.Outcome)))
}

// Evidence returns the evidence of a key. The miss is empty for a hit, and else
// the reason why there is none.
func (s *Store) Evidence(key EvidenceKey) (e matrix.Evidence, miss string) {
	if miss := s.get("evidence", key.String(), &e); miss != "" {
		return matrix.Evidence{}, miss
	}
	return e, ""
}

// PutEvidence keeps evidence, in the place of what there may be.
func (s *Store) PutEvidence(key EvidenceKey, e matrix.Evidence) error {
	if err := s.put("evidence", key.String(), e); err != nil {
		return fmt.Errorf("recording evidence: %w", err)
	}
	return nil
}
