package report

import (
	"context"
	"fmt"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A Journal collects what both sides of a trial saw, and lets the trial wait
// for it: nothing in this program sleeps. Its fields are read and written in the
// functions that Look, Change and Await take, and nowhere else.
type Journal struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	Seen                  // by the server
	Client  []Sighting    // by the client
	Early   int           // bytes that left the client in 0-RTT packets
	Hold    bool          // the server is not to read its streams for now

	// Where the servers run in another process:
	Answered int   // the last of the client's words that it has heeded
	Gone     error // why no more is heard of it
}

// Seen is what the server of a trial saw.
type Seen struct {
	Saw    []Sighting     `json:"saw"`
	Shook  bool           `json:"shook"`  // it is through with the handshake
	Killed bool           `json:"killed"` // its connection died of a transport error
	Ended  bool           `json:"ended"`  // its connection ended, in whatever way
	Stale  bool           `json:"stale"`  // it got something that belongs to the attempt
	Marked bool           `json:"marked"` // it got the last datagram of the next connection
	Open   map[int64]bool `json:"open"`   // streams that it is busy with
	Reset  map[int64]bool `json:"reset"`  // streams on which it saw the canary
}

// NewJournal returns an empty one.
func NewJournal() *Journal {
	return &Journal{
		changed: make(chan struct{}),
		Seen:    Seen{Saw: []Sighting{}, Open: make(map[int64]bool), Reset: make(map[int64]bool)},
	}
}

// Look applies f, which changes nothing, and returns a channel that is closed at
// the next change.
func (j *Journal) Look(f func()) (changed <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	return j.changed
}

// Change applies f and wakes everybody who waits.
func (j *Journal) Change(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	close(j.changed)
	j.changed = make(chan struct{})
}

// Await blocks until the condition, called with the journal locked, holds. The
// words say what was waited for, should the context end first.
func (j *Journal) Await(ctx context.Context, words string, holds func() bool) error {
	for {
		j.mu.Lock()
		ok, changed, gone := holds(), j.changed, j.Gone
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

// Opened notes that the server works on a stream.
func (j *Journal) Opened(stream int64) { j.Change(func() { j.Open[stream] = true }) }

// Done notes that the server no longer works on a stream.
func (j *Journal) Done(stream int64) { j.Change(func() { delete(j.Open, stream) }) }

// LeftEarly notes that 0-RTT packets left the client.
func (j *Journal) LeftEarly(bytes int) { j.Change(func() { j.Early += bytes }) }

// StreamEnded notes that a fault ended a stream on one side, where it was the
// peer's doing.
func (j *Journal) StreamEnded(side, during string, stream int64, f Fault) {
	if f.Kind != FaultStream || f.Code == CodeGiveUp && side == wire.Server {
		return // its own doing
	}
	sight := Sighting{side, stream, f.Code, during + ": " + f.Err.Error()}
	j.Change(func() {
		if side == wire.Client {
			j.Client = append(j.Client, sight)
			return
		}
		j.Saw = append(j.Saw, sight)
		if f.Code == Canary {
			j.Reset[stream] = true
		}
	})
}

// ConnectionEnded notes how the connection ended on the server. That it was
// closed by an application, which is how each trial ends, is nothing to tell.
func (j *Journal) ConnectionEnded(f Fault) {
	j.Change(func() {
		if f.Kind != FaultApplication {
			j.Saw = append(j.Saw, Sighting{wire.Server, wire.WholeConnection, f.Code, f.Err.Error()})
		}
		j.Ended = true
		j.Killed = j.Killed || f.Kind == FaultTransport
	})
}

// Settled reports whether the server has nothing more to say about the streams
// that it accepted: each was finished, or is known to have been reset. The end
// of the connection finishes them all, but not at once, so that it alone says
// nothing. Call it from Await.
func (j *Journal) Settled() bool {
	for id := range j.Open {
		if !j.Reset[id] {
			return false
		}
	}
	return true
}

// Delivered notes that the server got something that the client sent on the
// rejected attempt. It stands for the canary where no code can be sent along.
func (j *Journal) Delivered(during string, stream int64) {
	j.Change(func() {
		j.Stale = true
		j.Saw = append(j.Saw, Sighting{wire.Server, stream, Canary, during})
	})
}

// Leaked says whether the server was hit, and how badly, counting only the
// streams that the filter admits.
func (j *Journal) Leaked(counts func(stream int64) bool) (severity string, hit bool) {
	if j.Killed {
		return OfConnection, true
	}
	if j.Stale {
		return OfStream, true
	}
	for id := range j.Reset {
		if counts(id) {
			return OfStream, true
		}
	}
	return "", false
}

// AwaitReading blocks while the server is not to read.
func (j *Journal) AwaitReading() {
	_ = j.Await(context.Background(), "a word to read", func() bool { return !j.Hold || j.Ended })
}
