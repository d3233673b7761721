package sweep

import (
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// did is what one row took.
type did struct {
	stage  string // the last one that was told
	laid   bool   // out on disk, if only to see that a patch does not go on
	built  bool
	failed bool // something could not be found out
	trials int
	cpu    matrix.CPU
}

// counters add up what the rows took.
type counters struct {
	mu    sync.Mutex
	total matrix.Done
}

func (c *counters) row(d did) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.Rows++
	c.total.Trials += d.trials
	c.total.CPU = c.total.CPU.Plus(d.cpu)
	if d.built {
		c.total.Built++
	}
	if !d.laid && !d.failed && d.trials == 0 {
		c.total.Recalled++
	}
}

// built counts a compilation that is no row's own.
func (c *counters) built(cpu matrix.CPU) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.Built++
	c.total.CPU = c.total.CPU.Plus(cpu)
}

func (c *counters) done() matrix.Done {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

// keyed is a lock for each key.
type keyed struct {
	mu    sync.Mutex
	locks map[string]*sync.Mutex
}

// lock takes the key's lock and returns what gives it back.
func (k *keyed) lock(key string) func() {
	k.mu.Lock()
	if k.locks == nil {
		k.locks = make(map[string]*sync.Mutex)
	}
	l := k.locks[key]
	if l == nil {
		l = new(sync.Mutex)
		k.locks[key] = l
	}
	k.mu.Unlock()
	l.Lock()
	return l.Unlock
}

// whole makes empty lists of those that a cell has not, so that an event's row
// reads as one of results.json does.
func whole(cells []matrix.Cell) []matrix.Cell {
	for i := range cells {
		c := &cells[i]
		if c.Saw == nil {
			c.Saw = []matrix.Sighting{}
		}
		if c.Evidence == nil {
			c.Evidence = []string{}
		}
	}
	return cells
}

// serial lets one goroutine at a time through to a function.
func serial(emit func(matrix.Event)) func(matrix.Event) {
	var mu sync.Mutex
	return func(e matrix.Event) {
		mu.Lock()
		defer mu.Unlock()
		emit(e)
	}
}

// recall is the record as one sweep uses it. A fresh one sees only what was put
// there since it began, so that it starts over and yet tries no binary twice.
type recall struct {
	*record.Store
	fresh bool
	mu    sync.Mutex
	put   map[any]bool      // keys that this sweep put
	read  map[string]string // binaries whose sums this sweep has checked, by SHA-256
}

func newRecall(s *record.Store, fresh bool) *recall {
	return &recall{Store: s, fresh: fresh, put: make(map[any]bool), read: make(map[string]string)}
}

// seen reports whether a key may be recalled.
func (r *recall) seen(key any) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.fresh || r.put[key]
}

func (r *recall) note(key any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put[key] = true
}

const startedOver = "this run starts over"

// Artifact is the record's, if this sweep may recall it.
func (r *recall) Artifact(key string) (matrix.Artifact, string) {
	if !r.seen(key) {
		return matrix.Artifact{}, startedOver
	}
	return r.Store.Artifact(key)
}

// PutArtifact keeps an artifact.
func (r *recall) PutArtifact(key string, a matrix.Artifact) (matrix.Artifact, error) {
	r.note(key)
	return r.Store.PutArtifact(key, a)
}

// Binary is the record's. A sweep that tries a binary's scenarios one by one reads
// it whole only once.
func (r *recall) Binary(a matrix.Artifact) (path, miss string) {
	r.mu.Lock()
	path = r.read[a.SHA256]
	r.mu.Unlock()
	if path != "" {
		return path, ""
	}
	if path, miss = r.Store.Binary(a); miss == "" {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.read[a.SHA256] = path
	}
	return path, miss
}

// Trace is the record's, if this sweep may recall it.
func (r *recall) Trace(key record.TraceKey) (*matrix.Trace, string) {
	if !r.seen(key) {
		return nil, startedOver
	}
	return r.Store.Trace(key)
}

// Evidence is the record's, if this sweep may recall it.
func (r *recall) Evidence(key record.EvidenceKey) (matrix.Evidence, string) {
	if !r.seen(key) {
		return matrix.Evidence{}, startedOver
	}
	return r.Store.Evidence(key)
}

// PutEvidence keeps evidence.
func (r *recall) PutEvidence(key record.EvidenceKey, e matrix.Evidence) error {
	r.note(key)
	return r.Store.PutEvidence(key, e)
}

// PutTrace keeps a trace.
func (r *recall) PutTrace(key record.TraceKey, t *matrix.Trace) error {
	r.note(key)
	return r.Store.PutTrace(key, t)
}
