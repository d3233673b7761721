package attacker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

const (
	idSize        = 8    // of the connection IDs of this endpoint
	largeDatagram = 1300 // more bytes than the victims' datagrams have before they know the path's MTU
	minDatagram   = 1200 // with an Initial packet (RFC 9000, section 14.1)
	payloadSize   = 1100 // of frames in one packet, at most
	underWay      = 24   // packets that the peer has not acknowledged, at most
	poll          = 20 * time.Millisecond

	// patience is how long to wait for an answer before a packet is sent again. On a busy
	// machine, sockets drop some.
	patience = 600 * time.Millisecond
)

// A Conn is a connection to the victim.
type Conn struct {
	Silent bool // do not acknowledge anything

	// What the victim has sent so far.
	Confirmed  bool           // a HANDSHAKE_DONE
	Closed     error          // a *CloseError; nil while the connection is open
	Counts     map[uint64]int // frames by type
	Challenges []Challenge    // its PATH_CHALLENGE frames
	Large      []int64        // the numbers of packets in datagrams that look for the path's MTU

	version  uint32
	socket   net.PacketConn
	peer     net.Addr
	dst, src []byte
	spaces   [wire.Levels]space
	streams  map[uint64]*stream
	size     int                      // of the datagram that is read
	from     net.Addr                 // the sender of that datagram
	offered  []uint32                 // by a Version Negotiation packet
	progress func(l wire.Level) error // takes in the CRYPTO stream of a level

	// Of a server only.
	waits     bool   // for the client's first packet
	original  []byte // the connection ID that the client chose for the server
	confirmed bool   // the handshake, by a HANDSHAKE_DONE
}

// A Challenge is a PATH_CHALLENGE, and the number of the packet that it came in.
type Challenge struct {
	Data   []byte
	Packet int64
}

// A CloseError is the error with which the victim closed the connection.
type CloseError struct {
	Code   uint64
	Reason string
}

// Error returns the code and the reason.
func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("it closed the connection with code %#x", e.Code)
	}
	return fmt.Sprintf("it closed the connection with code %#x: %s", e.Code, e.Reason)
}

// newConn returns a connection whose socket and keys are not set.
func newConn(version uint32, dst []byte) (*Conn, error) {
	src, err := randomBytes(idSize)
	c := &Conn{Counts: make(map[uint64]int), version: version, dst: dst, src: src, streams: make(map[uint64]*stream)}
	for i := range c.spaces {
		c.spaces[i].acked, c.spaces[i].largest = -1, -1
	}
	return c, err
}

// randomBytes returns random bytes.
func randomBytes(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := rand.Read(b)
	return b, err
}

// listen opens a socket on loopback.
func listen() (net.PacketConn, error) {
	return net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
}

// Close closes the socket. The victim is not told: it gives up the connection when it
// has been idle for long enough.
func (c *Conn) Close() { c.socket.Close() }

// packet is frames for one packet.
type packet struct {
	level  wire.Level
	frames []byte
}

// Send sends frames in one packet.
func (c *Conn) Send(l wire.Level, frames []byte) error { return c.datagram(packet{l, frames}) }

// datagram sends packets in one datagram, and returns an error if it does not leave. The
// last packet is padded if one of them is an Initial packet.
func (c *Conn) datagram(packets ...packet) error {
	var b []byte
	for i, p := range packets {
		s := &c.spaces[p.level]
		frames := p.frames
		if last := i == len(packets)-1; last && packets[0].level == wire.Initial {
			if short := minDatagram - len(b) - len(frames); short > 0 {
				frames = append(frames[:len(frames):len(frames)], make([]byte, short)...)
			}
		}
		for len(frames) < 4 {
			frames = append(frames, wire.TypePadding)
		}
		b = s.send.Seal(b, wire.Packet{Level: p.level, Version: c.version, Dst: c.dst, Src: c.src, Number: s.next, Payload: frames})
		s.next++
	}
	_, err := c.socket.WriteTo(b, c.peer)
	return err
}

// SendAll sends many frames, as many to a packet as fit. It waits for the victim to
// acknowledge what is under way, so that little is dropped. If the acknowledgement does not
// come, it sends the last packet again.
func (c *Conn) SendAll(ctx context.Context, frames [][]byte) error {
	s := &c.spaces[wire.OneRTT]
	var payload []byte
	for i, f := range frames {
		payload = append(payload, f...)
		if i+1 < len(frames) && len(payload)+len(frames[i+1]) <= payloadSize {
			continue
		}
		number := s.next
		send := func() error { return c.Send(wire.OneRTT, append(payload, wire.TypePing)) }
		if err := send(); err != nil {
			return err
		}
		most := int64(underWay)
		if i+1 == len(frames) {
			most = 0
		}
		if err := c.insist(ctx, func() bool { return number-s.acked <= most }, send); err != nil {
			return err
		}
		payload = payload[:0]
	}
	return nil
}

