package main

import (
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// cancelReads asks the peer to stop sending on every early stream.
func (t *trial) cancelReads() {
	for _, s := range t.bidi {
		s.CancelRead(report.Canary)
	}
}

// cancelWrites resets every early stream.
func (t *trial) cancelWrites() {
	for _, s := range t.bidi {
		s.CancelWrite(report.Canary)
	}
	for _, s := range t.uni {
		s.CancelWrite(report.Canary)
	}
}

// cancel ends both halves of every early stream.
func (t *trial) cancel() {
	t.cancelReads()
	t.cancelWrites()
}

// late does something to the early streams when the next connection is already
// in use. The gate is held until the application goes on with what it was doing,
// as it would at once: what the server makes of it comes after.
func (t *trial) late(act func(*trial)) {
	t.gate.Hold()
	act(t)
	t.proof.Acted = report.AfterNext
}

// closeEarly closes every early stream, as one does that sends no more.
func (t *trial) closeEarly() {
	for _, s := range t.bidi {
		s.Close()
	}
}

// andSend does something to the early streams before the rejection comes in, and
// waits until it has left in a 0-RTT packet: nothing else is there to be sent.
func andSend(act func(*trial)) func(*trial) error {
	return func(t *trial) error {
		before := 0
		t.journal.Look(func() { before = t.journal.Early })
		act(t)
		t.proof.Acted = report.BeforeRejection
		if err := t.journal.Await(t.ctx, "a 0-RTT packet to leave", func() bool { return t.journal.Early > before }); err != nil {
			return err
		}
		t.proof.Sent = true
		return nil
	}
}
