package sweep

import (
	"context"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// A kept is a piece of work whose outcome the record keeps. It is done once: by
// this row, by another row that needs the same, or by another process that uses
// the record.
type kept[T any] struct {
	kind string // such as "build", see claim
	key  string // of the entry
	name string // of the outcome, for a *MissError

	// get returns what the record has, and why that is not enough; an empty miss
	// means that it is.
	get func() (had T, miss string)

	// make does the work, given what get returned, and puts the outcome into the
	// record unless another time might give another one.
	make func(had T, miss string) (T, error)
}

// obtain returns the outcome: from the record if it is there, else made now for
// the row w.
func (k kept[T]) obtain(ctx context.Context, w *work) (T, error) {
	defer w.sweep.busy.lock(k.kind + " " + k.key)()
	had, miss := k.get()
	if miss == "" {
		return had, nil
	}
	var none T
	if w.recall {
		return none, &MissError{What: k.name, Why: miss}
	}
	release, err := w.claim(ctx, k.kind, k.key)
	if err != nil {
		return none, err
	}
	defer release()
	had, miss = k.get() // another process may have put it there
	if miss == "" {
		return had, nil
	}
	return k.make(had, miss)
}

// claim waits until no other process does the same work, or until that process seems
// to be suspended. If it waits long, the row says for whom. It is only called for
// what is not in the record, so that a run that recalls everything takes no lock
// of another process.
//
// The caller holds the lock of the same key in this process already. Claims are
// taken in this order, and never two of one kind, so that no two processes wait
// for each other (see record.Claim):
//
//	build
//	trace or evidence, then binary
//	upstream, then tests
//
// The caller must not hold a part of the load, or anything else that the holder of
// another claim may need to finish.
func (w *work) claim(ctx context.Context, kind, key string) (release func(), err error) {
	row := w.inPlan()
	return w.sweep.store.Claim(ctx, kind, key, func(h record.Holder) {
		// so that the next stage is sent again, even if it was sent before
		row.effort.add(func(e *effort) { e.stage = "wait" })
		w.sweep.send(matrix.Event{Step: &matrix.Step{Row: row.row.ID, Stage: "wait", Process: h.Process, Silent: h.Silent}})
	})
}

// A keyed is a lock for each key.
type keyed struct {
	mu    sync.Mutex
	locks map[string]*sync.Mutex
}

// lock takes the lock of a key and returns the function that releases it.
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
