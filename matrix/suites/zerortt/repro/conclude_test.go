package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// Errors that the library may return to a side.
var (
	byCanary    = &quic.StreamError{StreamID: 4, ErrorCode: report.Canary, Remote: true}
	byOther     = &quic.StreamError{StreamID: 4, ErrorCode: report.Canary + 1, Remote: true}
	byTransport = &quic.TransportError{Remote: true, ErrorCode: quic.StreamStateError, ErrorMessage: "no such stream"}
	byClosing   = &quic.ApplicationError{Remote: true, ErrorCode: report.Canary}
	byIdling    = &quic.IdleTimeoutError{}
)

// TestFault checks the kind and code of each error of the library.
func TestFault(t *testing.T) {
	wrapped := fmt.Errorf("reading: %w", byCanary)
	for _, want := range []report.Fault{
		{Kind: report.FaultStream, Code: report.Canary, Err: byCanary},
		{Kind: report.FaultStream, Code: report.Canary, Err: wrapped},
		{Kind: report.FaultTransport, Code: uint64(quic.StreamStateError), Err: byTransport},
		{Kind: report.FaultApplication, Code: report.Canary, Err: byClosing},
		{Kind: report.FaultOther, Err: byIdling},
		{Kind: report.FaultOther, Err: io.EOF},
	} {
		if got := fault(want.Err); got != want {
			t.Errorf("fault(%v) = %+v, want %+v", want.Err, got, want)
		}
	}
}

// newConcludeTrial returns a trial at its end, with all that conclude needs.
func newConcludeTrial(ctx context.Context) *trial {
	t := &trial{ctx: ctx, scenario: scenario{name: "some"}, servers: &pair{}, journal: report.NewJournal(), counts: report.AnyStream, survived: true}
	t.proof.Rejected = true
	return t
}

// TestConclude checks the report of each way a trial can end. It runs in the
// fake time of synctest.
func TestConclude(t *testing.T) {
	stopped := errors.New("read on stream 4 of the next connection: reset")
	tests := []struct {
		name     string
		err      error // what stopped the client
		note     func(*report.Journal)
		outcome  string
		severity string
		why      string
	}{
		{"all went well", nil, func(*report.Journal) {}, report.Clean, "", "the next connection carried every message, and the server saw no reset"},
		{"the client alone was hit", stopped, func(j *report.Journal) { j.StreamEnded(wire.Client, "read", 4, fault(byCanary)) }, report.Inconclusive, "", stopped.Error()},
		{"the client was stopped by another code", stopped, func(j *report.Journal) { j.StreamEnded(wire.Server, "read", 4, fault(byOther)) }, report.Inconclusive, "", stopped.Error()},
		{"the connection was closed", stopped, func(j *report.Journal) { j.ConnectionEnded(fault(byClosing)) }, report.Inconclusive, "", stopped.Error()},
		{"the connection was idle", stopped, func(j *report.Journal) { j.ConnectionEnded(fault(byIdling)) }, report.Inconclusive, "", stopped.Error()},
		{"the server saw the canary", stopped, func(j *report.Journal) { j.StreamEnded(wire.Server, "read", 4, fault(byCanary)) }, report.Leak, report.OfStream,
			"the server saw a reset with the canary code: read: " + byCanary.Error()},
		{"the server saw the canary, and nobody noticed", nil, func(j *report.Journal) { j.StreamEnded(wire.Server, "read", 4, fault(byCanary)) }, report.Leak, report.OfStream,
			"the server saw a reset with the canary code: read: " + byCanary.Error()},
		{"the connection died", stopped, func(j *report.Journal) { j.ConnectionEnded(fault(byTransport)) }, report.Leak, report.OfConnection,
			"the server saw the next connection die: " + byTransport.Error()},
		{"a stream never ended", nil, func(j *report.Journal) { j.Opened(4) }, report.Inconclusive, "",
			"waiting for the server to finish its streams: context deadline exceeded"},
		{"a stream never ended, and the connection did", nil, func(j *report.Journal) { j.Opened(4); j.ConnectionEnded(fault(byIdling)) }, report.Inconclusive, "",
			"waiting for the server to finish its streams: context deadline exceeded"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), report.Patience)
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

// TestConcludeWaits checks that conclude waits for what the server sees only
// meanwhile.
func TestConcludeWaits(t *testing.T) {
	tests := []struct {
		name     string
		err      error
		survived bool
		note     func(*report.Journal, func()) // calls its second argument to let half a Grace pass
		outcome  string
		severity string
	}{
		{"a reset comes late, the client being stopped", errors.New("stopped"), true, func(j *report.Journal, later func()) {
			later()
			j.StreamEnded(wire.Server, "read", 4, fault(byCanary))
		}, report.Leak, report.OfStream},
		{"a reset comes late, the client being done", nil, true, func(j *report.Journal, later func()) {
			j.Opened(4)
			later()
			j.StreamEnded(wire.Server, "read", 4, fault(byCanary))
		}, report.Leak, report.OfStream},
		{"the connection dies after the reset", errors.New("stopped"), false, func(j *report.Journal, later func()) {
			j.StreamEnded(wire.Server, "read", 4, fault(byCanary))
			later()
			j.ConnectionEnded(fault(byTransport))
		}, report.Leak, report.OfConnection},
		{"a stream ends late", nil, true, func(j *report.Journal, later func()) {
			j.Opened(4)
			later()
			j.Done(4)
		}, report.Clean, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), report.Patience)
				defer cancel()
				trial := newConcludeTrial(ctx)
				trial.survived = test.survived
				go test.note(trial.journal, func() { time.Sleep(report.Grace / 2) }) // in fake time
				synctest.Wait()
				if r := trial.conclude(test.err); r.Outcome != test.outcome || r.Severity != test.severity {
					t.Errorf("got %q, %q, %q", r.Outcome, r.Severity, r.Why)
				}
			})
		})
	}
}
