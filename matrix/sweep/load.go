package sweep

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A load limits what a sweep runs at the same time. Builds and trials begin in the
// order in which they ask. Trials wait now and then, so half as many more of them
// run as there are jobs, which keeps all cores busy; make soak measures how much
// that disturbs trials.
//
// Trials that must run apart run alone, everything else runs beside the rest. A part
// of the load is held for the work itself only: a goroutine that waits for a keyed
// lock, a claim or a turn to build must not hold it.
type load struct {
	room  *semaphore.Weighted
	quiet sync.RWMutex
}

func newLoad(jobs int) *load {
	return &load{room: semaphore.NewWeighted(int64(jobs + jobs/2))}
}

// beside waits for room, and until nothing runs alone. The caller calls done when
// its work ends. The error is the context's.
func (l *load) beside(ctx context.Context) (done func(), err error) {
	if err := l.room.Acquire(ctx, 1); err != nil {
		return nil, context.Cause(ctx)
	}
	l.quiet.RLock()
	return func() {
		l.quiet.RUnlock()
		l.room.Release(1)
	}, nil
}

// alone waits until all other work has ended, and makes new work wait until done is
// called.
func (l *load) alone() (done func()) {
	l.quiet.Lock()
	return l.quiet.Unlock
}

// lightly is beside for work that waits for the network more than it computes: it
// needs no room.
func (l *load) lightly() (done func()) {
	l.quiet.RLock()
	return l.quiet.RUnlock
}
