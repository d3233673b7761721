package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// disturbed returns the scenario control, whose first trials times see a timer
// of the client expire. It counts the trials in began.
//
// The acknowledgement of what the client sends waits at the gate until the
// client has sent it again. That is what a process sees that gets no processor
// for a while.
func disturbed(times int, began *int) scenario {
	s, _ := findScenario("control")
	s.onNext = func(t *trial) error {
		*began++
		if err := t.complete(1); err != nil { // the timer only runs once the handshake is confirmed
			return err
		}
		e, err := t.begin(request)
		if err != nil {
			return err
		}
		t.gate.Hold()
		if err := e.send(middle); err != nil {
			return err
		}
		for tick := time.NewTicker(time.Millisecond); *began <= times; {
			if _, again := t.wire.Decode().Repeated(wire.Client); again {
				tick.Stop()
				break
			}
			select {
			case <-tick.C:
			case <-t.ctx.Done():
				return t.ctx.Err()
			}
		}
		return e.finish()
	}
	return s
}

// TestDisturbed checks that a trial in which a timer of the client expired is
// not clean, and that it is begun again until none expires.
func TestDisturbed(t *testing.T) {
	began := 0
	r, _ := tryOnce(disturbed(1, &began), 7, startPair)
	if r.Outcome != report.Inconclusive || !r.Disturbed || !strings.HasPrefix(r.Why, "a timer of the client expired: 1-RTT packet ") {
		t.Errorf("one trial: %+v", r)
	}
	if r.Wire == nil || !r.Wire.Agrees {
		t.Errorf("the wire does not confirm the report: %+v", r.Wire)
	}
	began = 0
	r, recorder := runTrial(disturbed(2, &began), 7, startPair)
	if began < 3 || r.Outcome != report.Clean || r.Disturbed || r.Trial != 7 {
		t.Errorf("%d trials: %+v", began, r)
	}
	if r.ElapsedUS < 2*(20*time.Millisecond).Microseconds() {
		t.Errorf("it took %d µs, which does not include the trials before the last", r.ElapsedUS)
	}
	if _, again := recorder.Decode().Repeated(wire.Client); again {
		t.Error("the packets are those of a trial before the last")
	}
}

// TestHalfSent checks that a trial in which only one of two cancels left before
// the rejection proves nothing.
func TestHalfSent(t *testing.T) {
	s, _ := findScenario("sent-both")
	s.beforeRejection = actAndSend((*trial).cancelReads)
	r, _ := tryOnce(s, 1, startPair)
	if r.Outcome != report.Inconclusive || !r.Disturbed || r.Proof.Sent || !strings.HasPrefix(r.Why, "no 0-RTT packet carries the RESET_STREAM") {
		t.Errorf("%+v", r)
	}
}

// TestOrdered checks that in an ordered scenario the server reads nothing from
// before the cancel on, and that what the cancel queues leaves before the next
// exchange begins.
func TestOrdered(t *testing.T) {
	for _, s := range scenarios {
		if !s.ordered {
			continue
		}
		held, sent := false, make(chan struct{})
		s.beforeNext = func(t *trial) {
			t.journal.Look(func() { held = t.journal.Hold })
			go func() { // plays the part of the library's own goroutine
				for end := time.Now().Add(5 * time.Millisecond); time.Now().Before(end); {
				}
				close(sent)
			}()
		}
		next := s.onNext
		s.onNext = func(t *trial) error {
			select {
			case <-sent:
				return next(t)
			default:
				return errors.New("the exchange began before the cancel had left")
			}
		}
		if r, _ := runTrial(s, 0, startPair); !held || r.Outcome != report.Clean {
			t.Errorf("%s: held before the cancel: %v; got %+v", s.name, held, r)
		}
	}
	if s, _ := findScenario("retry-short"); !s.ordered {
		t.Error("retry-short is not ordered")
	}
}
