package report

import (
	"context"
	"fmt"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A Journal collects what both sides of a trial see, and lets the trial wait
// for it, so that nothing has to sleep. Access its fields only in the
// functions passed to Look, Change and Await.
type Journal struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	Seen                  // by the server
	Client  []Sighting    // by the client
	Early   int           // bytes that left the client in 0-RTT packets
	Hold    bool          // the server does not read its streams

	// Where the servers run in another process:
	Answered int   // number of the client's last order that the other process has applied
	Gone     error // why the other process sends no more
}

// Seen is what the server of a trial saw.
type Seen struct {
	Saw    []Sighting     `json:"saw"`
	Shook  bool           `json:"shook"`  // its handshake is complete
	Killed bool           `json:"killed"` // its connection died of a transport error
	Ended  bool           `json:"ended"`  // its connection ended, for whatever reason
	Stale  bool           `json:"stale"`  // it received something that was sent on the attempt
	Marked bool           `json:"marked"` // it received LastDatagram
	Open   map[int64]bool `json:"open"`   // streams that it is working on
	Reset  map[int64]bool `json:"reset"`  // streams on which it saw the canary code
}

// NewJournal returns an empty Journal.
func NewJournal() *Journal {
	return &Journal{
		changed: make(chan struct{}),
		Seen:    Seen{Saw: []Sighting{}, Open: make(map[int64]bool), Reset: make(map[int64]bool)},
	}
}

// Look calls f, which must not change anything, and returns a channel that is
// closed at the next change.
func (j *Journal) Look(f func()) (changed <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	return j.changed
}

// Change calls f and wakes all that wait for a change.
func (j *Journal) Change(f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
	close(j.changed)
	j.changed = make(chan struct{})
}

// Await waits until holds returns true. It calls holds with the journal
// locked. words name what it waits for, for the error if ctx ends first.
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

// Opened records that the server is working on a stream.
func (j *Journal) Opened(stream int64) { j.Change(func() { j.Open[stream] = true }) }

// Done records that the server no longer works on a stream.
func (j *Journal) Done(stream int64) { j.Change(func() { delete(j.Open, stream) }) }

// LeftEarly records that bytes have left the client in 0-RTT packets.
func (j *Journal) LeftEarly(bytes int) { j.Change(func() { j.Early += bytes }) }

// StreamEnded records that a fault ended a stream on one side. It ignores
// faults that are not a reset or stop, and those that the server itself
// caused.
func (j *Journal) StreamEnded(side, during string, stream int64, f Fault) {
	if f.Kind != FaultStream || f.Code == CodeGiveUp && side == wire.Server {
		return // not an event, or the server's own doing
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

// ConnectionEnded records how the connection ended on the server. A close by
// the application, with which each trial ends, is not a sighting.
func (j *Journal) ConnectionEnded(f Fault) {
	j.Change(func() {
		if f.Kind != FaultApplication {
			j.Saw = append(j.Saw, Sighting{wire.Server, wire.WholeConnection, f.Code, f.Err.Error()})
		}
		j.Ended = true
		j.Killed = j.Killed || f.Kind == FaultTransport
	})
}

// Settled reports whether the server has nothing more to see on the streams
// that it accepted: each has finished or is known to have been reset. The end
// of the connection ends all streams, but not at once, so it does not count
// here. Call Settled from Await.
func (j *Journal) Settled() bool {
	for id := range j.Open {
		if !j.Reset[id] {
			return false
		}
	}
	return true
}

// Delivered records that the server received something that was sent on the
// attempt. It counts like the canary code, for data that cannot carry a code.
func (j *Journal) Delivered(during string, stream int64) {
	j.Change(func() {
		j.Stale = true
		j.Saw = append(j.Saw, Sighting{wire.Server, stream, Canary, during})
	})
}

// Leaked reports whether the server saw a leak, and how severe. It counts only
// streams for which counts returns true. Call Leaked from Await.
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

// AwaitReading waits while the server is held from reading.
func (j *Journal) AwaitReading() {
	_ = j.Await(context.Background(), "a word to read", func() bool { return !j.Hold || j.Ended })
}
