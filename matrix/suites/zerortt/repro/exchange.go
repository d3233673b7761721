package main

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// request is the message of every exchange. The application sends the same one
// early and again on the next connection, as one that repeats what was rejected.
// It is so short that a stream frame with all of it has room in one datagram,
// even in the one that also carries the ClientHello. Its length tells: a reset
// with the final size of a shorter early message can kill the connection where
// one of the same length only resets the stream, see the scenario retry-short.
var request = bytes.Repeat([]byte("matrixrun "), 30)

// middle is where an exchange can be held: half of the request.
var middle = len(request) / 2

// An exchange is a message on its way to the server and back, on a new stream of
// the next connection.
type exchange struct {
	t       *trial
	id      int64
	message []byte
	stream  stream // nil for a unidirectional one
	out     sendStream
	in      receiveStream // nil for a unidirectional stream until its answer begins
	sent    int
	got     []byte
}

// begin opens a bidirectional stream on the next connection for a message.
func (t *trial) begin(message []byte) (*exchange, error) {
	str, err := t.next.OpenStreamSync(t.ctx)
	if err != nil {
		return nil, t.stopped("opening a stream", wire.WholeConnection, err)
	}
	str.SetDeadline(t.deadline())
	id := int64(str.StreamID())
	t.taken[id] = true
	return &exchange{t: t, id: id, message: message, stream: str, out: str, in: str}, nil
}

// beginUni opens a unidirectional stream, which is answered on another one.
func (t *trial) beginUni(message []byte) (*exchange, error) {
	str, err := t.next.OpenUniStreamSync(t.ctx)
	if err != nil {
		return nil, t.stopped("opening a unidirectional stream", wire.WholeConnection, err)
	}
	id := int64(str.StreamID())
	t.taken[id] = true
	return &exchange{t: t, id: id, message: message, out: str}, nil
}

// send sends the message up to an offset.
func (e *exchange) send(to int) error {
	n, err := e.out.Write(e.message[e.sent:to])
	e.sent += n
	if err != nil {
		return e.t.stopped("write", e.id, err)
	}
	return nil
}

// advance sends the message up to an offset, and waits until the server has
// answered all of it. This is where a held gate is released: the client has
// done its part, and from here on it needs the server.
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
		return e.t.stopped("read", e.id, err)
	}
	return nil
}

// acceptAnswer takes the stream on which a unidirectional one is answered.
func (e *exchange) acceptAnswer() error {
	if e.in != nil {
		return nil
	}
	in, err := e.t.next.AcceptUniStream(e.t.ctx)
	if err != nil {
		return e.t.stopped("accepting the answer", wire.WholeConnection, err)
	}
	in.SetReadDeadline(e.t.deadline())
	e.in = in
	return nil
}

// finish sends the rest of the message with its end, and checks the answer.
func (e *exchange) finish() error {
	if err := e.advance(len(e.message)); err != nil {
		return err
	}
	if err := e.out.Close(); err != nil {
		return e.t.stopped("close", e.id, err)
	}
	extra, err := io.ReadAll(e.in)
	if err != nil {
		return e.t.stopped("read", e.id, err)
	}
	if e.got = append(e.got, extra...); !bytes.Equal(e.got, e.message) {
		return fmt.Errorf("stream %d: the answer of %d bytes is not the message of %d", e.id, len(e.got), len(e.message))
	}
	e.t.proof.NextUsed = true
	return nil
}

// complete makes whole exchanges of the request, one after the other.
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

// stopped notes what stopped the client, and words it.
func (t *trial) stopped(during string, stream int64, err error) error {
	t.journal.StreamEnded(wire.Client, during, stream, fault(err))
	if stream == wire.WholeConnection {
		return fmt.Errorf("%s on the next connection: %v", during, err)
	}
	return fmt.Errorf("%s on stream %d of the next connection: %v", during, stream, err)
}

// deadline is when the trial gives up.
func (t *trial) deadline() time.Time {
	d, _ := t.ctx.Deadline()
	return d
}
