package main

import (
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// cancelReads calls CancelRead on every early stream, which asks the server to
// stop sending on it.
func (t *trial) cancelReads() {
	for _, s := range t.bidi {
		s.CancelRead(report.Canary)
	}
}

// cancelWrites calls CancelWrite on every early stream, which resets it.
func (t *trial) cancelWrites() {
	for _, s := range t.bidi {
		s.CancelWrite(report.Canary)
	}
	for _, s := range t.uni {
		s.CancelWrite(report.Canary)
	}
}

// cancel calls CancelRead and CancelWrite on every early stream.
func (t *trial) cancel() {
	t.cancelReads()
	t.cancelWrites()
}

// actLate calls act on the early streams while the next connection is in use.
// It holds the gate, so that the server cannot react before the application
// continues with its exchange. A real application would continue at once, too.
func (t *trial) actLate(act func(*trial)) {
	t.gate.Hold()
	act(t)
	t.proof.Acted = report.AfterNext
}

// closeEarly closes every early stream, as an application does that has
// nothing more to send.
func (t *trial) closeEarly() {
	for _, s := range t.bidi {
		s.Close()
	}
}

// actAndSend calls each act on the early streams before the rejection arrives.
// After each it waits until a 0-RTT packet has left: nothing else is waiting to
// be sent. What two acts queue may leave in two packets, the second of them
// after the rejection, so acts take turns. Report.Check looks at the packets.
func actAndSend(acts ...func(*trial)) func(*trial) error {
	return func(t *trial) error {
		for _, act := range acts {
			before := 0
			t.journal.Look(func() { before = t.journal.Early })
			act(t)
			t.proof.Acted = report.BeforeRejection
			if err := t.journal.Await(t.ctx, "a 0-RTT packet to leave", func() bool { return t.journal.Early > before }); err != nil {
				return err
			}
		}
		t.proof.Sent = true
		return nil
	}
}
