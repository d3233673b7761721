//go:build proofs

package zerortt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/reach"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// present and former are the paths of the target.
const (
	present = "github.com/quic-go/quic-go"
	former  = "github.com/lucas-clemente/quic-go"
)

// realPrograms are programs with real modules, and what they reach. Each has a go.mod
// with the lines of requires, and the file main.go.
var realPrograms = []struct {
	name, target string
	requires     string
	main         string
	want         map[string]string // by scenario; see realReach
}{
	{"http3 client", present, present + " v0.65.0", http3Client, map[string]string{
		"after-both":      "not-reached missing Conn.NextConnection",
		"datagram-queued": "not-reached missing Conn.NextConnection",
	}},
	{"no 0-RTT", present, present + " v0.65.0", plainDial, map[string]string{"after-both": "not-reached missing Conn.NextConnection"}},
	{"repeats after a rejection", present, present + " v0.65.0", repeats("*quic.Conn", "*quic.Stream"), map[string]string{
		"after-both":      "reached DialAddrEarly:12 Conn.NextConnection:25 Conn.OpenStreamSync:32 Stream.CancelRead:36 Stream.CancelWrite:37",
		"after-uni":       "not-reached missing Conn.OpenUniStream or Conn.OpenUniStreamSync",
		"datagram-queued": "not-reached missing Conn.SendDatagram",
	}},
	{"the same with the interfaces of v0.47", present, present + " v0.47.0", repeats("quic.EarlyConnection", "quic.Stream"), map[string]string{
		"after-both":      "reached DialAddrEarly:12 EarlyConnection.NextConnection:25 Connection.OpenStreamSync:32 Stream.CancelRead:36 Stream.CancelWrite:37",
		"datagram-queued": "not-reached missing Connection.SendDatagram",
	}},
	{"WebTransport dialer", present, "github.com/quic-go/webtransport-go v0.10.0", webTransport, map[string]string{"after-both": "not-reached missing Conn.NextConnection"}},
	{"sessions of v0.20", former, former + " v0.20.0", oldSessions, map[string]string{"after-both": "not-reached missing EarlySession.NextSession; ReceiveStream.CancelRead; SendStream.CancelWrite"}},
	{"caddy", present, "github.com/caddyserver/caddy/v2 v2.11.9", caddy, map[string]string{
		"after-both":      "not-reached missing Conn.NextConnection",
		"datagram-queued": "not-reached missing Conn.NextConnection",
	}},
}

const http3Client = `package main

import (
	"net/http"

	"github.com/quic-go/quic-go/http3"
)

func main() {
	c := http.Client{Transport: &http3.Transport{}}
	c.Get("https://localhost")
}
`

const plainDial = `package main

import (
	"context"
	"crypto/tls"

	"github.com/quic-go/quic-go"
)

func main() {
	c, _ := quic.DialAddr(context.Background(), "localhost:1", &tls.Config{}, nil)
	s, _ := c.OpenStream()
	s.CancelRead(0)
	s.CancelWrite(0)
}
`

// repeats returns a program that releases the early stream and repeats its request when
// the server rejects 0-RTT.
func repeats(conn, stream string) string {
	return `package main

import (
	"context"
	"crypto/tls"

	"github.com/quic-go/quic-go"
)

func main() {
	ctx := context.Background()
	c, err := quic.DialAddrEarly(ctx, "localhost:1", &tls.Config{}, nil)
	if err != nil {
		return
	}
	run(ctx, c)
}

func run(ctx context.Context, c ` + conn + `) {
	s, err := open(ctx, c)
	if err != nil {
		return
	}
	defer release(s)
	if next, err := c.NextConnection(ctx); err == nil {
		next.AcceptStream(ctx)
	}
}

// open opens the early stream.
func open(ctx context.Context, c ` + conn + `) (` + stream + `, error) {
	return c.OpenStreamSync(ctx)
}

func release(s ` + stream + `) {
	defer s.CancelRead(0)
	defer s.CancelWrite(0)
}
`
}

const webTransport = `package main

import (
	"context"

	"github.com/quic-go/webtransport-go"
)

func main() {
	var d webtransport.Dialer
	_, s, err := d.Dial(context.Background(), "https://localhost", nil)
	if err != nil {
		return
	}
	stream, _ := s.OpenStream()
	stream.CancelRead(0)
}
`

