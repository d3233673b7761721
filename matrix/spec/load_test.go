package spec

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/matrixrun/matrixrun/matrix"
)

const sum = "h1:FSU3YN5VnLafHR27Ejs1r1CYMS7XMyIVDzRewkDLNBw="

const goodMatrix = `suite: demo
target: {module: example.com/lib, former: [{module: example.com/old/lib, releases: "< 0.32"}]}
releases: ">= 0.20"
first: [v0.40.0]
toolchains: [{releases: "< 0.32", go: go1.20.14, also: [go1.21.13, go1.19]}, {go: go1.26.0}]
adapters:
  - {releases: "< 0.32", tags: [old, dial.1]}
  - {releases: ">= 0.32"}
reproduction: repro
scenarios:
  - {name: control, kind: control, title: nothing happens, needs: [[Dial, sub/net.Conn.Dial], Conn.Cancel]}
  - name: planted
    kind: planted
    title: it leaks
  - name: after-both
    kind: probe
    title: cancels and goes on
    proof: {attempted: true, acted: after-rejection, times: 2}
expect:
  - {scenarios: [after-*], releases: 0.40, verdict: leak}
  - {releases: "< 0.32", state: build-failed}
limits: {trial: 20s}
evidence: true
settle: {p0: 0.05, p1: .5, alpha: 1e-2, beta: 0.02}
sure: {clean: 0.05, edge: 5e-3}
unaffected: [{releases: "< 0.20", why: it cannot dial}]
proof: {clean: {used: true}, seen: server}
question: Does a cancel reach the next connection?
who: Only clients that retry.
families:
  - name: cancel
    title: you cancel a stream
    consequence: another one is reset
    condition: clients that retry
    scenarios: ['*']
    changes: [{release: v0.40.0, by: "https://example.com/pull/7"}]
`

const goodLock = "v0.31.0 example.com/old/lib " + sum + " -\n" +
	"v0.40.0 example.com/lib " + sum + " 2024-09-14T10:00:00Z\n"

func suite(changes ...string) fstest.MapFS {
	files := fstest.MapFS{
		"matrix.yaml":        {Data: []byte(goodMatrix)},
		"releases.lock":      {Data: []byte(goodLock)},
		"repro/main.go":      {Data: []byte("package main\n")},
		"repro/main_test.go": {Data: []byte("package main\n")},
	}
	for i := 0; i < len(changes); i += 2 {
		files[changes[i]] = &fstest.MapFile{Data: []byte(changes[i+1])}
	}
	return files
}

func TestLoad(t *testing.T) {
	files := suite()
	got, err := Load(files, "demo")
	if err != nil {
		t.Fatal(err)
	}
	want := &matrix.Spec{
		Suite: "demo",
		Target: matrix.Target{Module: "example.com/lib", Former: []matrix.Former{
			{Module: "example.com/old/lib", Releases: matrix.MustConstraint("< 0.32")},
		}},
		Trials:     10,
		Releases:   matrix.MustConstraint(">= 0.20"),
		Unaffected: []matrix.Unaffected{{Releases: matrix.MustConstraint("< 0.20"), Why: "it cannot dial"}},
		First:      []string{"v0.40.0"},
		Toolchains: []matrix.ToolchainRule{
			{Releases: matrix.MustConstraint("< 0.32"), Go: "go1.20.14", Also: []string{"go1.21.13", "go1.19"}},
			{Go: "go1.26.0"},
		},
		Adapters: []matrix.AdapterRule{
			{Releases: matrix.MustConstraint("< 0.32"), Tags: []string{"old", "dial.1"}},
			{Releases: matrix.MustConstraint(">= 0.32")},
		},
		Reproduction: "repro",
		Evidence:     true,
		Scenarios: []matrix.Scenario{
			{Name: "control", Kind: matrix.KindControl, Title: "nothing happens", Needs: []matrix.Need{{"Dial", "sub/net.Conn.Dial"}, {"Conn.Cancel"}}},
			{Name: "planted", Kind: matrix.KindPlanted, Title: "it leaks"},
			{Name: "after-both", Kind: matrix.KindProbe, Title: "cancels and goes on",
				Proof: map[string]any{"attempted": true, "acted": "after-rejection", "times": 2.0}},
		},
		Question: "Does a cancel reach the next connection?",
		Who:      "Only clients that retry.",
		Families: []matrix.Family{{
			Name: "cancel", Title: "you cancel a stream", Consequence: "another one is reset", Condition: "clients that retry",
			Scenarios: []string{"after-both"}, Changes: []matrix.FamilyChange{{Release: "v0.40.0", By: "https://example.com/pull/7"}},
		}},
		Expect: []matrix.Expectation{
			// 0.40 is text: as a number it would have become 0.4.
			{Scenarios: []string{"after-*"}, Releases: matrix.MustConstraint("0.40"), Verdict: matrix.VerdictLeak, Line: 20},
			{Releases: matrix.MustConstraint("< 0.32"), State: matrix.StateBuildFailed, Line: 21},
		},
		Limits:     matrix.Limits{Trial: 20 * time.Second, Build: defaultBuild},
		Settle:     &matrix.Sequential{P0: 0.05, P1: 0.5, Alpha: 0.01, Beta: 0.02},
		Sure:       &matrix.Certainty{Clean: 0.05, Edge: 0.005},
		LockDigest: digest([]byte(goodLock)),
	}
	for i := range want.Scenarios {
		want.Scenarios[i].Clean, want.Scenarios[i].Seen = map[string]any{"used": true}, "server"
	}
	sameText := cmp.Comparer(func(a, b matrix.Constraint) bool { return a.String() == b.String() })
	if diff := cmp.Diff(want, got, sameText, cmpopts.IgnoreFields(matrix.Spec{}, "Files", "Lock", "ReproductionDigest")); diff != "" {
		t.Error(diff)
	}
	if len(got.Lock) != 2 || got.Lock[0].Version != "v0.31.0" || got.Files == nil {
		t.Errorf("lock %v, files %v", got.Lock, got.Files)
	}
}

