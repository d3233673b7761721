package main

import (
	"context"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// conclude waits until both sides have seen everything, and returns the report
// of the trial. err is what stopped the client early, or nil.
func (t *trial) conclude(err error) report.Report {
	if err == nil {
		err = t.awaitServer()
	} else if t.proof.Rejected {
		t.awaitCause()
	}
	t.awaitClose()
	return t.journal.Conclude(t.scenario.name, t.proof, t.counts, err)
}

// awaitServer waits until the server is done with every stream. Only then does
// "the server saw no reset" mean that there was none. Streams are accepted in
// the order of their IDs, so the answer to the last probe implies that all
// earlier streams were accepted.
func (t *trial) awaitServer() error {
	if err := t.servers.Sync(t.ctx); err != nil {
		return err
	}
	return t.journal.Await(t.ctx, "the server to finish its streams", t.journal.Settled)
}

// awaitCause waits until the server has seen what stopped the client.
//
// If the probes failed, a reset is not the whole story: the server may still
// see its connection die. If the client's connection has ended, the client has
// told the server, so awaitCause waits longer for that news. Otherwise the
// news may never come, and the trial is inconclusive.
func (t *trial) awaitCause() {
	known := func() bool {
		_, hit := t.journal.Leaked(t.counts)
		return t.journal.Ended || hit && t.survived
	}
	if t.awaitFor(report.Grace, known) != nil && t.early != nil && t.early.Context().Err() != nil {
		_ = t.awaitFor(report.Patience, known)
	}
}

// awaitClose waits until the client's connection is closed, if the server saw
// it die. The CONNECTION_CLOSE of the server is then among the recorded
// packets.
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

// awaitFor waits at most d until the journal meets a condition. It ignores the
// trial's own deadline, which may have passed.
func (t *trial) awaitFor(d time.Duration, holds func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return t.journal.Await(ctx, "the server", holds)
}
