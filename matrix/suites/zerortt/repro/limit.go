package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// What the second server allows: less than the first one, which has the
// library's defaults.
const (
	window = 4096 // bytes that may be sent ahead
	few    = 2    // bidirectional streams that may be open
)

// exceedWindow sends more than the second server allows, while that does not
// read: the client must stop at the very byte, and go on when it may.
func exceedWindow(t *trial) error {
	if err := t.servers.Hold(t.ctx, true); err != nil {
		return err
	}
	e, err := t.begin(bytes.Repeat(request, 2*window/len(request)))
	if err != nil {
		return err
	}
	for e.sent < window {
		if t.ctx.Err() != nil {
			return fmt.Errorf("the client stopped at %d of the %d bytes that it may send", e.sent, window)
		}
		e.stream.SetWriteDeadline(time.Now().Add(time.Millisecond))
		n, _ := e.out.Write(e.message[e.sent:])
		e.sent += n
	}
	t.proof.Acted = report.AfterNext
	if e.sent > window {
		return fmt.Errorf("the client sent %d bytes where the server allows %d", e.sent, window)
	}
	e.stream.SetWriteDeadline(t.deadline())
	if err := t.servers.Hold(t.ctx, false); err != nil {
		return err
	}
	return e.finishBoth()
}

// finishBoth is finish for a message that is longer than the windows: it sends
// and reads at the same time.
func (e *exchange) finishBoth() error {
	wrote := make(chan error, 1)
	go func() {
		_, err := e.out.Write(e.message[e.sent:])
		wrote <- err
	}()
	e.got = make([]byte, len(e.message))
	if _, err := io.ReadFull(e.in, e.got); err != nil {
		return e.t.stopped("read", e.id, err)
	}
	if err := <-wrote; err != nil {
		return e.t.stopped("write", e.id, err)
	}
	e.sent = len(e.message)
	return e.finish()
}

// exceedStreams opens as many streams as the second server allows, and one more,
// which must not open. Then it takes all IDs of the attempt, as the server allows
// them.
func exceedStreams(t *trial) error {
	var all []*exchange
	for i := 0; i < few; i++ {
		e, err := t.begin(request)
		if err != nil {
			return err
		}
		if err := e.advance(middle); err != nil {
			return err
		}
		all = append(all, e)
	}
	str, err := t.next.OpenStream()
	t.proof.Acted = report.AfterNext
	if err == nil {
		_, _ = str.Write(request) // for the server to see
		return fmt.Errorf("the client opened more than the %d streams that the server allows", few)
	}
	for _, e := range all {
		if err := e.finish(); err != nil {
			return err
		}
	}
	return t.complete(many - few)
}
