package loopback

import (
	"net"
	"slices"
	"testing"
)

// TestPorts takes ports in a row from a memory with room for three.
func TestPorts(t *testing.T) {
	p := newPorts(3)
	steps := []struct {
		port int
		want bool
	}{
		{1, true}, {1, false}, {2, true}, {3, true},
		{1, false}, {2, false}, {3, false},
		{4, true}, {1, true}, // 1 was forgotten for 4
		{3, false}, {4, false}, {2, true}, // and 2 for 1
	}
	for i, s := range steps {
		if got := p.take(s.port); got != s.want {
			t.Fatalf("step %d: taking %d: %v, want %v", i, s.port, got, s.want)
		}
	}
	if len(p.taken) != 3 {
		t.Errorf("it remembers %d ports, and has room for 3", len(p.taken))
	}
}

// TestListenLoopbackReusesNoPort opens and closes sockets in a row: without the
// memory the kernel would give some port of so many again.
func TestListenLoopbackReusesNoPort(t *testing.T) {
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
