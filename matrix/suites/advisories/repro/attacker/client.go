package attacker

import (
	"context"
	"errors"
	"net"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/handshake"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// Begin dials a server, and goes through the handshake up to the client's last message,
// which Finish sends. It speaks draft 29 if the server has no version 1.
func Begin(ctx context.Context, server net.Addr, protocol string) (*Conn, []byte, error) {
	for _, version := range []uint32{wire.VersionOne, wire.VersionDraft29} {
		c, finish, err := begin(ctx, server, protocol, version)
		if err == nil {
			return c, finish, nil
		}
		c.Close()
		if err != errNoVersion {
			return nil, nil, err
		}
	}
	return nil, nil, errNoVersion
}

// errNoVersion reports a server that speaks other versions.
var errNoVersion = errors.New("the server has neither QUIC version 1 nor draft 29")

// begin is Begin for one version. It always returns a connection that can be closed.
func begin(ctx context.Context, server net.Addr, protocol string, version uint32) (c *Conn, finish []byte, err error) {
	dst, err := randomBytes(idSize)
	if err != nil {
		return nil, nil, err
	}
	if c, err = newConn(version, dst); err != nil {
		return nil, nil, err
	}
	if c.socket, err = listen(); err != nil {
		return nil, nil, err
	}
	c.peer = server
	initial := &c.spaces[wire.Initial]
	initial.send, initial.open = wire.InitialKeys(version, dst)
	if protocol == H3 && version == wire.VersionDraft29 {
		protocol = h3Draft29
	}
	client, err := handshake.NewClient(version, protocol, parameters(nil, c.src))
	if err != nil {
		return c, nil, err
	}
	c.progress = func(l wire.Level) error {
		stream := &c.spaces[l].crypto
		messages, size := handshake.Complete(stream.data[stream.read:])
		stream.read += size
		for _, m := range messages {
			if err := c.clientMessage(client, l, m, &finish); err != nil {
				return err
			}
		}
		return nil
	}
	hello := wire.AppendCrypto(nil, 0, client.Hello())
	send := func() error { return c.datagram(packet{wire.Initial, hello}) }
	if err := send(); err != nil {
		return c, nil, err
	}
	err = c.insist(ctx, func() bool { return finish != nil || c.offered != nil }, send)
	if c.offered != nil {
		err = errNoVersion
	}
	return c, finish, err
}

// H3 is the name of HTTP/3 in ALPN. In draft 29 it is another one.
const (
	H3        = "h3"
	h3Draft29 = "h3-29"
)

// clientMessage takes in a message of the server's handshake.
func (c *Conn) clientMessage(client *handshake.Client, l wire.Level, m []byte, finish *[]byte) error {
	switch l {
	case wire.Initial:
		secrets, err := client.ServerHello(m)
		if err != nil {
			return err
		}
		s := &c.spaces[wire.Handshake]
		s.send, s.open = wire.NewKeys(secrets.Client), wire.NewKeys(secrets.Server)
	case wire.Handshake:
		last, app, done := client.Next(m)
		if done {
			s := &c.spaces[wire.OneRTT]
			s.send, s.open = wire.NewKeys(app.Client), wire.NewKeys(app.Server)
			*finish = last
		}
	}
	return nil // messages after the handshake are tickets
}

// Dial dials a server, and waits until the server has confirmed the handshake.
func Dial(ctx context.Context, server net.Addr, protocol string) (*Conn, error) {
	c, finish, err := Begin(ctx, server, protocol)
	if err != nil {
		return nil, err
	}
	send := func() error { return c.Send(wire.Handshake, wire.AppendCrypto(nil, 0, finish)) }
	err = send()
	if err == nil {
		err = c.insist(ctx, func() bool { return c.Confirmed }, send)
	}
	if err != nil {
		c.Close()
	}
	return c, err
}

// Ack returns an ACK of all packets that arrived at a level.
func (c *Conn) Ack(l wire.Level) []byte { return wire.AppendAck(nil, c.spaces[l].seen) }

// Ask sends data on a new stream, and returns what the victim answers until the end of
// the stream.
func (c *Conn) Ask(ctx context.Context, id uint64, data []byte) ([]byte, error) {
	if err := c.Write(ctx, id, data, true); err != nil {
		return nil, err
	}
	s := c.stream(id)
	err := c.Await(ctx, func() bool { return s.closed })
	return s.data, err
}

// Write sends more data on a stream, and ends the stream if fin is set. It waits until
// the victim has acknowledged it.
func (c *Conn) Write(ctx context.Context, id uint64, data []byte, fin bool) error {
	s := c.stream(id)
	var frames [][]byte
	for first := true; first || len(data) > 0; first = false {
		n := len(data)
		if n > payloadSize-100 {
			n = payloadSize - 100
		}
		frames = append(frames, wire.AppendStream(nil, id, s.sent, data[:n], fin && n == len(data)))
		s.sent += uint64(n)
		data = data[n:]
	}
	return c.SendAll(ctx, frames)
}

// parameters returns transport parameters (RFC 9000, section 18) that allow the victim
// much. A server repeats the connection ID that the client chose for it first.
func parameters(original, src []byte) (b []byte) {
	add := func(id uint64, value []byte) {
		b = wire.AppendVarint(wire.AppendVarint(b, id), uint64(len(value)))
		b = append(b, value...)
	}
	number := func(id, v uint64) { add(id, wire.AppendVarint(nil, v)) }
	if original != nil {
		add(0x00, original)
	}
	number(0x01, 30000) // the idle timeout in ms
	number(0x04, 1<<24) // data of the connection
	number(0x05, 1<<20) // of a stream that the sender opens
	number(0x06, 1<<20) // of one that the receiver opens
	number(0x07, 1<<20) // of a unidirectional one
	number(0x08, 100)   // bidirectional streams
	number(0x09, 100)   // unidirectional streams
	number(0x0e, 4)     // connection IDs
	add(0x0f, src)
	return b
}
