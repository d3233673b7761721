package main

import (
	"bytes"
	"errors"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/stacks"
)

// A filler is a stream that takes all the room there is for sending.
type filler struct {
	stream interface {
		Write([]byte) (int, error)
		SetWriteDeadline(time.Time) error
	}
	packed chan int // bytes of it that went into packets after the queue was full
}

// plenty is more than the library's send queue and congestion window hold.
const plenty = 1 << 17

// stale is the early data that must never arrive. The library reads it, and nobody writes it.
var stale = bytes.Repeat([]byte{report.StaleByte}, plenty)

// interval is how long the library is offered data before anybody looks whether
// it took some.
const interval = time.Millisecond

// room is how many datagrams the send queue takes while another one is stuck, in
// every release so far. Where more than that were made, nothing can follow, and
// one look that finds so will do.
const room = 8

// Where they were not, the pacer may have paused while the queue still has room.
// Then steady is how many times the library must take nothing with all goroutines
// at rest, and stubborn how many times in a row where they never are: the packet
// loop of v0.40 spins while the queue is full. Whoever looks too soon all the same
// has a trial that proves nothing, as proveQueued sees.
const (
	steady   = 3
	stubborn = 10
)

// whileQueueIsFull does something to the early streams while nothing can leave.
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

// queueData leaves data of the early stream itself in the queue.
func queueData(t *trial) error {
	t.proof.Acted = report.BeforeRejection
	return t.fillQueue(&filler{stream: t.bidi[0]})
}

// fillQueue keeps 0-RTT datagrams from leaving and sends until the library takes
// no more: then its send queue waits for the socket, and its packet loop for the
// queue. A last write stays behind. Every packet that the library makes from
// here on would take some of it along, be the packet made for a cancel or for
// anything else: that there was none is what proveQueued asks for.
func (t *trial) fillQueue(f *filler) error {
	t.gate.Block()
	for taken, still, calm := 0, 0, 0; calm < steady && still < stubborn; {
		if t.ctx.Err() != nil {
			return errors.New("the send queue did not fill")
		}
		f.stream.SetWriteDeadline(time.Now().Add(interval))
		n, err := f.stream.Write(stale)
		if err == nil {
			return errors.New("the send queue took all that was sent")
		}
		taken += n
		stuck := t.gate.Stuck()
		if n > 0 || stuck == 0 {
			still, calm = 0, 0
			continue
		}
		if taken > room*stuck {
			break
		}
		if still++; stacks.Quiet() {
			calm++
		}
	}
	f.stream.SetWriteDeadline(time.Time{})
	f.packed = make(chan int, 1)
	t.filler = f
	go f.wait()
	return stacks.AwaitWaiting(t.ctx, "(*filler).wait")
}

// wait makes the last write.
func (f *filler) wait() {
	n, _ := f.stream.Write(stale)
	f.packed <- n
}

// letQueueGo lets the queue leave when the client is through with the rejection.
// The gate is held, so that the application goes on before the server answers.
func (t *trial) letQueueGo() {
	if t.filler == nil {
		return
	}
	t.gate.Hold()
	t.gate.Unblock()
}

// proveQueued asks whether all that the scenario queued was still in the queue
// when the rejection came: the last write, which the rejection ended, must not
// have moved.
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
