package attacker

import (
	"context"
	"net"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/handshake"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// A Server waits for clients, one after the other.
type Server struct{ socket net.PacketConn }

// Listen opens a server's socket.
func Listen() (*Server, error) {
	socket, err := listen()
	return &Server{socket}, err
}

// Addr returns the address of the server.
func (s *Server) Addr() net.Addr { return s.socket.LocalAddr() }

// Close closes the socket, and with it the connection of the client.
func (s *Server) Close() { s.socket.Close() }

// Accept waits for the client, and sends all that a server sends of a handshake in one
// datagram, with early frames at the 1-RTT level behind it. When the client has completed
// the handshake, the server confirms it.
func (s *Server) Accept(ctx context.Context, protocol string, early []byte) (*Conn, error) {
	c, hello, err := s.await(ctx)
	if err != nil {
		return nil, err
	}
	if protocol == H3 && c.version == wire.VersionDraft29 {
		protocol = h3Draft29
	}
	server, err := handshake.NewServer()
	if err != nil {
		return nil, err
	}
	flight, err := server.Answer(hello, c.version, protocol, parameters(c.original, c.src))
	if err != nil {
		return nil, err
	}
	c.setKeys(wire.Handshake, flight.Handshake)
	c.setKeys(wire.OneRTT, flight.App)
	packets := []packet{
		{wire.Initial, wire.AppendCrypto(c.Ack(wire.Initial), 0, flight.Hello)},
		{wire.Handshake, wire.AppendCrypto(nil, 0, flight.Rest)},
	}
	if early != nil {
		packets = append(packets, packet{wire.OneRTT, early})
	}
	c.progress = func(l wire.Level) error {
		if l != wire.Handshake || c.confirmed {
			return nil
		}
		c.confirmed = true
		return c.Send(wire.OneRTT, []byte{wire.TypeHandshakeDone})
	}
	err = c.datagram(packets...)
	return c, err
}

// setKeys sets the keys of a level for the server.
func (c *Conn) setKeys(l wire.Level, s handshake.Secrets) {
	c.spaces[l].send, c.spaces[l].open = wire.NewKeys(s.Server), wire.NewKeys(s.Client)
}

// await waits for a client, and returns its ClientHello.
func (s *Server) await(ctx context.Context) (c *Conn, hello []byte, err error) {
	if c, err = newConn(0, nil); err != nil {
		return nil, nil, err
	}
	// What is left of earlier connections cannot be decrypted with the keys that its
	// connection IDs give.
	c.socket, c.Silent, c.waits = s.socket, true, true
	c.progress = func(l wire.Level) error {
		if messages, _ := handshake.Complete(c.spaces[l].crypto.data); len(messages) > 0 {
			hello = messages[0]
		}
		return nil
	}
	err = c.Await(ctx, func() bool { return hello != nil })
	c.Silent = false
	return c, hello, err
}

// Serve takes in what the client sends until it has ended a stream, and returns the data.
func (c *Conn) Serve(ctx context.Context, id uint64) ([]byte, error) {
	err := c.Await(ctx, func() bool { return c.stream(id).closed })
	return c.stream(id).data, err
}
