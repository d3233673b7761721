package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/loopback"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// fetchTicket connects to the first server, waits for a session ticket, and
// closes the connection.
func (t *trial) fetchTicket() error {
	socket, err := loopback.NewGate(func(int) {})
	if err != nil {
		return err
	}
	defer socket.Close()
	socket.Wire = wire.NewRecorder(socket.LocalAddr(), t.start)
	socket.Release()
	first, _ := t.servers.Addrs()
	c, err := dialEarly(t.ctx, socket, first, loopback.ClientTLS(t.tickets), t.scenario.first)
	if err != nil {
		return socket.Wire.Explain(err)
	}
	defer c.CloseWithError(report.CodeDone, "")
	select {
	case <-t.tickets.Full():
		t.scenario.first.version = socket.Wire.Negotiated()
		return nil
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
}

// attempt dials the second server with 0-RTT and opens the scenario's early
// streams. It writes the request to each and waits until it has left, runs the
// scenario's beforeRejection, and then lets the server's packets through.
func (t *trial) attempt() error {
	var err error
	if t.gate, err = loopback.NewGate(t.journal.LeftEarly); err != nil {
		return err
	}
	t.wire = wire.NewRecorder(t.gate.LocalAddr(), t.start)
	t.wire.Resumes(t.tickets.Key())
	t.gate.Wire = t.wire
	conf := loopback.ClientTLS(t.tickets)
	conf.KeyLogWriter = t.wire
	o := t.scenario.first
	if t.scenario.traced {
		t.wire.Qlog = wire.NewQlog()
		o.qlog = t.wire.Qlog
	}
	_, second := t.servers.Addrs()
	if t.early, err = dialEarly(t.ctx, t.gate, second, conf, o); err != nil {
		return err
	}
	if err := t.openEarly(); err != nil {
		return err
	}
	t.proof.Attempted = true
	if t.scenario.beforeRejection != nil {
		if err := t.scenario.beforeRejection(t); err != nil {
			return err
		}
	}
	t.gate.Release()
	return nil
}

// openEarly opens the early streams and writes the early message to each.
// Opening cannot block: the ticket carries the first server's stream limits
// (RFC 9000, section 7.4.1).
func (t *trial) openEarly() error {
	for i := 0; i < t.scenario.bidi; i++ {
		str, err := t.early.OpenStream()
		if err != nil {
			return err
		}
		t.bidi = append(t.bidi, str)
		if err := t.writeEarly(str); err != nil {
			return err
		}
	}
	for i := 0; i < t.scenario.uni; i++ {
		str, err := t.early.OpenUniStream()
		if err != nil {
			return err
		}
		t.uni = append(t.uni, str)
		if err := t.writeEarly(str); err != nil {
			return err
		}
	}
	return nil
}

// writeEarly writes the early message to a stream and waits until all of it
// has left.
//
// Waiting for any 0-RTT packet would not be enough: releases before v0.36 send
// one along with the ClientHello that has no stream data. And a reset carries
// the number of bytes sent on its stream (RFC 9000, section 19.4). If it were
// left to chance whether the request leaves before the rejection, the server's
// reaction to the reset would be chance as well.
func (t *trial) writeEarly(str sendStream) error {
	message := request
	if t.scenario.short {
		message = request[:middle]
	}
	want := len(message)
	t.journal.Look(func() { want += t.journal.Early })
	if _, err := str.Write(message); err != nil {
		return err
	}
	t.attempted = append(t.attempted, int64(str.StreamID()))
	return t.journal.Await(t.ctx, "the early request to leave", func() bool { return t.journal.Early >= want })
}

// awaitRejection waits until the application can know about the rejection, and
// until both sides are done with the handshake. Both are needed: the library
// reports the error in the middle of its clean-up, and a connection that is
// closed before the server has the whole handshake may end without a word to
// the server.
//
// AcceptStream is the only call that returns the error and leaves the early
// streams alone.
func (t *trial) awaitRejection() error {
	select {
	case <-handshakeDone(t.early):
	case <-t.early.Context().Done():
		return errors.New("the connection ended during the handshake")
	case <-t.ctx.Done():
		return errors.New("the handshake did not end")
	}
	t.releaseQueue()
	// What was queued may kill the connection before the server completes the
	// handshake.
	shook := func() bool { return t.journal.Shook || t.journal.Ended }
	if err := t.journal.Await(t.ctx, "the server's end of the handshake", shook); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.ctx, time.Second)
	defer cancel()
	_, err := t.early.AcceptStream(ctx)
	if !errors.Is(err, quic.Err0RTTRejected) {
		return fmt.Errorf("the server did not reject 0-RTT: accepting a stream returned: %v", err)
	}
	t.proof.Rejected = true
	return t.proveQueued()
}
