package main

import (
	"net"
	"sync"
)

// A gate is the client's socket. While it is held no datagram comes in: what
// the client does in that time happens before anything that the server makes of
// it, on every machine. It is held from the start, and it counts what goes out in
// 0-RTT packets.
//
// It offers no more than net.PacketConn, so that every release takes the same
// plain path: no ancillary data, no segmentation offload.
type gate struct {
	net.PacketConn
	left      func(bytes int) // is told the size of 0-RTT packets that have left
	mu        sync.Mutex
	pass      chan struct{} // closed while datagrams may come in
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
	return &gate{
		PacketConn: c,
		left:       left,
		pass:       make(chan struct{}),
		closed:     make(chan struct{}),
	}
}

// hold keeps back every datagram that has not come in yet.
func (g *gate) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.pass:
		g.pass = make(chan struct{})
	default: // held already
	}
}

// release lets in what was held and what follows.
func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.pass: // released already
	default:
		close(g.pass)
	}
}

// passage returns the channel that is closed when datagrams may come in.
func (g *gate) passage() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.pass
}

// ReadFrom takes a datagram off the socket and hands it on once it may come in.
func (g *gate) ReadFrom(p []byte) (int, net.Addr, error) {
	n, addr, err := g.PacketConn.ReadFrom(p)
	if err != nil {
		return n, addr, err
	}
	select {
	case <-g.passage():
		return n, addr, nil
	case <-g.closed:
		return 0, nil, net.ErrClosed
	}
}

// WriteTo sends a datagram, and tells of the 0-RTT packets in it.
func (g *gate) WriteTo(p []byte, addr net.Addr) (int, error) {
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
