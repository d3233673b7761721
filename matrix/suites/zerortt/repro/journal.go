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
	seen                  // by the server
	client  []sighting    // by the client
	early   int           // bytes that left the client in 0-RTT packets
	hold    bool          // the server is not to read its streams for now

	// Where the servers run in another process:
	answered int   // the last of the client's words that it has heeded
	gone     error // why no more is heard of it
}

// seen is what the server of a trial saw.
type seen struct {
	Saw    []sighting     `json:"saw"`
	Shook  bool           `json:"shook"`  // it is through with the handshake
	Killed bool           `json:"killed"` // its connection died of a transport error
	Ended  bool           `json:"ended"`  // its connection ended, in whatever way
	Stale  bool           `json:"stale"`  // it got something that belongs to the attempt
	Marked bool           `json:"marked"` // it got the last datagram of the next connection
	Open   map[int64]bool `json:"open"`   // streams that it is busy with
	Reset  map[int64]bool `json:"reset"`  // streams on which it saw the canary
}

func newJournal() *journal {
	return &journal{
		changed: make(chan struct{}),
		seen:    seen{Saw: []sighting{}, Open: make(map[int64]bool), Reset: make(map[int64]bool)},
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
		ok, changed, gone := holds(), j.changed, j.gone
		j.mu.Unlock()
		if ok {
			return nil
		}
		if gone != nil {
			return fmt.Errorf("waiting for %s: %v", words, gone)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %v", words, ctx.Err())
		}
	}
}

// opened notes that the server works on a stream, done that it no longer does.
func (j *journal) opened(stream int64) { j.change(func() { j.Open[stream] = true }) }
func (j *journal) done(stream int64)   { j.change(func() { delete(j.Open, stream) }) }

// leftEarly notes that 0-RTT packets left the client.
func (j *journal) leftEarly(bytes int) { j.change(func() { j.early += bytes }) }

// streamEnded notes that an error ended a stream on one side, where it was the
// peer's doing.
func (j *journal) streamEnded(side, during string, stream int64, err error) {
	f := classify(err)
	if f.kind != faultStream || f.code == codeGivUp && side == serverSide {
		return // its own doing
	}
	sight := sighting{side, stream, f.code, during + ": " + err.Error()}
	j.change(func() {
		if side == clientSide {
			j.client = append(j.client, sight)
			return
		}
		j.Saw = append(j.Saw, sight)
		if f.code == canary {
			j.Reset[stream] = true
		}
	})
}

// connectionEnded notes how the connection ended on the server. That it was
// closed by an application, which is how each trial ends, is nothing to tell.
func (j *journal) connectionEnded(err error) {
	f := classify(err)
	j.change(func() {
		if f.kind != faultApplication {
			j.Saw = append(j.Saw, sighting{serverSide, wholeConnection, f.code, err.Error()})
		}
		j.Ended = true
		j.Killed = j.Killed || f.kind == faultTransport
	})
}

// settled reports whether the server has nothing more to say about the streams
// that it accepted: each was finished, or is known to have been reset. The end
// of the connection finishes them all, but not at once, so that it alone says
// nothing. Call it from await.
func (j *journal) settled() bool {
	for id := range j.Open {
		if !j.Reset[id] {
			return false
		}
	}
	return true
}

// delivered notes that the server got something that the client sent on the
// rejected attempt. It stands for the canary where no code can be sent along.
func (j *journal) delivered(during string, stream int64) {
	j.change(func() {
		j.Stale = true
		j.Saw = append(j.Saw, sighting{serverSide, stream, canary, during})
	})
}

// leaked says whether the server was hit, and how badly, counting only the
// streams that the filter admits.
func (j *journal) leaked(counts func(stream int64) bool) (severity string, hit bool) {
	if j.Killed {
		return ofConnection, true
	}
	if j.Stale {
		return ofStream, true
	}
	for id := range j.Reset {
		if counts(id) {
			return ofStream, true
		}
	}
	return "", false
}
