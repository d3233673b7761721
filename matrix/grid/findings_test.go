package grid

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// expecting makes rows from lines as sketch does. In the first row, drop-a and
// drop-b are expected to have the verdict, and the row the state.
func expecting(verdict matrix.Verdict, state matrix.State, lines ...string) []matrix.RowResult {
	rows := sketch(lines...)
	rows[0].ExpectedState = state
	for i := 2; i < len(rows[0].Cells) && i < 4; i++ {
		rows[0].Cells[i].Expected = verdict
	}
	return rows
}

// patched makes a release that leaks, and a row with a patch that has the effect.
func patched(effect matrix.Effect, line string) []matrix.RowResult {
	rows := sketch("v0.1.0 ·L L··", "v0.1.0+fix "+line)
	rows[1].Effect = effect
	return rows
}

// runAgain is the command that runs an undecided cell of v0.1.0 again.
const runAgain = "Run it again with --only v0.1.0 --fresh"

// mend is what to do about one that ended in an error.
const mend = "If the reproduction is to blame, mend it. If it was chance, run it again with --only v0.1.0 --fresh"

// findingTests are rows with their exit status and what the table finds in them.
var findingTests = []struct {
	name        string
	rows        []matrix.RowResult
	exit        int
	differences []string
	unknown     []string
}{
	{"no expectations", sketch("v0.1.0 ·L L~L"), 0, nil, nil},
	{"as expected", expecting("leak", "ok", "v0.1.0 ·L LC·"), 0, nil, nil},
	{"otherwise", expecting("clean", "", "v0.1.0 ·L LC·"), 1, []string{
		"v0.1.0: expected clean, found leak (10 of 10 trials leaked): drop-a and drop-b",
	}, nil},
	{"neighbours in the same way", append(append(expecting("clean", "", "v0.1.0 ·L LC·"), expecting("clean", "", "v0.2.0 ·L LC·")...),
		append(expecting("clean", "", "v0.3.0 ·L ···"), expecting("clean", "", "v0.4.0 ·L LC·")...)...), 1, []string{
		"v0.1.0 - v0.2.0 (2 releases): expected clean, found leak (10 of 10 trials leaked): drop-a and drop-b",
		"v0.4.0: expected clean, found leak (10 of 10 trials leaked): drop-a and drop-b",
	}, nil},
	{"in two ways", expecting("clean", "", "v0.1.0 ·L L-·"), 1, []string{
		"v0.1.0: expected clean, found leak (10 of 10 trials leaked): drop-a",
		"v0.1.0: expected clean, found unsupported: drop-b",
	}, nil},
	{"unsupported is found out", sketch("v0.1.0 -· -·-"), 0, nil, nil},
	{"nothing was asked", sketch("v0.1.0 -- ---"), 3, nil, []string{"nothing was found out about any release: all is unsupported, such as v0.1.0/drop-a: there is no adapter. Try releases or scenarios that are supported"}},
	{"as expected, nothing was asked", expecting("unsupported", "", "v0.1.0 -- ---"), 0, nil, nil},
	{"vacuous outranks a difference", expecting("clean", "", "v0.1.0 ·L L??"), 3, []string{
		"v0.1.0: expected clean, found leak (10 of 10 trials leaked): drop-a",
	}, []string{
		"v0.1.0: drop-b and retry were not shown: nothing was proven. " + runAgain,
	}},
	{"vacuous, as expected", expecting("vacuous", "", "v0.1.0 ·L ??_"), 3, nil, []string{
		"v0.1.0: retry was not run. Run again; what is already known is kept",
	}},
	{"error everywhere", sketch("v0.1.0 EE EEE"), 3, nil, []string{
		"v0.1.0: every scenario ended in an error: exit status 2. " + mend,
	}},
	{"error where vacuous was expected", expecting("vacuous", "", "v0.1.0 ·L E?·"), 3, nil, []string{
		"v0.1.0: drop-a ended in an error: exit status 2. " + mend,
	}},
	{"unavailable", sketch("v0.1.0 !unavailable"), 3, nil, []string{
		"v0.1.0: it is not available: first line. Run again when that is fixed; what is already known is kept",
	}},
	{"unavailable, as expected", expecting("", "unavailable", "v0.1.0 !unavailable"), 0, nil, nil},
	{"build-failed", sketch("v0.1.0 !build-failed"), 3, nil, []string{
		"v0.1.0: it does not build with go1.26.0: first line. In a suite it can have another toolchain or adapter, or be expected to fail: see the topic suites",
	}},
	{"build-failed, as expected", expecting("", "build-failed", "v0.1.0 !build-failed"), 0, nil, nil},
	{"build-failed was expected", expecting("", "build-failed", "v0.1.0 ·L ···"), 1, []string{
		"v0.1.0: expected build-failed, and it builds and runs",
	}, nil},
	{"fixes", patched("fixes", "·L ···"), 0, nil, nil},
	{"not needed", patched("not-needed", "·L ···"), 0, nil, nil},
	{"conflict", patched("conflict", "!patch-conflict"), 1, []string{"v0.1.0+fix: fix does not apply: first line"}, nil},
	{"unbuildable", patched("unbuildable", "!build-failed"), 1, []string{"v0.1.0+fix: with fix it does not compile: first line"}, nil},
	{"regresses", patched("regresses", "·L ·LL"), 1, []string{"v0.1.0+fix: fix makes drop-b and retry worse: clean without it"}, nil},
	{"regresses against nothing", patched("regresses", "·L L··"), 1, []string{"v0.1.0+fix: fix makes something worse: clean without it"}, nil},
	{"still leaks", patched("still-leaks", "·L ~··"), 1, []string{
		"v0.1.0+fix: fix does not fix all that it is for: there are still leaks in drop-a",
	}, nil},
	{"patched and vacuous", patched("", "·L ?··"), 3, nil, []string{
		"v0.1.0+fix: drop-a was not shown: nothing was proven. Run it again with --only v0.1.0 --patch fix --fresh",
	}},
	{"patched and vacuous, as the release is expected to be", expecting("vacuous", "", "v0.1.0 ·L ??·", "v0.1.0+fix ·L ??·"), 0, nil, nil},
	{"patched and vacuous, where the release is to leak", expecting("leak", "", "v0.1.0 ·L LL·", "v0.1.0+fix ·L ?··"), 3, nil, []string{
		"v0.1.0+fix: drop-a was not shown: nothing was proven. Run it again with --only v0.1.0 --patch fix --fresh",
	}},
	{"patched and unavailable", patched("", "!unavailable"), 3, nil, []string{
		"v0.1.0+fix: it is not available: first line. Run again when that is fixed; what is already known is kept",
	}},
	{"never run", sketch("v0.1.0 !"), 3, nil, []string{"v0.1.0: it was not run. Run again; what is already known is kept"}},
}

