package sweep

import "sync"

// quiet keeps the machine to one scenario's trials: whatever loads it, in any
// row, works beside the rest, and trials that are to run apart work alone.
//
// It is held for the work itself and for nothing else: who waits for a keyed
// lock, or for another part of quiet, does not hold it.
type quiet struct{ mu sync.RWMutex }

// beside waits until nobody works alone. It returns what ends the work.
func (q *quiet) beside() func() {
	q.mu.RLock()
	return q.mu.RUnlock
}

// alone waits until all other work has come to its end, and keeps new work
// waiting. It returns what ends the work.
func (q *quiet) alone() func() {
	q.mu.Lock()
	return q.mu.Unlock
}
