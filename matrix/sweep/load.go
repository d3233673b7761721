package sweep

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A load bounds what a sweep does to the machine at a time. Builds and trials come
// in the order in which they ask. As trials wait now and then, there is room for
// half as many more of them as there are rows at a time, which keeps all cores at
// work; how much that disturbs trials is what make soak measures.
//
// Trials that are to run apart work alone: everything else works beside the rest.
// A load is held for the work itself and for nothing else: who waits for a keyed
// lock, or for a turn to build, does not hold it.
type load struct {
	room  *semaphore.Weighted
	quiet sync.RWMutex
}

func newLoad(jobs int) *load {
	return &load{room: semaphore.NewWeighted(int64(jobs + jobs/2))}
}

// beside waits for room, and until nobody works alone. It returns what ends the
// work. The error is the context's.
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

// alone waits until all other work has come to its end, and keeps new work
// waiting. It returns what ends the work.
func (l *load) alone() (done func()) {
	l.quiet.Lock()
	return l.quiet.Unlock
}

// lightly is beside for what waits for the network more than it computes: it needs
// no room.
func (l *load) lightly() (done func()) {
	l.quiet.RLock()
	return l.quiet.RUnlock
}
