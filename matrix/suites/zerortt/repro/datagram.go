package main

import (
	"context"
	"fmt"
	"runtime"
)

// The payloads of datagrams: one is sent on the attempt, the other at the end.
const (
	earlyDatagram = "sent on the rejected attempt"
	lastDatagram  = "sent on the next connection"
)

// receiveDatagrams notes every DATAGRAM until the connection ends.
func (s *server) receiveDatagrams(ctx context.Context, c earlyConnection) {
	defer s.handlers.Done()
	for {
		p, err := receiveDatagram(ctx, c)
		if err != nil {
			return
		}
		switch string(p) {
		case earlyDatagram:
			s.journal.delivered("received a datagram of the rejected attempt", wholeConnection)
		case lastDatagram:
			s.journal.change(func() { s.journal.Marked = true })
		}
	}
}

// queueDatagram leaves a DATAGRAM in the queue. Until v0.40 sending one waits
// until it has left: that it waits shows that it was queued.
func queueDatagram(t *trial) error {
	sent := make(chan error, 1)
	send := func(t *trial) { go func() { sent <- sendDatagram(t.early, []byte(earlyDatagram)) }() }
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
		if waitsIn("(*datagramQueue).AddAndWait") {
			return nil
		}
		runtime.Gosched()
	}
}

// useNextAndMark makes an exchange and sends a last datagram. Datagrams arrive in
// their order here, so that an early one would come first.
func useNextAndMark(t *trial) error {
	if err := useNext(t); err != nil {
		return err
	}
	if err := sendDatagram(t.next, []byte(lastDatagram)); err != nil {
		return fmt.Errorf("sending a datagram on the next connection: %v", err)
	}
	return t.journal.await(t.ctx, "the last datagram", func() bool { return t.journal.Marked })
}
