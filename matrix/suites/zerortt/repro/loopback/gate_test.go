package loopback

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
)

// The beginning of an Initial and a 0-RTT packet of version 1, and a short
// header packet.
var (
	initial1 = longHeader(0, 200)
	early1   = longHeader(1, 300)
	oneRTT   = bytes.Repeat([]byte{0x50}, 300)
)

// longHeader returns a packet of a type. An Initial packet has an empty token.
func longHeader(kind byte, payload int) []byte {
	b := []byte{0xc0 | kind<<4, 0, 0, 0, 1, 4, 1, 2, 3, 4, 0}
	if kind == 0 {
		b = append(b, 0)
	}
	b = append(b, 0x40|byte(payload>>8), byte(payload))
	return append(b, bytes.Repeat([]byte{0xff}, payload)...)
}

// A pipe is a socket that receives its datagrams from a channel, so that
// synctest.Wait can tell when all goroutines are blocked.
type pipe struct {
	net.PacketConn // nil: no other method is called
	in             chan string
	closed         chan struct{}
	sent           [][]byte
}

func newPipe() *pipe { return &pipe{in: make(chan string, 10), closed: make(chan struct{})} }

func (p *pipe) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case s := <-p.in:
		return copy(b, s), &net.UDPAddr{Port: 1}, nil
	case <-p.closed:
		return 0, nil, net.ErrClosed
	}
}

func (p *pipe) WriteTo(b []byte, _ net.Addr) (int, error) {
	select {
	case <-p.closed:
		return 0, net.ErrClosed
	default:
		p.sent = append(p.sent, b)
		return len(b), nil
	}
}

func (p *pipe) Close() error {
	close(p.closed)
	return nil
}

// TestGate takes a reader behind a Gate through all states. After each step it
// waits until the reader is blocked.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipe()
		g := newGate(p, func(int) {})
		var came []string
		var ended error
		go func() {
			buf := make([]byte, 100)
			for {
				n, from, err := g.ReadFrom(buf)
				if err != nil {
					ended = err
					return
				}
				if from == nil {
					t.Error("ReadFrom returned no address")
				}
				came = append(came, string(buf[:n]))
			}
		}()
		want := func(words ...string) {
			t.Helper()
			synctest.Wait()
			if !slices.Equal(came, words) {
				t.Fatalf("%q came in, want %q", came, words)
			}
			came = nil
		}

		p.in <- "one"
		p.in <- "two"
		want() // a new Gate is held
		g.Release()
		want("one", "two")
		g.Release() // again, without effect
		p.in <- "three"
		want("three")

		g.Hold()
		p.in <- "four"
		want()
		g.Hold() // again, without effect
		p.in <- "five"
		want()
		g.Release()
		want("four", "five")

		g.Hold()
		p.in <- "six"
		want()
		if err := g.Close(); err != nil {
			t.Error(err)
		}
		want() // what is held back when the Gate is closed never comes in
		if !errors.Is(ended, net.ErrClosed) {
			t.Errorf("reading from a closed Gate: %v", ended)
		}
	})
}

// TestGateClosesWaitingReader checks that Close unblocks a reader to which
// nothing was sent.
func TestGateClosesWaitingReader(t *testing.T) {
	g, err := NewGate(func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, _, err := g.ReadFrom(make([]byte, 100))
		ended <- err
	}()
	g.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading from a closed Gate: %v", err)
	}
}

// TestGateReportsEarly checks that the Gate reports 0-RTT packets that were
// sent, and no others.
func TestGateReportsEarly(t *testing.T) {
	p := newPipe()
	var left []int
	g := newGate(p, func(bytes int) { left = append(left, bytes) })
	for _, b := range [][]byte{initial1, append(initial1[:len(initial1):len(initial1)], early1...), oneRTT, early1} {
		if _, err := g.WriteTo(b, nil); err != nil { // also while the Gate is held
			t.Fatal(err)
		}
	}
	g.Close()
	if _, err := g.WriteTo(early1, nil); !errors.Is(err, net.ErrClosed) {
		t.Errorf("writing to a closed Gate: %v", err)
	}
	if want := []int{len(early1), len(early1)}; !slices.Equal(left, want) || len(p.sent) != 4 {
		t.Errorf("%d of 4 datagrams were sent, and the Gate reported %v bytes, want %v", len(p.sent), left, want)
	}
}

// TestGateBlocksEarly checks that Block holds back 0-RTT datagrams and no
// others.
func TestGateBlocksEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipe()
		g := newGate(p, func(int) {})
		write := func(b []byte) {
			go func() { _, _ = g.WriteTo(b, nil) }()
			synctest.Wait()
		}
		want := func(stuck, sent int) {
			t.Helper()
			if g.Stuck() != stuck || len(p.sent) != sent {
				t.Errorf("%d bytes are stuck, with %d datagrams sent; want %d, %d", g.Stuck(), len(p.sent), stuck, sent)
			}
		}
		write(early1)
		want(0, 1)
		g.Block()
		write(initial1)
		want(0, 2)
		write(early1)
		want(len(early1), 2)
		g.Unblock()
		synctest.Wait()
		want(0, 3)
		g.Block()
		write(early1)
		want(len(early1), 3)
		g.Close() // unblocks the writer, and the datagram is lost
		synctest.Wait()
		want(0, 3)
	})
}