func TestLoadWithoutSettle(t *testing.T) {
	matrixYAML, _, _ := strings.Cut(goodMatrix, "settle:")
	got, err := Load(suite("matrix.yaml", matrixYAML), "demo")
	if err != nil || got.Settle != nil || got.Sure != nil {
		t.Errorf("Settle is %v and Sure %v, %v: want none", got.Settle, got.Sure, err)
	}
}

// TestGoLineOfReproduction reads the go line of the reproduction's own go.mod, if it has one.
func TestGoLineOfReproduction(t *testing.T) {
	for gomod, want := range map[string]string{
		"":                                      "",
		"module example.com/repro\n":            "",
		"module example.com/repro\n\ngo 1.21\n": "1.21",
	} {
		var changes []string
		if gomod != "" {
			changes = []string{"repro/go.mod", gomod}
		}
		s, err := Load(suite(changes...), "demo")
		if err != nil || s.GoLine != want {
			t.Errorf("%q: got %+v, %v, want the go line %q", gomod, s, err, want)
		}
	}
}

func TestReproductionDigest(t *testing.T) {
	digestOf := func(changes ...string) string {
		t.Helper()
		s, err := Load(suite(changes...), "demo")
		if err != nil {
			t.Fatal(err)
		}
		return s.ReproductionDigest
	}
	base := digestOf()
	if !strings.HasPrefix(base, "sha256:") || len(base) != len("sha256:")+64 {
		t.Errorf("digest %q", base)
	}
	if digestOf("repro/main_test.go", "package changed\n") != base {
		t.Error("the digest depends on a test file")
	}
	if digestOf("repro/main.go", "package main // changed\n") == base {
		t.Error("the digest does not depend on the contents of a file")
	}
	if digestOf("repro/go.mod", "module example.com/repro\n") == base {
		t.Error("the digest does not depend on go.mod")
	}
	if digestOf("repro/a.go", "x", "repro/b.go", "") == digestOf("repro/a.go", "", "repro/b.go", "x") {
		t.Error("the digest does not depend on which file has which contents")
	}
}

func TestLoadUnlocked(t *testing.T) {
	files := suite()
	delete(files, "releases.lock")
	if _, err := Load(files, "demo"); err == nil || !strings.Contains(err.Error(), "matrixrun lock demo") {
		t.Errorf("Load without a lock: %v", err)
	}
	got, err := LoadUnlocked(files, "demo")
	if err != nil || len(got.Lock) != 0 {
		t.Errorf("LoadUnlocked = %v, %v", got, err)
	}
	if _, err := LoadUnlocked(suite("releases.lock", "nonsense\n"), "demo"); err == nil {
		t.Error("LoadUnlocked accepted a damaged lock")
	}
}

// brokenFS is a file system that cannot be read, which is not a mistake of the user's.
type brokenFS struct{}

func (brokenFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestLoadUnreadable(t *testing.T) {
	_, err := Load(brokenFS{}, "demo")
	var problems matrix.Problems
	if err == nil || errors.As(err, &problems) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v, want an error that is not matrix.Problems", err)
	}
}
