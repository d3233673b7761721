package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// request is the message of every exchange. The application sends it early,
// and again on the next connection, as a client repeats a rejected request.
//
// It is short enough that a STREAM frame with all of it fits into one
// datagram, even into the one with the ClientHello. Its length matters: a
// reset whose final size is that of a shorter early message can kill the
// connection, where one of the same length only resets the stream. See the
// scenario retry-short.
var request = bytes.Repeat([]byte("matrixrun "), 30)

// middle is the offset where a scenario pauses an exchange: half of the
// request.
var middle = len(request) / 2

// An exchange is a message to the server and its echo, on a new stream of the
// next connection.
type exchange struct {
	t       *trial
	id      int64
	message []byte
	stream  stream // nil for a unidirectional stream
	out     sendStream
	in      receiveStream // nil for a unidirectional stream until its echo begins
	sent    int           // bytes of the message written so far
	got     []byte        // the echo so far
}

// begin opens a bidirectional stream on the next connection for a message.
func (t *trial) begin(message []byte) (*exchange, error) {
	str, err := t.next.OpenStreamSync(t.ctx)
	if err != nil {
		return nil, t.noteStopped("opening a stream", wire.WholeConnection, err)
	}
	str.SetDeadline(t.deadline())
	id := int64(str.StreamID())
	t.usedIDs[id] = true
	return &exchange{t: t, id: id, message: message, stream: str, out: str, in: str}, nil
}

// beginUni opens a unidirectional stream for a message. The server echoes it
// on a unidirectional stream of its own.
func (t *trial) beginUni(message []byte) (*exchange, error) {
	str, err := t.next.OpenUniStreamSync(t.ctx)
	if err != nil {
		return nil, t.noteStopped("opening a unidirectional stream", wire.WholeConnection, err)
	}
	id := int64(str.StreamID())
	t.usedIDs[id] = true
	return &exchange{t: t, id: id, message: message, out: str}, nil
}

// send writes the message up to the offset to.
func (e *exchange) send(to int) error {
	n, err := e.out.Write(e.message[e.sent:to])
	e.sent += n
	if err != nil {
		return e.t.noteStopped("write", e.id, err)
	}
	return nil
}

// advance writes the message up to the offset to, and waits for the echo of
// all that was written. It releases the gate: from here on the client needs
// the server.
func (e *exchange) advance(to int) error {
	if err := e.send(to); err != nil {
		return err
	}
	e.t.gate.Release()
	if err := e.acceptAnswer(); err != nil {
		return err
	}
	part := make([]byte, e.sent-len(e.got))
	n, err := io.ReadFull(e.in, part)
	e.got = append(e.got, part[:n]...)
	if err != nil {
		return e.t.noteStopped("read", e.id, err)
	}
	return nil
}

// acceptAnswer accepts the stream with the echo of a unidirectional stream.
// For a bidirectional stream it does nothing.
func (e *exchange) acceptAnswer() error {
	if e.in != nil {
		return nil
	}
	in, err := e.t.next.AcceptUniStream(e.t.ctx)
	if err != nil {
		return e.t.noteStopped("accepting the answer", wire.WholeConnection, err)
	}
	in.SetReadDeadline(e.t.deadline())
	e.in = in
	return nil
}

// finish writes the rest of the message, closes the stream, and checks the
// echo.
func (e *exchange) finish() error {
	if err := e.advance(len(e.message)); err != nil {
		return err
	}
	if err := e.out.Close(); err != nil {
		return e.t.noteStopped("close", e.id, err)
	}
	extra, err := io.ReadAll(e.in)
	if err != nil {
		return e.t.noteStopped("read", e.id, err)
	}
	if e.got = append(e.got, extra...); !bytes.Equal(e.got, e.message) {
		return fmt.Errorf("stream %d: the answer of %d bytes is not the message of %d", e.id, len(e.got), len(e.message))
	}
	e.t.proof.NextUsed = true
	return nil
}

// complete makes n exchanges of the request, one after the other.
func (t *trial) complete(n int) error {
	for i := 0; i < n; i++ {
		e, err := t.begin(request)
		if err != nil {
			return err
		}
		if err := e.finish(); err != nil {
			return err
		}
	}
	return nil
}

// noteStopped records an error that stopped the client, and returns it with
// the operation and the stream.
func (t *trial) noteStopped(during string, stream int64, err error) error {
	t.journal.StreamEnded(wire.Client, during, stream, fault(err))
	if stream == wire.WholeConnection {
		return fmt.Errorf("%s on the next connection: %v", during, err)
	}
	return fmt.Errorf("%s on stream %d of the next connection: %v", during, stream, err)
}

// deadline returns the time at which the trial gives up.
func (t *trial) deadline() time.Time {
	d, _ := t.ctx.Deadline()
	return d
}
