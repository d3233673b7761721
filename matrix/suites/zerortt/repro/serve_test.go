package main

import (
	"bytes"
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/peer"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// startHost runs a host until the test ends. It returns the host's address and
// a buffer with its output. Call end, which stops the host, before you read
// the buffer.
func startHost(t *testing.T) (address string, out *bytes.Buffer, end func()) {
	t.Helper()
	control, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	out = new(bytes.Buffer)
	ended := make(chan error, 1)
	go func() { ended <- peer.Host(control, out, time.Minute, openFor) }()
	end = func() {
		control.Close()
		<-ended
	}
	t.Cleanup(func() { control.Close() })
	return control.Addr().String(), out, end
}

// TestPeer runs trials against the servers of a host. Their outcomes are the
// same as in one process, and the host prints what its servers saw.
func TestPeer(t *testing.T) {
	address, out, end := startHost(t)
	outcomes := map[string]string{"control": report.Clean, "planted": report.Leak, "late-both": report.Clean, "send-window": report.Clean, "closed-late-write": report.Leak}
	for _, s := range scenarios {
		want, ok := outcomes[s.name]
		if !ok {
			continue
		}
		r, wire := runTrial(s, 7, dialPeer(address))
		if r.Outcome != want || r.Trial != 7 || r.Unsupported {
			t.Errorf("%s: got %+v", s.name, r)
		}
		if wire == nil || r.Wire == nil || !r.Wire.Agrees {
			t.Errorf("%s: the wire does not confirm the report: %+v", s.name, r.Wire)
		}
	}
	end()
	got := map[string]bool{}
	for in := json.NewDecoder(out); in.More(); {
		var s struct {
			Scenario string
			Trial    int
			report.Seen
		}
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
		want[name] = outcome == report.Leak
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scenarios whose streams were reset (-want +got):\n%s", diff)
	}
}

// TestPeerGone checks the reports of trials whose host does not know the
// scenario, or is gone.
func TestPeerGone(t *testing.T) {
	address, _, end := startHost(t)
	control, _ := findScenario("control")
	unknown := control
	unknown.name = "nothing"
	if r, _ := runTrial(unknown, 0, dialPeer(address)); r.Outcome != report.Inconclusive || !strings.Contains(r.Why, `it answers: unknown scenario "nothing"`) {
		t.Errorf("got %+v", r)
	}
	end()
	if r, _ := runTrial(control, 0, dialPeer(address)); r.Outcome != report.Inconclusive || !strings.HasPrefix(r.Why, "starting the servers: ") {
		t.Errorf("got %+v", r)
	}
}

// TestHostEnds checks that serve ends if no client comes, and that it rejects
// wrong arguments.
func TestHostEnds(t *testing.T) {
	if err := serve([]string{"-idle", "1ms"}); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{"-idle", "0s"}, {"more"}} {
		if serve(args) == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
