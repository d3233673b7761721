package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// newConcludeTrial is a trial that has come to its end, as far as conclude looks.
func newConcludeTrial(ctx context.Context) *trial {
	t := &trial{ctx: ctx, scenario: scenario{name: "some"}, servers: &pair{}, journal: newJournal(), counts: anyStream, survived: true}
	t.proof.Rejected = true
	return t
}

// TestConclude holds each ending against what the server saw of it, in time that
// is not the clock's.
func TestConclude(t *testing.T) {
	stopped := errors.New("read on stream 4 of the next connection: reset")
	tests := []struct {
		name     string
		err      error // what stopped the client
		note     func(*journal)
		outcome  string
		severity string
		why      string
	}{
		{"all went well", nil, func(*journal) {}, clean, "", "the next connection carried every message, and the server saw no reset"},
		{"the client alone was hit", stopped, func(j *journal) { j.streamEnded(clientSide, "read", 4, byCanary) }, inconclusive, "", stopped.Error()},
		{"the client was stopped by another code", stopped, func(j *journal) { j.streamEnded(serverSide, "read", 4, byOther) }, inconclusive, "", stopped.Error()},
		{"the connection was closed", stopped, func(j *journal) { j.connectionEnded(byClosing) }, inconclusive, "", stopped.Error()},
		{"the connection was idle", stopped, func(j *journal) { j.connectionEnded(byIdling) }, inconclusive, "", stopped.Error()},
		{"the server saw the canary", stopped, func(j *journal) { j.streamEnded(serverSide, "read", 4, byCanary) }, leak, ofStream,
			"the server saw a reset with the canary code: read: " + byCanary.Error()},
		{"the server saw the canary, and nobody noticed", nil, func(j *journal) { j.streamEnded(serverSide, "read", 4, byCanary) }, leak, ofStream,
			"the server saw a reset with the canary code: read: " + byCanary.Error()},
		{"the connection died", stopped, func(j *journal) { j.connectionEnded(byTransport) }, leak, ofConnection,
			"the server saw the next connection die: " + byTransport.Error()},
		{"a stream never ended", nil, func(j *journal) { j.opened(4) }, inconclusive, "",
			"waiting for the server to finish its streams: context deadline exceeded"},
		{"a stream never ended, and the connection did", nil, func(j *journal) { j.opened(4); j.connectionEnded(byIdling) }, inconclusive, "",
			"waiting for the server to finish its streams: context deadline exceeded"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				trial := newConcludeTrial(ctx)
				test.note(trial.journal)
				r := trial.conclude(test.err)
				if r.Outcome != test.outcome || r.Severity != test.severity || r.Why != test.why || r.Scenario != "some" {
					t.Errorf("got %q, %q, %q", r.Outcome, r.Severity, r.Why)
				}
			})
		})
	}
}

// TestConcludeWaits has the server see things only while the trial concludes.
func TestConcludeWaits(t *testing.T) {
	tests := []struct {
		name     string
		err      error
		survived bool
		note     func(*journal, func()) // the function lets time pass, and the trial take notice
		outcome  string
		severity string
	}{
		{"a reset comes late, the client being stopped", errors.New("stopped"), true, func(j *journal, later func()) {
			later()
			j.streamEnded(serverSide, "read", 4, byCanary)
		}, leak, ofStream},
		{"a reset comes late, the client being done", nil, true, func(j *journal, later func()) {
			j.opened(4)
			later()
			j.streamEnded(serverSide, "read", 4, byCanary)
		}, leak, ofStream},
		{"the connection dies after the reset", errors.New("stopped"), false, func(j *journal, later func()) {
			j.streamEnded(serverSide, "read", 4, byCanary)
			later()
			j.connectionEnded(byTransport)
		}, leak, ofConnection},
		{"a stream ends late", nil, true, func(j *journal, later func()) {
			j.opened(4)
			later()
			j.done(4)
		}, clean, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				trial := newConcludeTrial(ctx)
				trial.survived = test.survived
				go test.note(trial.journal, func() { time.Sleep(grace / 2) }) // of the test's own time
				synctest.Wait()
				if r := trial.conclude(test.err); r.Outcome != test.outcome || r.Severity != test.severity {
					t.Errorf("got %q, %q, %q", r.Outcome, r.Severity, r.Why)
				}
			})
		})
	}
}