const oldSessions = `package main

import (
	"crypto/tls"

	"github.com/lucas-clemente/quic-go"
)

func main() {
	c, _ := quic.DialAddrEarly("localhost:1", &tls.Config{}, nil)
	c.OpenStream()
}
`

const caddy = `package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func main() { caddycmd.Main() }
`

// layProgram writes a program with real modules, and completes its go.mod.
func layProgram(t *testing.T, requires, main string) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.com/app\n\ngo 1.26.0\n\nrequire " + requires + "\n"
	for _, f := range []txtar.File{{Name: "go.mod", Data: []byte(mod)}, {Name: "main.go", Data: []byte(main)}} {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := new(gocmd.Go).Run(t.Context(), gocmd.Call{Dir: dir, Args: []string{"mod", "tidy"}}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// reached asks what a program reaches of all scenarios.
func reached(ctx context.Context, t *testing.T, dir, target string, scenarios []matrix.Scenario) map[string]matrix.Reach {
	t.Helper()
	a, err := reach.Find(ctx, reach.Question{Dir: dir, Env: []string{"GOFLAGS=-mod=mod", "GOWORK=off", "CGO_ENABLED=0"}, Targets: []string{target}, Scenarios: scenarios})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("looked at %+v", a.Scope)
	all := map[string]matrix.Reach{}
	for _, r := range a.Reach[target] {
		all[r.Scenario] = r
	}
	return all
}

// realReach writes what was found out about a scenario in one line: each API with the
// line of the call in main.go, and what is missing. The calls of one that is not reached
// are left out: some answers need no look at them.
func realReach(r matrix.Reach) string {
	line := string(r.State)
	for _, c := range r.Calls {
		if r.State == matrix.Reached {
			line += fmt.Sprintf(" %s:%d", c.API, c.Position.Line)
		}
	}
	if len(r.Missing) > 0 {
		line += " missing " + strings.Join(r.Missing, "; ")
	}
	if r.Why != "" {
		line += ": " + r.Why
	}
	return line
}

// TestRealPrograms asks what programs reach that use real releases. It needs the module
// proxy.
func TestRealPrograms(t *testing.T) {
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range realPrograms {
		t.Run(test.name, func(t *testing.T) {
			got := reached(t.Context(), t, layProgram(t, test.requires, test.main), test.target, suite.Scenarios)
			for s, want := range test.want {
				if is := realReach(got[s]); is != want {
					t.Errorf("%s: got %s\nwant %s", s, is, want)
				}
			}
		})
	}
}

// TestHTTP3Calls follows the calls in the target's own package http3, which a program
// gets to through net/http, and the methods that WebTransport adds.
func TestHTTP3Calls(t *testing.T) {
	scenarios := []matrix.Scenario{
		{Name: "dial", Needs: []matrix.Need{{"DialEarly", "DialAddrEarly", "Transport.DialEarly"}}},
		{Name: "reset", Needs: []matrix.Need{{"Stream.CancelWrite", "SendStream.CancelWrite"}}},
		{Name: "path", Needs: []matrix.Need{{"Path.Probe"}}},
	}
	for name, requires := range map[string]string{http3Client: present + " v0.65.0", webTransport: "github.com/quic-go/webtransport-go v0.10.0"} {
		got := reached(t.Context(), t, layProgram(t, requires, name), present, scenarios)
		for s, want := range map[string]matrix.ReachState{"dial": matrix.Reached, "reset": matrix.Reached, "path": matrix.NotReached} {
			if got[s].State != want {
				t.Errorf("%s, %s: got %+v, want %s", requires, s, got[s], want)
			}
		}
		if calls := got["dial"].Calls; len(calls) != 1 || !slices.Contains(calls[0].Path, "example.com/app.main") {
			t.Errorf("%s: calls %+v: want a path from main", requires, calls)
		}
	}
}

// TestReproductionReaches looks at the reproduction itself, which gets to every scenario.
// So what a scenario needs is there under the names in matrix.yaml.
func TestReproductionReaches(t *testing.T) {
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs("repro")
	if err != nil {
		t.Fatal(err)
	}
	got := reached(t.Context(), t, dir, present, suite.Scenarios)
	for _, s := range suite.Scenarios {
		if r, asked := got[s.Name]; asked == s.Kind.Invariant() || asked && (r.State != matrix.Reached || len(r.Calls) != len(s.Needs)) {
			t.Errorf("%s: %s", s.Name, realReach(r))
		}
	}
}
