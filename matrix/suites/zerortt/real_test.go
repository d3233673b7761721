package zerortt

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// The severities of leaks in the table below.
const (
	aStream       = matrix.SeverityStream
	theConnection = matrix.SeverityConnection
	either        = matrix.Severity("it depends on how fast the server's application is")
	nothing       = matrix.Severity("nothing can be proven")
)

// realPairs are clients, each with a server of another release, that are among
// the real releases: what leaks is the client's doing, whatever sees it. But where
// a stream has another final size than the reset said, only servers from v0.43.0
// on mind.
var realPairs = []struct{ client, server, alsoLeaks string }{
	{"v0.47.0", "v0.65.0", ""},
	{"v0.65.0", "v0.28.1", ""},
	{"v0.28.1", "v0.47.0", "retry-short"},
}

// realReleases are three releases of three eras and toolchains, one of them
// under the former path, with the scenarios that leak and how badly they do.
// All others are clean.
var realReleases = map[string]map[string]matrix.Severity{
	"v0.28.1": {
		"planted":    aStream,
		"after-read": aStream, "after-write": aStream, "after-both": aStream,
		"after-uni": theConnection, "after-many": aStream, "after-idle": theConnection,
		"late-both": aStream, "late-uni": aStream,
		"queued-read": aStream, "queued-write": aStream, "queued-both": aStream,
		"queued-uni": aStream, "queued-many": aStream,
		"closed-write": aStream, "closed-read": aStream, "closed-late-write": aStream,
		"datagram-queued": nothing, "datagram-unsupported": nothing,
		"send-window":       theConnection,
		"release-late-open": aStream, "release-late-open-uni": aStream, "release-late-idle-uni": theConnection,
		"retry-idle": theConnection,
	},
	"v0.47.0": {
		"planted":    aStream,
		"after-read": aStream, "after-write": aStream, "after-both": aStream,
		"after-uni": aStream, "after-many": aStream, "after-idle": theConnection,
		"late-both": aStream, "late-uni": aStream,
		"queued-read": aStream, "queued-write": aStream, "queued-both": aStream,
		"queued-uni": aStream, "queued-many": aStream,
		"closed-write": aStream, "closed-read": aStream, "closed-late-write": aStream,
		"datagram-queued": aStream, "datagram-unsupported": theConnection,
		"send-window":       theConnection,
		"release-late-open": theConnection, "release-late-open-uni": either, "release-late-idle-uni": theConnection,
		"retry-short": theConnection, "retry-idle": theConnection,
	},
	"v0.65.0": {
		"planted":      aStream,
		"closed-write": aStream, "closed-late-write": aStream,
		"datagram-queued": aStream, "datagram-unsupported": theConnection,
	},
}

// TestRealReleases builds the reproduction against real releases, by the
// project's own stages but with the race detector, and holds every trial
// against the table. It needs the module proxy, and gcc for the detector.
//
// All three toolchains can do -race, go1.16.15 too. No race is excused: none was
// ever seen, in the releases as little as in the reproduction.
func TestRealReleases(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds real releases, which come through the module proxy")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("there is no gcc, which go build -race needs")
	}
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	var only []string
	for version := range realReleases {
		only = append(only, version)
	}
	p, err := plan.New(suite, plan.Selection{Only: only})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rows) != len(only) {
		t.Fatalf("%d rows planned, want %d", len(p.Rows), len(only))
	}
	go1 := new(gocmd.Go)
	rows := make(map[string]*realRow)
	for _, row := range p.Rows {
		rows[row.ID] = &realRow{
			Go: go1, Proxy: &source.Proxy{Go: go1}, suite: suite, row: row, binary: filepath.Join(t.TempDir(), "repro.exe"),
		}
	}
	t.Run("alone", func(t *testing.T) {
		for id, r := range rows {
			t.Run(id, func(t *testing.T) {
				t.Parallel()
				r.build(t)
				r.checkList(t)
				for _, s := range suite.Scenarios {
					severity, leaks := realReleases[id][s.Name]
					t.Run(s.Name, func(t *testing.T) { r.check(t, s, severity, leaks) })
				}
			})
		}
	})
	if t.Failed() {
		return
	}
	for _, pair := range realPairs {
		t.Run(pair.client+" against "+pair.server, func(t *testing.T) {
			r := *rows[pair.client]
			r.peer = rows[pair.server].serve(t)
			for _, s := range suite.Scenarios {
				severity, leaks := realReleases[pair.client][s.Name]
				leaks = leaks || s.Name == pair.alsoLeaks
				t.Run(s.Name, func(t *testing.T) { r.check(t, s, severity, leaks) })
			}
		})
	}
}

