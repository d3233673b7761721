package trial_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// playServer plays the command serve of a reproduction. The role is the name that the
// program was called by: it says what goes wrong.
func playServer(role string) {
	switch role {
	case "crash":
		panic("no servers")
	case "mute":
		hangHere()
	case "chatty":
		fmt.Print(strings.Repeat("listening on loopback ", 100))
		hangHere()
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	fmt.Println(l.Addr())
	for {
		c, err := l.Accept()
		check(err)
		switch role {
		case "die":
			panic("no more")
		case "quit":
			os.Exit(0)
		}
		fmt.Println("{}")
		c.Close()
	}
}

// talk reports n trials, each of which waits for a message of the servers that never
// comes.
func talk(scenario string, n int, peer string) {
	for i := range n {
		if c, err := net.Dial("tcp4", peer); err == nil {
			_, _ = io.ReadAll(c)
			c.Close()
		}
		fmt.Printf(`{"scenario":%q,"trial":%d,"outcome":"inconclusive","why":"they are gone","elapsed_us":7}`+"\n", scenario, i)
	}
}

// withServer returns the test binary with servers that play a role.
func withServer(t *testing.T, role string) trial.Program {
	t.Helper()
	p := program(t)
	p.Server = filepath.Join(t.TempDir(), role)
	if err := os.Symlink(p.Binary, p.Server); err != nil {
		t.Skip("needs links: ", err)
	}
	return p
}

// TestPeer runs trials against servers in another process. A server that fails is a
// failure, even if the trials prove nothing and report that.
func TestPeer(t *testing.T) {
	tests := []struct {
		role   string
		trials int
		kind   matrix.FailureKind // empty for no failure
		reason string
		log    string // part of it
	}{
		{"good", 3, "", "", ""},
		{"crash", 0, matrix.FailureCrash, "after 0 of 3 trials: the servers: exit status 2: panic: no servers", "panic: no servers"},
		{"mute", 0, matrix.FailureTimeout, "after 0 of 3 trials: the servers: nothing was said of where they listen for 4s", ""},
		{"chatty", 0, matrix.FailureOutput, "after 0 of 3 trials: the servers: no address on the first line: \"listening on loopback", ""},
		{"quit", 3, matrix.FailureOutput, "after 3 of 3 trials: the servers: exit status 0 before the trials were over", ""},
		{"die", 3, matrix.FailureCrash, "after 3 of 3 trials: the servers: exit status 2: panic: no more", "panic: no more"},
	}
	for _, test := range tests {
		t.Run(test.role, func(t *testing.T) {
			t.Parallel()
			l := limits
			l.Failures = 1
			if test.role == "mute" {
				l.Trial = trialLimit
			}
			trace, err := trial.Run(t.Context(), withServer(t, test.role), matrix.Scenario{Name: "some"}, 3, l)
			if err != nil {
				t.Fatal(err)
			}
			if len(trace.Trials) != test.trials || len(trace.Failures) > 1 {
				t.Fatalf("%d trials, failures %+v", len(trace.Trials), trace.Failures)
			}
			var got matrix.Failure
			if len(trace.Failures) > 0 {
				got = trace.Failures[0]
			}
			if got.Kind != test.kind || !strings.HasPrefix(got.Reason, test.reason) || (got.Reason == "") != (test.reason == "") || !strings.Contains(got.Log, test.log) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestPeerContext cancels a run whose servers never start to listen.
func TestPeerContext(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(50*time.Millisecond, func() { cancel(enough) })
	_, err := trial.Run(ctx, withServer(t, "mute"), matrix.Scenario{Name: "some"}, 3, trial.Limits{})
	if !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}