// TestFindings checks which results differ, which are unknown, and the exit status.
func TestFindings(t *testing.T) {
	for _, test := range findingTests {
		t.Run(test.name, func(t *testing.T) {
			g := New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: test.rows})
			if got := g.Exit(); got != test.exit {
				t.Errorf("exit %d, want %d", got, test.exit)
			}
			if diff := cmp.Diff(test.differences, texts(g.Differences)); diff != "" {
				t.Errorf("differences: -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(test.unknown, texts(g.Unknown)); diff != "" {
				t.Errorf("unknown: -want +got:\n%s", diff)
			}
		})
	}
}

// texts returns the sentences of findings.
func texts(findings []matrix.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Text)
	}
	return out
}

// TestNextBuild checks that the advice on a release that does not build fits the reason.
func TestNextBuild(t *testing.T) {
	for reason, want := range map[string]string{
		"example.com/lib needs cgo in a.go, and cgo is off:\n./main.go:3:1: undefined: lib.A":       "`cgo: true` in matrix.yaml",
		"../target/a.go:1:2: cannot find module providing package example.com/b: import lookup dis": "list it in the go.mod and the go.sum",
		"./main.go:3:1: undefined: lib.A": "code of the reproduction. In a suite it can have an adapter",
		"./main.go:3:1: cannot find module providing package example.com/lib/v2/sub: import lookup disabled":                                      "code of the reproduction",
		"# example.com/lib/v2\n../target/a.go:1:2: undefined: any":                                                                                "code of the release. In a suite it can have an older toolchain",
		"../target/a.go:1:2: undefined: b.X\nexample.com/lib/v2 v2.0.0 requires example.com/b v1.0.0, and the build has v1.5.0":                   "which requires example.com/b v1.0.0, and the build has v1.5.0. Require older",
		"# example.com/c\n$GOMODCACHE/example.com/!c@v1.0.0/a.go:1:2: undefined: lib.X\nexample.com/C v1.0.0 requires example.com/lib/v2 v2.4.0":  "code of example.com/C@v1.0.0, which requires example.com/lib/v2@v2.4.0 or newer: no build with it selects v2.1.0. Leave the release out with --versions, or require an older example.com/C",
		"# example.com/c\n$GOMODCACHE/example.com/!c@v1.0.0/a.go:1:2: undefined: lib.X":                                                           "code of example.com/C@v1.0.0, which does not compile with this release",
		"# example.com/c\n$GOMODCACHE/example.com/!c@v1.0.0/a.go:1:2: undefined: lib.X (example.com/C v1.0.0 requires example.com/lib/v2 v2.4.0)": "no build with it selects v2.1.0",
		"build constraints exclude all Go files in ../target":                                                                                     "another toolchain or adapter",
	} {
		row := &matrix.RowResult{Reason: reason, Source: matrix.SourceResult{Module: "example.com/lib/v2", Version: "v2.1.0"}}
		if got := nextBuild(row, reason); !strings.Contains(got, want) {
			t.Errorf("%s: %s; want %q", reason, got, want)
		}
	}
}