// check runs one scenario and holds each of its trials against what it is to
// show: a leak as severe as this, or none.
func (r *realRow) check(t *testing.T, s matrix.Scenario, severity matrix.Severity, leaks bool) {
	n := 5
	if r.peer != "" {
		n = 2 // the clients were tried before
	}
	trials := r.run(t, s.Name, n)
	if len(trials) != n {
		t.Fatalf("%d trials, want %d", len(trials), n)
	}
	raced := false
	for i, trial := range trials {
		if !raced && r.races(s, trial) {
			t.Logf("the server was late: %s", trial.Why)
			raced = true
			continue
		}
		if severity == nothing {
			if trial.Outcome != matrix.OutcomeInconclusive {
				t.Errorf("got %+v, want %s", trial, matrix.OutcomeInconclusive)
			}
			continue
		}
		want := matrix.OutcomeClean
		if leaks {
			want = matrix.OutcomeLeak
		}
		// How badly a server takes a leak is its own business.
		if trial.Outcome != want || trial.Severity != severity && severity != either && r.peer == "" || trial.Trial != i || trial.Scenario != s.Name {
			t.Errorf("got %+v, want %s %s", trial, want, severity)
		}
		for key, value := range s.Proof {
			if trial.Proof[key] != value {
				t.Errorf("trial %d: its proof says %s: %v, want %v", i, key, trial.Proof[key], value)
			}
		}
		if !leaks && trial.Proof["next_used"] != true {
			t.Errorf("trial %d is clean without a message on the next connection", i)
		}
		testified := slices.ContainsFunc(trial.Saw, func(seen matrix.Sighting) bool { return testifies(seen, trial.Severity) })
		mayTestify := leaks || s.Name == "retry" || s.Name == "retry-short" // whose first new stream is given up for lost
		if leaks && !testified || testified && !mayTestify {
			t.Errorf("trial %d: the peer testifies to a leak: %v, want %v: %+v", i, testified, leaks, trial.Saw)
		}
	}
}

// races reports whether a trial is the rare one in which a server before v0.43.0
// takes retry-short amiss: it forgets a stream when it is done with it, and a reset
// that comes before that contradicts what it has received. It was seen once, with all
// tests running at once, and not again in 15,400 trials under load.
func (r *realRow) races(s matrix.Scenario, trial matrix.Trial) bool {
	return s.Name == "retry-short" && matrix.CompareVersions(r.row.Release.Version, "v0.43.0") < 0 && r.peer == "" &&
		trial.Outcome == matrix.OutcomeLeak && trial.Severity == theConnection && strings.Contains(trial.Why, "FINAL_SIZE_ERROR")
}

// testifies reports whether a sighting is the peer's of a leak: of one as severe
// as this where that is known.
func testifies(s matrix.Sighting, severity matrix.Severity) bool {
	const canary = 4919
	onStream := s.Code == canary // a DATAGRAM is on none
	onConnection := s.Stream < 0 && !onStream
	switch severity {
	case aStream:
		return s.Side == matrix.SidePeer && onStream
	case theConnection:
		return s.Side == matrix.SidePeer && onConnection
	default:
		return s.Side == matrix.SidePeer && (onStream || onConnection)
	}
}
