package loopback

import (
	"net"
	"sync"
)

// Listen opens a UDP socket on a port of the loopback interface that no recent
// socket of this process had.
//
// Releases before v0.49 keep a list of all sockets by address, and remove a
// socket from it some time after it was closed. Until then they mistake a new
// socket with the same port for the old one: no datagram comes in, and from
// v0.35 on the process panics.
func Listen() (net.PacketConn, error) {
	// These stay open until Listen returns, or the kernel could choose the
	// same ports again.
	var rejected []net.PacketConn
	defer func() {
		for _, c := range rejected {
			c.Close()
		}
	}()
	for {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		if recentPorts.take(c.LocalAddr().(*net.UDPAddr).Port) {
			return plainConn{c}, nil
		}
		rejected = append(rejected, c)
	}
}

// plainConn hides the methods of *net.UDPConn that net.PacketConn does not
// have.
type plainConn struct{ net.PacketConn }

// recentPorts are the ports of the last sockets of this process, enough for
// more than a hundred trials.
var recentPorts = newPorts(512)

// ports is a set of the last ports taken, as many as order has room for.
type ports struct {
	mu    sync.Mutex
	taken map[int]bool
	order []int // a ring buffer
	next  int   // index of the oldest port in order
}

// newPorts returns an empty set with room for that many ports.
func newPorts(room int) *ports {
	return &ports{taken: make(map[int]bool, room), order: make([]int, room)}
}

// take adds a port, and forgets the oldest one. It returns false if the port
// is in the set already.
func (p *ports) take(port int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[port] {
		return false
	}
	delete(p.taken, p.order[p.next])
	p.taken[port] = true
	p.order[p.next] = port
	p.next = (p.next + 1) % len(p.order)
	return true
}
