package zerortt

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// The severities of leaks in realReleases.
const (
	aStream       = matrix.SeverityMild
	theConnection = matrix.SeveritySevere
	either        = matrix.Severity("it depends on how fast the server's application is")
	nothing       = matrix.Severity("nothing can be proven")
)

// realReleases are three releases of three API eras and toolchains, one of them
// under the former module path. Each has the scenarios that leak, with the
// severity of the leak. All other scenarios are clean.
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
		"retry-held": theConnection, "retry-idle": theConnection,
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
		"retry-short": theConnection, "retry-held": theConnection, "retry-idle": theConnection,
	},
	"v0.65.0": {
		"planted":      aStream,
		"closed-write": aStream, "closed-late-write": aStream,
		"datagram-queued": aStream, "datagram-unsupported": theConnection,
	},
}

// allPatches are the shipped patches in an order that has no meaning.
var allPatches = strings.Fields("reset-send-window drop-closed-resets drop-queued-datagrams drop-queued-resets drop-late-resets")

// TestRealReleases builds the reproduction against real releases, one of them
// also with all patches, and checks every trial against realReleases. It needs
// the module proxy. It uses the local toolchain, to download no other one:
// TestRaces covers the other eras, each patch alone and the race detector.
func TestRealReleases(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds real releases, which come through the module proxy")
	}
	client, server := newRealRow(t, "v0.47.0"), newRealRow(t, "v0.65.0")
	checkRows(t, client, server, newRealRow(t, "v0.47.0", allPatches...))
	checkPair(t, client, server, "")
}

// checkRows builds rows in parallel, and checks all scenarios of each one.
func checkRows(t *testing.T, rows ...*realRow) {
	t.Helper()
	t.Run("rows", func(t *testing.T) {
		for _, r := range rows {
			t.Run(r.row.ID, func(t *testing.T) {
				t.Parallel()
				r.build(t)
				r.checkList(t)
				for _, s := range r.scenarios {
					t.Run(s.Name, func(t *testing.T) { r.check(t, s, r.expected(s)) })
				}
			})
		}
	})
	if t.Failed() {
		t.FailNow()
	}
}

// checkPair runs the scenarios of a client against the servers of another
// release. Which release the server is does not change what leaks, apart from
// the scenario alsoLeaks.
func checkPair(t *testing.T, client, server *realRow, alsoLeaks string) {
	t.Helper()
	t.Run(client.row.ID+" against "+server.row.ID, func(t *testing.T) {
		r := *client
		r.peer = server.serve(t)
		for _, s := range r.scenarios {
			want := r.expected(s)
			want.leaks = want.leaks || s.Name == alsoLeaks
			t.Run(s.Name, func(t *testing.T) { r.check(t, s, want) })
		}
	})
}

// An expectation is what every trial of a scenario must report.
type expectation struct {
	leaks    bool
	severity matrix.Severity // of the leak
}

// expected returns what the scenario must report. A patch cures every leak but
// the planted one.
func (r *realRow) expected(s matrix.Scenario) expectation {
	severity, leaks := realReleases[r.row.Release.Version][s.Name]
	if len(r.row.Patches) > 0 && s.Kind != matrix.KindPlanted && severity != nothing {
		return expectation{}
	}
	return expectation{leaks, severity}
}

// check runs one scenario and checks each of its trials.
func (r *realRow) check(t *testing.T, s matrix.Scenario, want expectation) {
	n := 5
	if r.peer != "" {
		n = 2 // these clients have passed five trials with their own servers
	}
	trials := r.run(t, s.Name, n)
	if len(trials) != n {
		t.Fatalf("%d trials, want %d", len(trials), n)
	}
	for i, trial := range trials {
		if trial.Trial != i || trial.Scenario != s.Name {
			t.Errorf("got %+v, want trial %d of %s", trial, i, s.Name)
		}
		for _, mistake := range r.mistakes(s, trial, want) {
			t.Errorf("trial %d: %s: %+v", i, mistake, trial)
		}
	}
}

// mistakes lists how a trial differs from what is expected.
func (r *realRow) mistakes(s matrix.Scenario, trial matrix.Trial, want expectation) (all []string) {
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if want.severity == nothing {
		if trial.Outcome != matrix.OutcomeInconclusive {
			add("want outcome %s", matrix.OutcomeInconclusive)
		}
		return all
	}
	outcome := matrix.OutcomeClean
	if want.leaks {
		outcome = matrix.OutcomeLeak
	}
	if trial.Outcome != outcome {
		add("want outcome %s", outcome)
	}
	// The severity depends on the server's release too.
	if r.peer == "" && want.severity != either && trial.Severity != want.severity {
		add("want severity %q", want.severity)
	}
	for key, value := range s.Proof {
		if trial.Proof[key] != value {
			add("want %s: %v in its proof", key, value)
		}
	}
	if !want.leaks && trial.Proof["next_used"] != true {
		add("it is clean, and no message used the next connection")
	}
	testified := slices.ContainsFunc(trial.Saw, func(seen matrix.Sighting) bool { return testifies(seen, trial.Severity) })
	mayTestify := want.leaks || s.Name == "retry" || s.Name == "retry-short" || s.Name == "retry-held" // they give up their first new stream
	if want.leaks && !testified || testified && !mayTestify {
		add("the peer testifies to a leak: %v, want %v", testified, want.leaks)
	}
	return all
}

// peer is the side that must have seen a leak.
const peer = "server"

// testifies reports whether the peer saw a leak of this severity, or of any if
// the severity is empty.
func testifies(s matrix.Sighting, severity matrix.Severity) bool {
	onStream := s.Code != nil && *s.Code == canary // a DATAGRAM belongs to no stream
	onConnection := s.Stream != nil && *s.Stream < 0 && !onStream
	switch severity {
	case aStream:
		return s.Side == peer && onStream
	case theConnection:
		return s.Side == peer && onConnection
	default:
		return s.Side == peer && (onStream || onConnection)
	}
}
