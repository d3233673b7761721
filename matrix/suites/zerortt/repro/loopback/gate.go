package loopback

import (
	"net"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// A Gate is the client's socket. While it is held, the client receives no
// datagrams. So what the client does in that time happens before it sees any
// reaction of the server, on every machine. A new Gate is held. It counts the
// bytes that leave in 0-RTT packets. It can also be blocked for 0-RTT packets,
// so that what the client queues stays queued.
//
// A Gate has only the methods of net.PacketConn. So every release takes the
// same simple path, without ancillary data or segmentation offload.
type Gate struct {
	net.PacketConn
	Wire      *wire.Recorder  // records all datagrams; set it before the first one; may be nil
	sentEarly func(bytes int) // called with the size of 0-RTT packets that have left
	mu        sync.Mutex
	waiting   int           // bytes of the 0-RTT datagrams that are blocked
	inbound   chan struct{} // closed while datagrams may come in
	outbound  chan struct{} // closed while 0-RTT datagrams may leave
	closed    chan struct{}
	closeOnce sync.Once
}

// NewGate opens a socket on the loopback interface behind a Gate, which is
// held. For each datagram with 0-RTT packets that has left, the Gate calls
// sentEarly with their size in bytes.
func NewGate(sentEarly func(bytes int)) (*Gate, error) {
	c, err := Listen()
	if err != nil {
		return nil, err
	}
	return newGate(c, sentEarly), nil
}

// newGate returns a Gate in front of a socket. It is held.
func newGate(c net.PacketConn, sentEarly func(bytes int)) *Gate {
	g := &Gate{
		PacketConn: c,
		sentEarly:  sentEarly,
		inbound:    make(chan struct{}),
		outbound:   make(chan struct{}),
		closed:     make(chan struct{}),
	}
	g.Unblock()
	return g
}

// Hold keeps back every datagram that the client has not read yet.
func (g *Gate) Hold() { g.shut(&g.inbound) }

// Release lets the client read what was held back, and all that follows.
func (g *Gate) Release() { g.open(&g.inbound) }

// Block makes WriteTo wait if the datagram begins with a 0-RTT packet. All
// other datagrams pass: the ClientHello with whatever is coalesced behind it,
// and what follows the rejection.
func (g *Gate) Block() { g.shut(&g.outbound) }

// Unblock lets 0-RTT datagrams leave.
func (g *Gate) Unblock() { g.open(&g.outbound) }

// Stuck returns the number of bytes in 0-RTT datagrams that are blocked. There
// is at most one such datagram, since the library writes them one after the
// other.
func (g *Gate) Stuck() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting
}

// addWaiting adds change to the number of blocked bytes.
func (g *Gate) addWaiting(change int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting += change
}

// shut replaces *c by an open channel, if it is closed.
func (g *Gate) shut(c *chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-*c:
		*c = make(chan struct{})
	default: // shut already
	}
}

// open closes *c, if it is not closed.
func (g *Gate) open(c *chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-*c: // open already
	default:
		close(*c)
	}
}

// await waits until *c is closed. It returns net.ErrClosed if the Gate is
// closed first.
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

// ReadFrom reads a datagram from the socket, and returns it once datagrams may
// come in.
func (g *Gate) ReadFrom(p []byte) (int, net.Addr, error) {
	n, addr, err := g.PacketConn.ReadFrom(p)
	if err != nil {
		return n, addr, err
	}
	if err := g.await(&g.inbound); err != nil {
		return 0, nil, err
	}
	g.Wire.Received(p[:n], addr)
	return n, addr, nil
}

// WriteTo sends a datagram, and reports the 0-RTT packets in it. It waits
// first if the datagram begins with a 0-RTT packet and the Gate is blocked.
func (g *Gate) WriteTo(p []byte, addr net.Addr) (int, error) {
	if wire.BeginsEarly(p) {
		g.addWaiting(len(p))
		err := g.await(&g.outbound)
		g.addWaiting(-len(p))
		if err != nil {
			return 0, err
		}
	}
	g.Wire.Sent(p, addr)
	n, err := g.PacketConn.WriteTo(p, addr)
	if early := wire.ZeroRTTBytes(p); err == nil && early > 0 {
		g.sentEarly(early)
	}
	return n, err
}

// Close closes the socket. Calls that wait at the Gate return net.ErrClosed.
func (g *Gate) Close() error {
	g.closeOnce.Do(func() { close(g.closed) })
	return g.PacketConn.Close()
}
