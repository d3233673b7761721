package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/stacks"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// receiveDatagrams records every DATAGRAM until the connection ends.
func (s *server) receiveDatagrams(ctx context.Context, c earlyConnection) {
	defer s.handlers.Done()
	for {
		p, err := receiveDatagram(ctx, c)
		if err != nil {
			return
		}
		switch string(p) {
		case report.EarlyDatagram:
			s.journal.Delivered("received a datagram of the rejected attempt", wire.WholeConnection)
		case report.LastDatagram:
			s.journal.Change(func() { s.journal.Marked = true })
		}
	}
}

// queueDatagram puts a DATAGRAM into the full send queue. From v0.41 on
// SendDatagram returns once it is queued. Until v0.40 it returns when the
// DATAGRAM has left; a goroutine that waits inside of it shows that it is
// queued.
func queueDatagram(t *trial) error {
	sent := make(chan error, 1)
	send := func(t *trial) { go func() { sent <- sendDatagram(t.early, []byte(report.EarlyDatagram)) }() }
	if err := whileQueueIsFull(send)(t); err != nil {
		return err
	}
	for {
		select {
		case err := <-sent:
			if err != nil {
				return fmt.Errorf("queueing a datagram: %v", err)
			}
			return nil
		case <-t.ctx.Done():
			return t.ctx.Err()
		default:
		}
		if stacks.WaitsIn("(*datagramQueue).AddAndWait") {
			return nil
		}
		runtime.Gosched()
	}
}

// useNextAndMark makes one exchange and then sends a last DATAGRAM. DATAGRAMs
// arrive in order on loopback, so one from the attempt would arrive before it.
func useNextAndMark(t *trial) error {
	if err := useNext(t); err != nil {
		return err
	}
	if err := sendDatagram(t.next, []byte(report.LastDatagram)); err != nil {
		return fmt.Errorf("sending a datagram on the next connection: %v", err)
	}
	return t.journal.Await(t.ctx, "the last datagram", func() bool { return t.journal.Marked })
}
