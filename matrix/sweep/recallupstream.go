package sweep

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// A saidKey is the key of what tests said of patches, apart from that of the
// tests themselves.
type saidKey string

// Tests is the record's, if this sweep may recall it.
func (r *recall) Tests(key record.TestKey) (*matrix.TestRun, string) {
	if !r.seen(key.String()) {
		return nil, startedOver
	}
	return r.Store.Tests(key)
}

// PutTests keeps what the tests of a package came to.
func (r *recall) PutTests(key record.TestKey, run *matrix.TestRun) error {
	r.note(key.String())
	return r.Store.PutTests(key, run)
}

// Upstream is the record's, if this sweep may recall it.
func (r *recall) Upstream(key record.TestKey) (*matrix.Upstream, string) {
	if !r.seen(saidKey(key.String())) {
		return nil, startedOver
	}
	return r.Store.Upstream(key)
}

// PutUpstream keeps what the tests of a release said of patches.
func (r *recall) PutUpstream(key record.TestKey, u *matrix.Upstream) error {
	r.note(saidKey(key.String()))
	return r.Store.PutUpstream(key, u)
}