// insist is Await, and sends something again whenever that takes long.
func (c *Conn) insist(ctx context.Context, done func() bool, again func() error) error {
	for {
		until := time.Now().Add(patience)
		err := c.Await(ctx, func() bool { return done() || time.Now().After(until) })
		if err != nil || done() {
			return err
		}
		if err := again(); err != nil {
			return err
		}
	}
}

// Await takes in what the victim sends until done reports true. It returns an error if
// the victim closes the connection first, or ctx is done.
func (c *Conn) Await(ctx context.Context, done func() bool) error {
	for !done() {
		if c.Closed != nil {
			return c.Closed
		}
		if err := c.receive(ctx); err != nil {
			return err
		}
	}
	return nil
}

// receive takes in one datagram, or nothing if none came for a while.
func (c *Conn) receive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var buffer [2048]byte
	c.socket.SetReadDeadline(time.Now().Add(poll))
	n, from, err := c.socket.ReadFrom(buffer[:])
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return nil
	}
	if err != nil {
		return err
	}
	c.size, c.from = n, from
	for rest := buffer[:n]; len(rest) > 0; {
		var h wire.Header
		if h, rest, err = wire.ReadHeader(rest, idSize); err != nil {
			return err
		}
		if err := c.handle(h); err != nil {
			return err
		}
	}
	return c.acknowledge()
}

// handle takes in a packet. One whose keys are not known is dropped.
func (c *Conn) handle(h wire.Header) error {
	if h.Other {
		c.offered = append(c.offered, h.Offered...)
		return nil
	}
	s := &c.spaces[h.Level]
	if c.waits && h.Level == wire.Initial {
		s.open, s.send = wire.InitialKeys(h.Version, h.Dst)
	}
	if s.open == nil {
		return nil
	}
	p, err := s.decrypt(h)
	if err != nil {
		return nil //nolint:nilerr // such as a stateless reset: RFC 9000 has it ignored
	}
	if !s.add(p.Number) {
		return nil
	}
	if c.waits {
		c.waits, c.peer, c.version, c.original = false, c.from, h.Version, append([]byte(nil), h.Dst...)
	}
	if h.Level == wire.OneRTT && c.size > largeDatagram {
		c.Large = append(c.Large, p.Number)
	}
	if h.Level == wire.Initial {
		c.dst = append([]byte(nil), h.Src...) // it chooses its connection ID
	}
	frames, err := wire.ReadFrames(p.Payload)
	if err != nil {
		return err
	}
	for _, f := range frames {
		if f.ElicitsAck() {
			s.owed, s.eliciting = true, p.Number
		}
		if err := c.take(h.Level, p.Number, f); err != nil {
			return err
		}
	}
	return nil
}

// take takes in a frame.
func (c *Conn) take(l wire.Level, number int64, f wire.Frame) error {
	c.Counts[f.Type]++
	s := &c.spaces[l]
	switch f.Type {
	case wire.TypeAck, wire.TypeAckECN:
		if last := f.Acked[0].Last; last > s.acked {
			s.acked = last
		}
	case wire.TypeCrypto:
		if err := s.crypto.add(f.Offset, f.Data, false); err != nil {
			return err
		}
		return c.progress(l)
	case wire.TypeStream:
		return c.stream(f.ID).add(f.Offset, f.Data, f.Fin)
	case wire.TypeResetStream, wire.TypeStopSending:
		c.stream(f.ID).reset = true
	case wire.TypePathChallenge:
		c.Challenges = append(c.Challenges, Challenge{append([]byte(nil), f.Data...), number})
	case wire.TypeHandshakeDone:
		c.Confirmed = true
	case wire.TypeConnectionClose, wire.TypeApplicationClose:
		c.Closed = &CloseError{f.Code, string(f.Data)}
	}
	return nil
}

// Ended reports whether the victim has ended a stream, or has reset it.
func (c *Conn) Ended(id uint64) bool { return c.stream(id).closed || c.stream(id).reset }

// stream returns a stream by its ID.
func (c *Conn) stream(id uint64) *stream {
	s, ok := c.streams[id]
	if !ok {
		s = new(stream)
		c.streams[id] = s
	}
	return s
}

// Elsewhere opens a socket with another address, and calls f while the connection uses
// it instead of its own.
func (c *Conn) Elsewhere(f func() error) error {
	socket, err := listen()
	if err != nil {
		return err
	}
	defer socket.Close()
	own := c.socket
	c.socket = socket
	defer func() { c.socket = own }()
	return f()
}

// Latest returns the number of the victim's last packet that wants to be acknowledged.
func (c *Conn) Latest() int64 { return c.spaces[wire.OneRTT].eliciting }

// Poll takes in what has already arrived.
func (c *Conn) Poll(ctx context.Context) error { return c.receive(ctx) }

// acknowledge acknowledges what the victim wants acknowledged, unless the connection is
// silent.
func (c *Conn) acknowledge() error {
	for l := wire.Initial; l < wire.Levels; l++ {
		s := &c.spaces[l]
		if !s.owed || c.Silent || s.send == nil {
			continue
		}
		s.owed = false
		if err := c.Send(l, wire.AppendAck(nil, s.seen)); err != nil {
			return err
		}
	}
	return nil
}