// TestNextTrials checks that the advice on trials fits the reason.
func TestNextTrials(t *testing.T) {
	row := &matrix.RowResult{ID: "v1.0.0", Source: matrix.SourceResult{Module: "example.com/lib", Version: "v1.0.0"}}
	for reason, want := range map[string]string{
		"the test passed without running any code of example.com/lib":                            "The test or the program must call the module",
		"the tests in ./a do not build: a/a_test.go:1:2: undefined: lib.X":                       "That is code of the reproduction. In a suite",
		"the tests in ./a do not build: ../target/a.go:1:2: undefined: any":                      "That is code of the release. In a suite",
		"nothing was reported for 30s: in example.com/lib.First (a.go:1), from main.main":        "--only v1.0.0 --fresh. If that hang is the defect, say so: `hang: defect`",
		"exit status 2: panic: runtime error: index out of range":                                "--only v1.0.0 --fresh. If that panic is the defect, say so: `panic: defect`",
		"exit status 2: panic: no, and not in a call of example.com/lib by the reproduction: in": "--only v1.0.0 --fresh",
		"exit status 126": "If the reproduction is to blame, mend it. If it was chance, run it again with --only v1.0.0 --fresh",
	} {
		if got := nextTrials(row, matrix.Cell{Verdict: matrix.VerdictError, Reason: reason}); !strings.Contains(got, want) || strings.Contains(got, "If that") != strings.Contains(want, "If that") {
			t.Errorf("%s: %s; want %q", reason, got, want)
		}
	}
}

// TestUncalled checks that a test that never calls the module is not to be run again.
func TestUncalled(t *testing.T) {
	rows := sketch("v0.1.0 ··?··")
	rows[0].Cells[2].Reason = "2 proved nothing (the test passed without running any code of example.com/lib)"
	if got := undecided(&rows[0], nil)[0].Text; !strings.HasSuffix(got, "The test or the program must call the module") {
		t.Error(got)
	}
}

// TestManyReasons tells three reasons of a row, and that there are others.
func TestManyReasons(t *testing.T) {
	for n, last := range map[int]string{
		3: "v0.1.0: c2 ended in an error: exit status 2. " + mend,
		4: "v0.1.0: c3 ended in an error: exit status 3. " + mend,
		6: "v0.1.0: c3, c4 and c5 ended in an error, for 3 other reasons, which the command show prints",
	} {
		row := matrix.RowResult{ID: "v0.1.0", State: matrix.StateOK, Source: matrix.SourceResult{Version: "v0.1.0"}}
		for i := range n {
			row.Cells = append(row.Cells, matrix.Cell{Scenario: fmt.Sprint("c", i), Verdict: matrix.VerdictError, Reason: fmt.Sprint("exit status ", i)})
		}
		got := undecided(&row, nil)
		if want := min(n, 4); len(got) != want || got[len(got)-1].Text != last {
			t.Errorf("%d reasons: %+v\nwant %d findings, and at the end %q", n, got, want, last)
		}
	}
}
