package report

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// Faults that a side may see. The codes other than the canary are as close to
// it as they can be.
var (
	byCanary    = Fault{FaultStream, Canary, errors.New("stream 4 was reset with the canary")}
	byOther     = Fault{FaultStream, Canary + 1, errors.New("stream 4 was reset")}
	byServer    = Fault{FaultStream, CodeGiveUp, errors.New("the server gives up")}
	byTransport = Fault{FaultTransport, 5, errors.New("no such stream")}
	byClosing   = Fault{FaultApplication, Canary, errors.New("closed")}
	byIdling    = Fault{FaultOther, 0, errors.New("idle")}
	byEnd       = Fault{FaultOther, 0, io.EOF}
)

// A journalTest is the expected state of a journal after one event.
type journalTest struct {
	name     string
	note     func(*Journal)
	severity string // of the leak; empty for none
	saw      int    // sightings
	ended    bool
}

var journalTests = []journalTest{
	{"nothing", func(*Journal) {}, "", 0, false},

	{"the server sees the canary", func(j *Journal) { j.StreamEnded(wire.Server, "read", 4, byCanary) }, OfStream, 1, false},
	{"the server sees the canary twice", func(j *Journal) {
		j.StreamEnded(wire.Server, "read", 4, byCanary)
		j.StreamEnded(wire.Server, "write", 4, byCanary)
	}, OfStream, 2, false},
	{"the client sees the canary", func(j *Journal) { j.StreamEnded(wire.Client, "read", 4, byCanary) }, "", 1, false},
	{"another code", func(j *Journal) { j.StreamEnded(wire.Server, "read", 4, byOther) }, "", 1, false},
	{"the server's own reset", func(j *Journal) { j.StreamEnded(wire.Server, "write", 4, byServer) }, "", 0, false},
	{"the server's reset on the client", func(j *Journal) { j.StreamEnded(wire.Client, "read", 4, byServer) }, "", 1, false},
	{"the end of a stream", func(j *Journal) { j.StreamEnded(wire.Server, "read", 4, byEnd) }, "", 0, false},

	{"a transport error", func(j *Journal) { j.ConnectionEnded(byTransport) }, OfConnection, 1, true},
	{"a transport error on a stream", func(j *Journal) { j.StreamEnded(wire.Server, "read", 4, byTransport) }, "", 0, false},
	{"a transport error after the canary", func(j *Journal) {
		j.StreamEnded(wire.Server, "read", 4, byCanary)
		j.ConnectionEnded(byTransport)
	}, OfConnection, 2, true},
	{"an application's close, with the canary's code", func(j *Journal) { j.ConnectionEnded(byClosing) }, "", 0, true},
	{"an idle timeout", func(j *Journal) { j.ConnectionEnded(byIdling) }, "", 1, true},
	{"an error of another kind", func(j *Journal) { j.ConnectionEnded(Fault{Err: errors.New("no")}) }, "", 1, true},
}

// TestJournal checks what counts as a leak: resets with the canary code and
// transport errors that the server saw, and nothing else.
func TestJournal(t *testing.T) {
	for _, test := range journalTests {
		t.Run(test.name, func(t *testing.T) {
			j := NewJournal()
			test.note(j)
			severity, hit := j.Leaked(AnyStream)
			if severity != test.severity || hit != (test.severity != "") {
				t.Errorf("Leaked returns %q, %v, want %q", severity, hit, test.severity)
			}
			if blamed := j.blame(AnyStream) != ""; blamed != hit {
				t.Errorf("blame says %q", j.blame(AnyStream))
			}
			if len(j.Saw)+len(j.Client) != test.saw {
				t.Errorf("the server saw %v, the client %v: want %d sightings", j.Saw, j.Client, test.saw)
			}
			if j.Ended != test.ended {
				t.Errorf("ended: %v", j.Ended)
			}
		})
	}
}

// TestJournalCounts checks that only the streams that count are searched for
// the canary code. A dead connection always counts.
func TestJournalCounts(t *testing.T) {
	j := NewJournal()
	j.StreamEnded(wire.Server, "read", 4, byCanary)
	none := func(int64) bool { return false }
	later := func(stream int64) bool { return stream >= 8 }
	if _, hit := j.Leaked(none); hit || j.blame(none) != "" {
		t.Error("a stream that does not count was counted")
	}
	j.StreamEnded(wire.Server, "write", 8, byCanary)
	if _, hit := j.Leaked(later); !hit {
		t.Error("a stream that counts was not counted")
	}
	const blame = "the server saw a reset with the canary code: write: "
	if got := j.blame(later); len(got) < len(blame) || got[:len(blame)] != blame {
		t.Errorf("blame says %q, want the stream that counts", got)
	}
	j.ConnectionEnded(byTransport)
	if severity, _ := j.Leaked(none); severity != OfConnection {
		t.Errorf("severity of a dead connection: %q", severity)
	}
	if got, want := j.blame(later), "the server saw the next connection die: "+byTransport.Err.Error(); got != want {
		t.Errorf("blame says %q, want the worst, %q", got, want)
	}
}

// TestSightings checks the fields of a sighting.
func TestSightings(t *testing.T) {
	j := NewJournal()
	j.StreamEnded(wire.Client, "write", 4, byOther)
	j.ConnectionEnded(byTransport)
	client := []Sighting{{wire.Client, 4, Canary + 1, "write: " + byOther.Err.Error()}}
	server := []Sighting{{wire.Server, wire.WholeConnection, 5, byTransport.Err.Error()}}
	if diff := cmp.Diff([][]Sighting{client, server}, [][]Sighting{j.Client, j.Saw}); diff != "" {
		t.Error(diff)
	}
}

// TestSettled takes a journal through the lives of two streams.
func TestSettled(t *testing.T) {
	j := NewJournal()
	want := func(settled bool, when string) {
		t.Helper()
		if j.Settled() != settled {
			t.Errorf("%s: settled is %v", when, !settled)
		}
	}
	want(true, "before any stream")
	j.Opened(4)
	want(false, "with a stream open")
	j.StreamEnded(wire.Client, "read", 4, byCanary)
	want(false, "when the client saw a reset")
	j.StreamEnded(wire.Server, "read", 4, byOther)
	want(false, "when it was not the canary")
	j.StreamEnded(wire.Server, "read", 4, byCanary)
	want(true, "when all that can be known of the stream is known")
	j.Opened(8)
	want(false, "with another stream open")
	j.ConnectionEnded(byClosing)
	want(false, "when the connection has ended but the stream has not")
	j.Done(8)
	want(true, "when the stream has ended, too")
}

// TestAwait waits for a condition that holds already, for one that takes two
// changes, and for one that never holds.
func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := NewJournal()
		ctx, cancel := context.WithCancel(t.Context())
		if err := j.Await(ctx, "nothing", func() bool { return true }); err != nil {
			t.Error(err)
		}

		var got error
		returned := false
		wait := func(want int) {
			returned = false
			go func() {
				got = j.Await(ctx, "the streams", func() bool { return len(j.Open) == want })
				returned = true
			}()
			synctest.Wait()
		}
		wait(2)
		j.Opened(0)
		synctest.Wait()
		if returned {
			t.Fatal("it returned after the first of two")
		}
		j.Opened(4)
		synctest.Wait()
		if !returned || got != nil {
			t.Fatalf("returned: %v, with %v", returned, got)
		}

		wait(3)
		cancel()
		synctest.Wait()
		if !returned || got == nil || got.Error() != "waiting for the streams: context canceled" {
			t.Errorf("returned: %v, with %v", returned, got)
		}
	})
}
