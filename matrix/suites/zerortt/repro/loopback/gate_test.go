package loopback

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
)

// Packets of version 1 as they begin, and a short header.
var (
	initial1 = longHeader(0, 200)
	early1   = longHeader(1, 300)
	oneRTT   = bytes.Repeat([]byte{0x50}, 300)
)

// longHeader makes a packet of a type; an Initial packet has an empty token.
func longHeader(kind byte, payload int) []byte {
	b := []byte{0xc0 | kind<<4, 0, 0, 0, 1, 4, 1, 2, 3, 4, 0}
	if kind == 0 {
		b = append(b, 0)
	}
	b = append(b, 0x40|byte(payload>>8), byte(payload))
	return append(b, bytes.Repeat([]byte{0xff}, payload)...)
}

// A pipe is a socket whose datagrams come out of a channel, so that a test knows
// that everybody who could go on has done so (see synctest.Wait).
type pipe struct {
	net.PacketConn // nil: nothing else is called
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

// TestGate takes a reader behind a Gate through its states. What came in is
// looked at when the reader can get no further.
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
					t.Error("a datagram comes from nowhere")
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
		g.Release() // a second time is as good as once
		p.in <- "three"
		want("three")

		g.Hold()
		p.in <- "four"
		want()
		g.Hold() // so here
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
		want() // what was held at the end never comes in
		if !errors.Is(ended, net.ErrClosed) {
			t.Errorf("the reader at a closed Gate was told %v", ended)
		}
	})
}

// TestGateClosesWaitingReader frees a reader to whom nothing was sent.
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
		t.Errorf("the reader was told %v", err)
	}
}

// TestGateTellsWhatLeft counts 0-RTT packets, in so far as they were sent.
func TestGateTellsWhatLeft(t *testing.T) {
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
		t.Errorf("%d of 4 datagrams were sent, and 0-RTT packets of %v bytes told of, want %v", len(p.sent), left, want)
	}
}

// TestGateTellsWhatIsStuck blocks 0-RTT datagrams, and no others.
func TestGateTellsWhatIsStuck(t *testing.T) {
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
		g.Close() // frees it, and it is lost
		synctest.Wait()
		want(0, 3)
	})
}
