package peer

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// TestPeerDies checks that nothing waits for a host that ended in the middle
// of a trial.
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
	j := report.NewJournal()
	r, err := Dial(control.Addr().String(), j, "control", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	err = j.Await(context.Background(), "a sign", func() bool { return false })
	if err == nil || !strings.Contains(err.Error(), "waiting for a sign: the process of the servers tells no more: ") {
		t.Errorf("got %v", err)
	}
	if err := r.Sync(context.Background()); err == nil {
		t.Error("Sync succeeds although the host is gone")
	}
}
