package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// startHost runs a host until the test ends, and returns its address and what it
// has printed, which may be read once the host has ended: end waits for that.
func startHost(t *testing.T) (address string, out *bytes.Buffer, end func()) {
	t.Helper()
	control, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	out = new(bytes.Buffer)
	h := &host{control: control, out: json.NewEncoder(out)}
	ended := make(chan error, 1)
	go func() { ended <- h.accept(time.Minute) }()
	end = func() {
		control.Close()
		<-ended
	}
	t.Cleanup(func() { control.Close() })
	return control.Addr().String(), out, end
}

// TestPeer has trials whose servers are a host's: they come out as they do in one
// process, and the host prints what its servers saw.
func TestPeer(t *testing.T) {
	address, out, end := startHost(t)
	outcomes := map[string]string{"control": clean, "planted": leak, "late-both": clean, "send-window": clean, "closed-late-write": leak}
	for _, s := range scenarios {
		want, ok := outcomes[s.name]
		if !ok {
			continue
		}
		r, wire := try(s, 7, dialPeer(address))
		if r.Outcome != want || r.Trial != 7 || r.Unsupported {
			t.Errorf("%s: got %+v", s.name, r)
		}
		if wire == nil || r.Wire == nil || !r.Wire.Agrees {
			t.Errorf("%s: nothing holds on the wire: %+v", s.name, r.Wire)
		}
	}
	end()
	got := map[string]bool{}
	for in := json.NewDecoder(out); in.More(); {
		var s served
		if err := in.Decode(&s); err != nil {
			t.Fatal(err)
		}
		if !s.Shook || s.Trial != 7 || len(s.Open) > 0 {
			t.Errorf("the host prints %+v", s)
		}
		got[s.Scenario] = len(s.Reset) > 0
	}
	want := map[string]bool{}
	for name, outcome := range outcomes {
		want[name] = outcome == leak
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on which streams were reset, -want +got:\n%s", diff)
	}
}

// TestPeerGone has trials without a host, and with one that ends, or that knows
// no such scenario: they say so.
func TestPeerGone(t *testing.T) {
	address, _, end := startHost(t)
	control, _ := find("control")
	unknown := control
	unknown.name = "nothing"
	if r, _ := try(unknown, 0, dialPeer(address)); r.Outcome != inconclusive || !strings.Contains(r.Why, `it answers: unknown scenario "nothing"`) {
		t.Errorf("got %+v", r)
	}
	end()
	if r, _ := try(control, 0, dialPeer(address)); r.Outcome != inconclusive || !strings.HasPrefix(r.Why, "starting the servers: ") {
		t.Errorf("got %+v", r)
	}
}

// TestPeerDies has a host that ends in the middle of a trial: nothing waits for
// it any longer.
func TestPeerDies(t *testing.T) {
	control, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer control.Close()
	go func() {
		c, err := control.Accept()
		if err != nil {
			return
		}
		var h hello
		json.NewDecoder(c).Decode(&h)
		json.NewEncoder(c).Encode(welcome{First: "127.0.0.1:1", Second: "127.0.0.1:2"})
		c.Close()
	}()
	j := newJournal()
	r, err := dialPeer(control.Addr().String())(j, scenario{name: "control"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	err = j.await(context.Background(), "a sign", func() bool { return false })
	if err == nil || !strings.Contains(err.Error(), "waiting for a sign: the process of the servers tells no more: ") {
		t.Errorf("got %v", err)
	}
	if err := r.sync(context.Background()); err == nil {
		t.Error("a host that is gone heeds orders")
	}
}

// TestHostEnds has a host that nobody comes to.
func TestHostEnds(t *testing.T) {
	if err := serve([]string{"-idle", "1ms"}); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{"-idle", "0s"}, {"more"}} {
		if serve(args) == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
