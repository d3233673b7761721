package loopback

import (
	"net"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A Gate is the client's socket. While it is held no datagram comes in: what
// the client does in that time happens before anything that the server makes of
// it, on every machine. It is held from the start, and it counts what goes out in
// 0-RTT packets. It can also be blocked for those, so that what the client queues
// stays queued.
//
// It offers no more than net.PacketConn, so that every release takes the same
// plain path: no ancillary data, no segmentation offload.
type Gate struct {
	net.PacketConn
	Wire      *wire.Recorder  // keeps what goes through, set before anything does; nil: nobody does
	left      func(bytes int) // is told the size of 0-RTT packets that have left
	mu        sync.Mutex
	waiting   int           // bytes of the 0-RTT datagrams that wait to go out
	pass      chan struct{} // closed while datagrams may come in
	out       chan struct{} // closed while 0-RTT datagrams may go out
	closed    chan struct{}
	closeOnce sync.Once
}

// NewGate opens a socket behind a gate that is held. The function is told the
// size of 0-RTT packets that have left, in bytes, of all in one datagram.
func NewGate(left func(bytes int)) (*Gate, error) {
	c, err := Listen()
	if err != nil {
		return nil, err
	}
	return gateOn(c, left), nil
}

// gateOn puts a gate, which is held, before a socket.
func gateOn(c net.PacketConn, left func(bytes int)) *Gate {
	g := &Gate{
		PacketConn: c,
		left:       left,
		pass:       make(chan struct{}),
		out:        make(chan struct{}),
		closed:     make(chan struct{}),
	}
	g.Unblock()
	return g
}

// Hold keeps back every datagram that has not come in yet.
func (g *Gate) Hold() { g.lock(&g.pass) }

// Release lets in what was held and what follows.
func (g *Gate) Release() { g.open(&g.pass) }

// Block makes the library wait when it writes a datagram that begins with a
// 0-RTT packet. All others pass: the ClientHello, with whatever is coalesced
// behind it, and what follows the rejection.
func (g *Gate) Block() { g.lock(&g.out) }

// Unblock lets those datagrams out.
func (g *Gate) Unblock() { g.open(&g.out) }

// Stuck returns how many bytes of 0-RTT datagrams wait to go out: of one, since
// whatever else the library makes is behind that, or of none.
func (g *Gate) Stuck() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting
}

// wait counts bytes that wait.
func (g *Gate) wait(change int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting += change
}

// lock replaces a channel that is closed by one that is not.
func (g *Gate) lock(c *chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-*c:
		*c = make(chan struct{})
	default: // locked already
	}
}

// open closes a channel.
func (g *Gate) open(c *chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-*c: // open already
	default:
		close(*c)
	}
}

// await waits until a channel of the gate is closed, or the Gate is.
func (g *Gate) await(c *chan struct{}) error {
	g.mu.Lock()
	now := *c
	g.mu.Unlock()
	select {
	case <-now:
		return nil
	case <-g.closed:
		return net.ErrClosed
	}
}

// ReadFrom takes a datagram off the socket and hands it on once it may come in.
func (g *Gate) ReadFrom(p []byte) (int, net.Addr, error) {
	n, addr, err := g.PacketConn.ReadFrom(p)
	if err != nil {
		return n, addr, err
	}
	if err := g.await(&g.pass); err != nil {
		return 0, nil, err
	}
	g.Wire.Received(p[:n], addr)
	return n, addr, nil
}

// WriteTo sends a datagram, and tells of the 0-RTT packets in it.
func (g *Gate) WriteTo(p []byte, addr net.Addr) (int, error) {
	if wire.BeginsEarly(p) {
		g.wait(len(p))
		err := g.await(&g.out)
		g.wait(-len(p))
		if err != nil {
			return 0, err
		}
	}
	g.Wire.Sent(p, addr)
	n, err := g.PacketConn.WriteTo(p, addr)
	if early := wire.ZeroRTTBytes(p); err == nil && early > 0 {
		g.left(early)
	}
	return n, err
}

// Close closes the socket and frees whoever waits at the gate.
func (g *Gate) Close() error {
	g.closeOnce.Do(func() { close(g.closed) })
	return g.PacketConn.Close()
}
