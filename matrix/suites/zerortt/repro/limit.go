package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// The limits of the second server in the scenarios on flow control. The first
// server has the library's defaults, which are higher.
const (
	smallWindow = 4096 // bytes that the client may send before the server reads
	streamLimit = 2    // bidirectional streams that may be open at a time
)

// exceedWindow tries to send more than the second server allows, while that
// server does not read. The client must stop at exactly that byte, and
// continue when the server reads again.
func exceedWindow(t *trial) error {
	if err := t.servers.Hold(t.ctx, true); err != nil {
		return err
	}
	e, err := t.begin(bytes.Repeat(request, 2*smallWindow/len(request)))
	if err != nil {
		return err
	}
	for e.sent < smallWindow {
		if t.ctx.Err() != nil {
			return fmt.Errorf("the client stopped at %d of the %d bytes that it may send", e.sent, smallWindow)
		}
		e.stream.SetWriteDeadline(time.Now().Add(time.Millisecond))
		n, _ := e.out.Write(e.message[e.sent:])
		e.sent += n
	}
	t.proof.Acted = report.AfterNext
	if e.sent > smallWindow {
		return fmt.Errorf("the client sent %d bytes where the server allows %d", e.sent, smallWindow)
	}
	e.stream.SetWriteDeadline(t.deadline())
	if err := t.servers.Hold(t.ctx, false); err != nil {
		return err
	}
	return e.finishBoth()
}

// finishBoth is finish for a message that is longer than the window: it writes
// and reads at the same time.
func (e *exchange) finishBoth() error {
	wrote := make(chan error, 1)
	go func() {
		_, err := e.out.Write(e.message[e.sent:])
		wrote <- err
	}()
	e.got = make([]byte, len(e.message))
	if _, err := io.ReadFull(e.in, e.got); err != nil {
		return e.t.noteStopped("read", e.id, err)
	}
	if err := <-wrote; err != nil {
		return e.t.noteStopped("write", e.id, err)
	}
	e.sent = len(e.message)
	return e.finish()
}

// exceedStreams opens as many streams as the second server allows, and then
// one more, which must fail. Then it uses all stream IDs of the attempt, as
// the server raises its limit.
func exceedStreams(t *trial) error {
	var all []*exchange
	for i := 0; i < streamLimit; i++ {
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
		_, _ = str.Write(request) // so that the server sees the stream
		return fmt.Errorf("the client opened more than the %d streams that the server allows", streamLimit)
	}
	for _, e := range all {
		if err := e.finish(); err != nil {
			return err
		}
	}
	return t.complete(manyStreams - streamLimit)
}
