package main

import (
	"context"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// conclude waits for what is still to be seen of a trial, and turns all of it
// into the report. The error is what kept the client from its end, if anything.
func (t *trial) conclude(err error) report.Report {
	if err == nil {
		err = t.awaitServer()
	} else if t.proof.Rejected {
		t.awaitCause()
	}
	t.awaitClose()
	return t.journal.Conclude(t.scenario.name, t.proof, t.counts, err)
}

// awaitServer waits until the server is done with every stream: only then is
// what it has not seen not there. Streams are accepted in the order of their
// IDs, so the last probe's answer says that all earlier ones were accepted.
func (t *trial) awaitServer() error {
	if err := t.servers.Sync(t.ctx); err != nil {
		return err
	}
	return t.journal.Await(t.ctx, "the server to finish its streams", t.journal.Settled)
}

// awaitCause waits until the server saw what stopped the client. Where the probes
// found the connection gone, the server is still to see that, be it that it saw
// a reset before. A client that closed its connection has told the server, so
// that the news is waited for; in any other case it may never come, and then
// the trial is inconclusive.
func (t *trial) awaitCause() {
	known := func() bool {
		_, hit := t.journal.Leaked(t.counts)
		return t.journal.Ended || hit && t.survived
	}
	if t.awaitFor(report.Grace, known) != nil && t.early != nil && t.early.Context().Err() != nil {
		_ = t.awaitFor(report.Patience, known)
	}
}

// awaitClose waits, where the server saw the connection die, until the client
// has: what the server said of it is then on the record of the wire.
func (t *trial) awaitClose() {
	killed := false
	t.journal.Look(func() { killed = t.journal.Killed })
	if !killed || t.early == nil {
		return
	}
	t.gate.Release()
	select {
	case <-t.early.Context().Done():
	case <-time.After(report.Grace):
	}
}

// awaitFor waits for the server past the end of the trial's own time.
func (t *trial) awaitFor(d time.Duration, holds func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return t.journal.Await(ctx, "the server", holds)
}
