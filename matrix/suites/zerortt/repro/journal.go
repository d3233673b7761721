package main

import (
	"context"
	"fmt"
	"sync"
)

// A journal collects what both sides of a trial saw, and lets the trial wait
// for it: nothing in this program sleeps.
type journal struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	saw     []sighting
	early   int            // bytes that left the client in 0-RTT packets
	shook   bool           // the server is through with the handshake
	killed  bool           // the server saw its connection die of a transport error
	ended   bool           // the server saw its connection end, in whatever way
	open    map[int64]bool // streams that the server is busy with
	reset   map[int64]bool // streams on which the server saw the canary
	stale   bool           // the server got something that belongs to the attempt
	marked  bool           // the server got the last datagram of the next connection
	idle    bool           // the server does not read its streams for now
}

func newJournal() *journal {
	return &journal{
		changed: make(chan struct{}),
		open:    make(map[int64]bool),
		reset:   make(map[int64]bool),
	}
}

// change applies f and wakes everybody who waits.
func (j *journal) change(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	close(j.changed)
	j.changed = make(chan struct{})
}

// await blocks until the condition, called with the journal locked, holds. The
// words say what was waited for, should the context end first.
func (j *journal) await(ctx context.Context, words string, holds func() bool) error {
	for {
		j.mu.Lock()
		ok, changed := holds(), j.changed
		j.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %v", words, ctx.Err())
		}
	}
}

// opened notes that the server works on a stream, done that it no longer does.
func (j *journal) opened(stream int64) { j.change(func() { j.open[stream] = true }) }
func (j *journal) done(stream int64)   { j.change(func() { delete(j.open, stream) }) }

// leftEarly notes that 0-RTT packets left the client.
func (j *journal) leftEarly(bytes int) { j.change(func() { j.early += bytes }) }

// streamEnded notes that an error ended a stream on one side, where it was the
// peer's doing.
func (j *journal) streamEnded(side, during string, stream int64, err error) {
	f := classify(err)
	if f.kind != faultStream || f.code == codeGivUp && side == serverSide {
		return // its own doing
	}
	j.change(func() {
		j.saw = append(j.saw, sighting{side, stream, f.code, during + ": " + err.Error()})
		if side == serverSide && f.code == canary {
			j.reset[stream] = true
		}
	})
}

// connectionEnded notes how the connection ended on the server. That it was
// closed by an application, which is how each trial ends, is nothing to tell.
func (j *journal) connectionEnded(err error) {
	f := classify(err)
	j.change(func() {
		if f.kind != faultApplication {
			j.saw = append(j.saw, sighting{serverSide, wholeConnection, f.code, err.Error()})
		}
		j.ended = true
		j.killed = j.killed || f.kind == faultTransport
	})
}

// settled reports whether the server has nothing more to say about the streams
// that it accepted: each was finished, or is known to have been reset. The end
// of the connection finishes them all, but not at once, so that it alone says
// nothing. Call it from await.
func (j *journal) settled() bool {
	for id := range j.open {
		if !j.reset[id] {
			return false
		}
	}
	return true
}

// delivered notes that the server got something that the client sent on the
// rejected attempt. It stands for the canary where no code can be sent along.
func (j *journal) delivered(during string, stream int64) {
	j.change(func() {
		j.stale = true
		j.saw = append(j.saw, sighting{serverSide, stream, canary, during})
	})
}

// leaked says whether the server was hit, and how badly, counting only the
// streams that the filter admits.
func (j *journal) leaked(counts func(stream int64) bool) (severity string, hit bool) {
	if j.killed {
		return ofConnection, true
	}
	if j.stale {
		return ofStream, true
	}
	for id := range j.reset {
		if counts(id) {
			return ofStream, true
		}
	}
	return "", false
}
