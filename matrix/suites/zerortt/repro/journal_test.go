package main

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go"
)

// What a side may be told. The codes that are not the canary's are chosen to be
// as close to it as they can be.
var (
	byCanary    = &quic.StreamError{StreamID: 4, ErrorCode: canary, Remote: true}
	byOther     = &quic.StreamError{StreamID: 4, ErrorCode: canary + 1, Remote: true}
	byServer    = &quic.StreamError{StreamID: 4, ErrorCode: codeGivUp}
	byTransport = &quic.TransportError{Remote: true, ErrorCode: quic.StreamStateError, ErrorMessage: "no such stream"}
	byClosing   = &quic.ApplicationError{Remote: true, ErrorCode: canary}
	byIdling    = &quic.IdleTimeoutError{}
)

// A journalTest is what became of one thing that was noted.
type journalTest struct {
	name     string
	note     func(*journal)
	severity string // of the leak; empty for none
	saw      int    // sightings
	ended    bool
}

var journalTests = []journalTest{
	{"nothing", func(*journal) {}, "", 0, false},

	{"the server sees the canary", func(j *journal) { j.streamEnded(serverSide, "read", 4, byCanary) }, ofStream, 1, false},
	{"the server sees the canary twice", func(j *journal) {
		j.streamEnded(serverSide, "read", 4, byCanary)
		j.streamEnded(serverSide, "write", 4, byCanary)
	}, ofStream, 2, false},
	{"the client sees the canary", func(j *journal) { j.streamEnded(clientSide, "read", 4, byCanary) }, "", 1, false},
	{"another code", func(j *journal) { j.streamEnded(serverSide, "read", 4, byOther) }, "", 1, false},
	{"the server's own reset", func(j *journal) { j.streamEnded(serverSide, "write", 4, byServer) }, "", 0, false},
	{"the server's reset on the client", func(j *journal) { j.streamEnded(clientSide, "read", 4, byServer) }, "", 1, false},
	{"the end of a stream", func(j *journal) { j.streamEnded(serverSide, "read", 4, io.EOF) }, "", 0, false},

	{"a transport error", func(j *journal) { j.connectionEnded(byTransport) }, ofConnection, 1, true},
	{"a transport error on a stream", func(j *journal) { j.streamEnded(serverSide, "read", 4, byTransport) }, "", 0, false},
	{"a transport error after the canary", func(j *journal) {
		j.streamEnded(serverSide, "read", 4, byCanary)
		j.connectionEnded(byTransport)
	}, ofConnection, 2, true},
	{"an application's close, with the canary's code", func(j *journal) { j.connectionEnded(byClosing) }, "", 0, true},
	{"an idle timeout", func(j *journal) { j.connectionEnded(byIdling) }, "", 1, true},
	{"an error of another kind", func(j *journal) { j.connectionEnded(errors.New("no")) }, "", 1, true},
}

// TestJournal holds what is a leak: the canary and transport errors, in so far as
// the server saw them, and nothing else.
func TestJournal(t *testing.T) {
	for _, test := range journalTests {
		t.Run(test.name, func(t *testing.T) {
			j := newJournal()
			test.note(j)
			severity, hit := j.leaked(anyStream)
			if severity != test.severity || hit != (test.severity != "") {
				t.Errorf("leaked: %q, %v, want %q", severity, hit, test.severity)
			}
			if blamed := j.blame(anyStream) != ""; blamed != hit {
				t.Errorf("blame says %q", j.blame(anyStream))
			}
			if len(j.Saw)+len(j.client) != test.saw {
				t.Errorf("the server saw %v, the client %v: want %d sightings", j.Saw, j.client, test.saw)
			}
			if j.Ended != test.ended {
				t.Errorf("ended: %v", j.Ended)
			}
		})
	}
}

// TestJournalCounts holds the canary against the streams that count. A dead
// connection takes all streams with it.
func TestJournalCounts(t *testing.T) {
	j := newJournal()
	j.streamEnded(serverSide, "read", 4, byCanary)
	none := func(int64) bool { return false }
	later := func(stream int64) bool { return stream >= 8 }
	if _, hit := j.leaked(none); hit || j.blame(none) != "" {
		t.Error("a stream that does not count was counted")
	}
	j.streamEnded(serverSide, "write", 8, byCanary)
	if _, hit := j.leaked(later); !hit {
		t.Error("a stream that counts was not counted")
	}
	const blame = "the server saw a reset with the canary code: write: "
	if got := j.blame(later); len(got) < len(blame) || got[:len(blame)] != blame {
		t.Errorf("blame says %q, want the stream that counts", got)
	}
	j.connectionEnded(byTransport)
	if severity, _ := j.leaked(none); severity != ofConnection {
		t.Errorf("the connection died, which is %q", severity)
	}
	if got, want := j.blame(later), "the server saw the next connection die: "+byTransport.Error(); got != want {
		t.Errorf("blame says %q, want the worst, %q", got, want)
	}
}

// TestSightings holds what a sighting tells.
func TestSightings(t *testing.T) {
	j := newJournal()
	j.streamEnded(clientSide, "write", 4, byOther)
	j.connectionEnded(byTransport)
	client := []sighting{{clientSide, 4, canary + 1, "write: " + byOther.Error()}}
	server := []sighting{{serverSide, wholeConnection, uint64(quic.StreamStateError), byTransport.Error()}}
	if diff := cmp.Diff([][]sighting{client, server}, [][]sighting{j.client, j.Saw}); diff != "" {
		t.Error(diff)
	}
}

// TestSettled takes a journal through the lives of two streams.
func TestSettled(t *testing.T) {
	j := newJournal()
	want := func(settled bool, when string) {
		t.Helper()
		if j.settled() != settled {
			t.Errorf("%s: settled is %v", when, !settled)
		}
	}
	want(true, "before any stream")
	j.opened(4)
	want(false, "with a stream open")
	j.streamEnded(clientSide, "read", 4, byCanary)
	want(false, "when the client saw a reset")
	j.streamEnded(serverSide, "read", 4, byOther)
	want(false, "when it was not the canary")
	j.streamEnded(serverSide, "read", 4, byCanary)
	want(true, "when all that can be known of the stream is known")
	j.opened(8)
	want(false, "with another stream open")
	j.connectionEnded(byClosing)
	want(false, "when the stream is still to tell how it ended")
	j.done(8)
	want(true, "when it has")
}

// TestAwait waits for something that holds already, that comes in steps, and
// that never comes.
func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJournal()
		ctx, cancel := context.WithCancel(t.Context())
		if err := j.await(ctx, "nothing", func() bool { return true }); err != nil {
			t.Error(err)
		}

		var got error
		returned := false
		wait := func(want int) {
			returned = false
			go func() {
				got = j.await(ctx, "the streams", func() bool { return len(j.Open) == want })
				returned = true
			}()
			synctest.Wait()
		}
		wait(2)
		j.opened(0)
		synctest.Wait()
		if returned {
			t.Fatal("it returned after the first of two")
		}
		j.opened(4)
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
