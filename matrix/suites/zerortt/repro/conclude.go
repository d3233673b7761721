package main

import (
	"context"
	"errors"
	"time"
)

// anyStream counts leaks on all streams.
func anyStream(int64) bool { return true }

// conclude turns what a trial saw into its report. Only what the server saw is
// a leak: the canary, or its connection dying of a transport error. What merely
// kept the client from its end proves nothing.
func (t *trial) conclude(err error) report {
	if err == nil {
		err = t.awaitServer()
	} else if t.proof.Rejected {
		t.awaitCause()
	}
	t.awaitClose()
	t.journal.mu.Lock()
	defer t.journal.mu.Unlock()
	r := report{Scenario: t.scenario.name, Proof: t.proof, Saw: append(append([]sighting{}, t.journal.Saw...), t.journal.client...)}
	severity, hit := t.journal.leaked(t.counts)
	switch {
	case hit:
		r.Outcome, r.Severity, r.Why = leak, severity, t.journal.blame(t.counts)
	case err != nil:
		r.Outcome, r.Why = inconclusive, err.Error()
		var apart *noVersionError
		if r.Unsupported = errors.As(err, &apart); r.Unsupported {
			r.Why = apart.Error() // and not when it was found out
		}
	default:
		r.Outcome, r.Why = clean, "the next connection carried every message, and the server saw no reset"
	}
	return r
}

// awaitServer waits until the server is done with every stream: only then is
// what it has not seen not there. Streams are accepted in the order of their
// IDs, so the last probe's answer says that all earlier ones were accepted.
func (t *trial) awaitServer() error {
	if err := t.servers.sync(t.ctx); err != nil {
		return err
	}
	return t.journal.await(t.ctx, "the server to finish its streams", t.journal.settled)
}

// awaitCause waits until the server saw what stopped the client. Where the probes
// found the connection gone, the server is still to see that, be it that it saw
// a reset before. A client that closed its connection has told the server, so
// that the news is waited for; in any other case it may never come, and then
// the trial is inconclusive.
func (t *trial) awaitCause() {
	known := func() bool {
		_, hit := t.journal.leaked(t.counts)
		return t.journal.Ended || hit && t.survived
	}
	if t.awaitFor(grace, known) != nil && t.early != nil && t.early.Context().Err() != nil {
		_ = t.awaitFor(patience, known)
	}
}

// awaitClose waits, where the server saw the connection die, until the client
// has: what the server said of it is then on the record of the wire.
func (t *trial) awaitClose() {
	t.journal.mu.Lock()
	killed := t.journal.Killed
	t.journal.mu.Unlock()
	if !killed || t.early == nil {
		return
	}
	t.gate.release()
	select {
	case <-t.early.Context().Done():
	case <-time.After(grace):
	}
}

// awaitFor waits for the server past the end of the trial's own time.
func (t *trial) awaitFor(d time.Duration, holds func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return t.journal.await(ctx, "the server", holds)
}

// blame words the first sighting that makes the trial a leak, the worst first.
// The journal is locked.
func (j *journal) blame(counts func(int64) bool) string {
	for _, s := range j.Saw {
		if j.Killed && s.Stream == wholeConnection {
			return "the server saw the next connection die: " + s.Error
		}
	}
	for _, s := range j.Saw {
		if s.Code == canary && j.Stale {
			return "the server got what was sent on the rejected attempt: " + s.Error
		}
		if s.Code == canary && counts(s.Stream) {
			return "the server saw a reset with the canary code: " + s.Error
		}
	}
	return ""
}
