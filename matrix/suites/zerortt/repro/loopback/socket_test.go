package loopback

import (
	"net"
	"slices"
	"testing"
)

// TestPorts takes ports from a set with room for three.
func TestPorts(t *testing.T) {
	p := newPorts(3)
	steps := []struct {
		port int
		want bool
	}{
		{1, true}, {1, false}, {2, true}, {3, true},
		{1, false}, {2, false}, {3, false},
		{4, true}, {1, true}, // 4 replaced 1
		{3, false}, {4, false}, {2, true}, // 1 replaced 2
	}
	for i, s := range steps {
		if got := p.take(s.port); got != s.want {
			t.Fatalf("step %d: taking %d: %v, want %v", i, s.port, got, s.want)
		}
	}
	if len(p.taken) != 3 {
		t.Errorf("the set has %d ports, want 3", len(p.taken))
	}
}

// TestListenReusesNoPort opens and closes many sockets. Without the
// set of recent ports the kernel would reuse some port.
func TestListenReusesNoPort(t *testing.T) {
	var had []int
	for range 500 {
		c, err := Listen()
		if err != nil {
			t.Fatal(err)
		}
		if _, more := c.(interface{ SetReadBuffer(int) error }); more {
			t.Fatal("the socket offers more than net.PacketConn")
		}
		had = append(had, c.LocalAddr().(*net.UDPAddr).Port)
		c.Close()
	}
	slices.Sort(had)
	if n := len(slices.Compact(had)); n != 500 {
		t.Errorf("500 sockets had %d ports", n)
	}
}
