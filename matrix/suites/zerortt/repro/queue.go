package main

import (
	"bytes"
	"errors"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/stacks"
)

// A filler is a stream that writes until the library accepts no more data.
type filler struct {
	stream interface {
		Write([]byte) (int, error)
		SetWriteDeadline(time.Time) error
	}
	packed chan int // bytes of the last write that went into packets
}

// fillSize is more than the library's send queue and congestion window hold,
// in bytes.
const fillSize = 1 << 17

// staleData is early data that must never arrive. Nobody changes it: the
// library may keep reading it after Write has returned.
var staleData = bytes.Repeat([]byte{report.StaleByte}, fillSize)

// writeInterval is the deadline of each write that fills the queue.
const writeInterval = time.Millisecond

// queueRoom is how many datagrams the send queue holds while another one is
// stuck at the gate, in every release so far. If the library has made more
// than that, it cannot make another one, and a single write that it does not
// accept is enough.
const queueRoom = 8

// If it has not, the pacer may have paused while the queue still has room. The
// queue then counts as full after enoughCalm writes that the library did not
// accept while all goroutines were waiting. It also counts as full after
// enoughStill such writes in a row with some goroutine busy: the packet loop
// of v0.40 spins while the queue is full. A trial that stops too early proves
// nothing, and proveQueued detects that.
const (
	enoughCalm  = 3
	enoughStill = 10
)

// whileQueueIsFull returns a function that calls act on the early streams
// while no packet can leave.
func whileQueueIsFull(act func(*trial)) func(*trial) error {
	return func(t *trial) error {
		str, err := t.early.OpenUniStream()
		if err != nil {
			return err
		}
		if err := t.fillQueue(&filler{stream: str}); err != nil {
			return err
		}
		act(t)
		t.proof.Acted = report.BeforeRejection
		return nil
	}
}

// queueData fills the queue with data of the early stream itself.
func queueData(t *trial) error {
	t.proof.Acted = report.BeforeRejection
	return t.fillQueue(&filler{stream: t.bidi[0]})
}

// fillQueue blocks the gate for 0-RTT datagrams and writes until the library
// accepts no more. The library's send queue then waits for the socket, and its
// packet loop for the queue.
//
// A last write remains blocked. Every packet that the library makes from now
// on, for a cancel or for anything else, would carry some of its data. So if
// the last write has not moved when the rejection arrives, no packet was made,
// which proveQueued checks.
func (t *trial) fillQueue(f *filler) error {
	t.gate.Block()
	for taken, still, calm := 0, 0, 0; calm < enoughCalm && still < enoughStill; {
		if t.ctx.Err() != nil {
			return errors.New("the send queue did not fill")
		}
		f.stream.SetWriteDeadline(time.Now().Add(writeInterval))
		n, err := f.stream.Write(staleData)
		if err == nil {
			return errors.New("the send queue took all that was sent")
		}
		taken += n
		stuck := t.gate.Stuck()
		if n > 0 || stuck == 0 {
			still, calm = 0, 0
			continue
		}
		if taken > queueRoom*stuck {
			break
		}
		if still++; stacks.Quiet() {
			calm++
		}
	}
	f.stream.SetWriteDeadline(time.Time{})
	f.packed = make(chan int, 1)
	t.filler = f
	go f.writeLast()
	return stacks.AwaitWaiting(t.ctx, "(*filler).writeLast")
}

// writeLast makes the last write. fillQueue looks for it in the stack traces
// by name.
func (f *filler) writeLast() {
	n, _ := f.stream.Write(staleData)
	f.packed <- n
}

// releaseQueue lets the queued datagrams leave, once the client has processed
// the rejection. It holds the gate, so that the application continues before
// the server can answer.
func (t *trial) releaseQueue() {
	if t.filler == nil {
		return
	}
	t.gate.Hold()
	t.gate.Unblock()
}

// proveQueued checks that all that the scenario queued was still queued when
// the rejection arrived: the rejection must have ended the last write before
// any of its data went into a packet.
func (t *trial) proveQueued() error {
	if t.filler == nil {
		return nil
	}
	select {
	case n := <-t.filler.packed:
		if n > 0 {
			return errors.New("the send queue had room before the rejection came")
		}
		t.proof.Queued = true
		return nil
	case <-t.ctx.Done():
		return errors.New("the rejection did not end a write to an early stream")
	}
}
