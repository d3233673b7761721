package main

import (
	"net"
	"sync"
)

// A gate is the client's socket. While it is held no datagram comes in: what
// the client does in that time happens before anything that the server makes of
// it, on every machine. It is held from the start, and it counts what goes out in
// 0-RTT packets. It can also be blocked for those, so that what the client queues
// stays queued.
//
// It offers no more than net.PacketConn, so that every release takes the same
// plain path: no ancillary data, no segmentation offload.
type gate struct {
	net.PacketConn
	left      func(bytes int) // is told the size of 0-RTT packets that have left
	wire      *recorder       // keeps what goes through; nil: nobody does
	mu        sync.Mutex
	waiting   int           // bytes of the 0-RTT datagrams that wait to go out
	pass      chan struct{} // closed while datagrams may come in
	out       chan struct{} // closed while 0-RTT datagrams may go out
	closed    chan struct{}
	closeOnce sync.Once
}

// newGate opens a socket behind a gate that is held.
func newGate(left func(bytes int)) (*gate, error) {
	c, err := listenLoopback()
	if err != nil {
		return nil, err
	}
	return gateOn(c, left), nil
}

// gateOn puts a gate, which is held, before a socket.
func gateOn(c net.PacketConn, left func(bytes int)) *gate {
	g := &gate{
		PacketConn: c,
		left:       left,
		pass:       make(chan struct{}),
		out:        make(chan struct{}),
		closed:     make(chan struct{}),
	}
	g.unblock()
	return g
}

// hold keeps back every datagram that has not come in yet.
func (g *gate) hold() { g.lock(&g.pass) }

// release lets in what was held and what follows.
func (g *gate) release() { g.open(&g.pass) }

// block makes the library wait when it writes a datagram that begins with a
// 0-RTT packet. All others pass: the ClientHello, with whatever is coalesced
// behind it, and what follows the rejection.
func (g *gate) block() { g.lock(&g.out) }

// unblock lets those datagrams out.
func (g *gate) unblock() { g.open(&g.out) }

// stuck returns how many bytes of 0-RTT datagrams wait to go out: of one, since
// whatever else the library makes is behind that, or of none.
func (g *gate) stuck() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting
}

// wait counts bytes that wait.
func (g *gate) wait(change int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting += change
}

// lock replaces a channel that is closed by one that is not.
func (g *gate) lock(c *chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-*c:
		*c = make(chan struct{})
	default: // locked already
	}
}

// open closes a channel.
func (g *gate) open(c *chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-*c: // open already
	default:
		close(*c)
	}
}

// await waits until a channel of the gate is closed, or the gate is.
func (g *gate) await(c *chan struct{}) error {
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
func (g *gate) ReadFrom(p []byte) (int, net.Addr, error) {
	n, addr, err := g.PacketConn.ReadFrom(p)
	if err != nil {
		return n, addr, err
	}
	if err := g.await(&g.pass); err != nil {
		return 0, nil, err
	}
	g.wire.received(p[:n], addr)
	return n, addr, nil
}

// WriteTo sends a datagram, and tells of the 0-RTT packets in it.
func (g *gate) WriteTo(p []byte, addr net.Addr) (int, error) {
	if beginsEarly(p) {
		g.wait(len(p))
		err := g.await(&g.out)
		g.wait(-len(p))
		if err != nil {
			return 0, err
		}
	}
	g.wire.sent(p, addr)
	n, err := g.PacketConn.WriteTo(p, addr)
	if early := zeroRTTBytes(p); err == nil && early > 0 {
		g.left(early)
	}
	return n, err
}

// Close closes the socket and frees whoever waits at the gate.
func (g *gate) Close() error {
	g.closeOnce.Do(func() { close(g.closed) })
	return g.PacketConn.Close()
}
