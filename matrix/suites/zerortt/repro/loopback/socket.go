package loopback

import (
	"net"
	"sync"
)

// Listen opens a UDP socket on a port of the loopback interface that no
// socket of this process had lately. Releases before v0.49 keep a list of all
// sockets by their address, and take one off it some time after it was closed.
// A new socket with its port is mistaken for the old one until then: no datagram
// comes in, and from v0.35 on the process panics.
func Listen() (net.PacketConn, error) {
	var passedOver []net.PacketConn // not closed before there is another, or their ports could come again
	defer func() {
		for _, c := range passedOver {
			c.Close()
		}
	}()
	for {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		if lately.take(c.LocalAddr().(*net.UDPAddr).Port) {
			return plainConn{c}, nil
		}
		passedOver = append(passedOver, c)
	}
}

// plainConn hides all that *net.UDPConn can do beyond net.PacketConn.
type plainConn struct{ net.PacketConn }

// lately are the ports of this process's last sockets: those of a hundred trials
// and more.
var lately = newPorts(512)

// ports remember the last ports that were taken, as many as order has room for.
type ports struct {
	mu    sync.Mutex
	taken map[int]bool
	order []int // a ring
	next  int   // where the oldest one stands
}

func newPorts(room int) *ports {
	return &ports{taken: make(map[int]bool, room), order: make([]int, room)}
}

// take remembers a port, unless it already does.
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
