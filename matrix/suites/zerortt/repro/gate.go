package main

import (
	"net"
	"sync"
)

// A gate is the client's socket. It holds every datagram that comes in until it
// is opened, so that the server cannot answer before the client has done its
// part, and it watches what goes out for 0-RTT packets.
//
// It offers no more than net.PacketConn, so that every release takes the same
// plain path: no ancillary data, no segmentation offload.
type gate struct {
	net.PacketConn
	opened    chan struct{}
	closed    chan struct{}
	early     chan struct{} // closed when a 0-RTT packet has left
	openOnce  sync.Once
	closeOnce sync.Once
	earlyOnce sync.Once
}

func newGate() (*gate, error) {
	c, err := listenLoopback()
	if err != nil {
		return nil, err
	}
	return &gate{
		PacketConn: c,
		opened:     make(chan struct{}),
		closed:     make(chan struct{}),
		early:      make(chan struct{}),
	}, nil
}

// open lets through what was held and what follows.
func (g *gate) open() { g.openOnce.Do(func() { close(g.opened) }) }

// ReadFrom takes a datagram off the socket and hands it on once the gate is open.
func (g *gate) ReadFrom(p []byte) (int, net.Addr, error) {
	n, addr, err := g.PacketConn.ReadFrom(p)
	if err != nil {
		return n, addr, err
	}
	select {
	case <-g.opened:
		return n, addr, nil
	case <-g.closed:
		return 0, nil, net.ErrClosed
	}
}

// WriteTo sends a datagram, and notes the first one with a 0-RTT packet in it.
func (g *gate) WriteTo(p []byte, addr net.Addr) (int, error) {
	n, err := g.PacketConn.WriteTo(p, addr)
	if err == nil && hasZeroRTT(p) {
		g.earlyOnce.Do(func() { close(g.early) })
	}
	return n, err
}

// Close closes the socket and frees whoever waits at the gate.
func (g *gate) Close() error {
	g.closeOnce.Do(func() { close(g.closed) })
	return g.PacketConn.Close()
}

// attempted reports whether a 0-RTT packet has left.
func (g *gate) attempted() bool {
	select {
	case <-g.early:
		return true
	default:
		return false
	}
}

// listenLoopback opens a UDP socket on a free port of the loopback interface.
func listenLoopback() (net.PacketConn, error) {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	return plainConn{c}, nil
}

// plainConn hides all that *net.UDPConn can do beyond net.PacketConn.
type plainConn struct{ net.PacketConn }
