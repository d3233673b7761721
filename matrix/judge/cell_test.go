package judge

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// probe is a scenario whose proof has a value of each type that YAML has.
var probe = matrix.Scenario{
	Name: "drop", Kind: matrix.KindProbe,
	Proof: map[string]any{"rejected": true, "acted": "late", "streams": 3},
	Clean: map[string]any{"used": true},
	Seen:  "server",
}

func proof(more ...any) map[string]any {
	p := map[string]any{"rejected": true, "acted": "late", "streams": float64(3)}
	for i := 0; i < len(more); i += 2 {
		p[more[i].(string)] = more[i+1]
	}
	return p
}

var (
	seen    = []matrix.Sighting{{Side: "server", Stream: new(int64(4)), Code: new(uint64(99)), Error: "gone"}}
	deadly  = []matrix.Sighting{{Side: "client"}, {Side: "server", Error: "closed"}}
	byUs    = []matrix.Sighting{{Side: "client"}}
	clean   = matrix.Trial{Outcome: matrix.OutcomeClean, Proof: proof("used", true)}
	leak    = matrix.Trial{Outcome: matrix.OutcomeLeak, Severity: matrix.SeverityMild, Proof: proof(), Saw: seen}
	killing = matrix.Trial{Outcome: matrix.OutcomeLeak, Severity: matrix.SeveritySevere, Proof: proof(), Saw: deadly}
	claimed = matrix.Trial{Outcome: matrix.OutcomeLeak, Proof: proof(), Saw: byUs}
	early   = matrix.Trial{Outcome: matrix.OutcomeClean, Proof: proof("used", true, "rejected", false, "streams", 2.0), Why: "accepted"}
	unused  = matrix.Trial{Outcome: matrix.OutcomeClean, Proof: proof()}
	timeout = matrix.Trial{Outcome: matrix.OutcomeInconclusive, Proof: proof(), Why: "handshake timed out"}
	mute    = matrix.Trial{Outcome: matrix.OutcomeInconclusive, Unsupported: true, Why: "no version\nin common"}
	strange = matrix.Trial{Outcome: "fine", Proof: proof("used", true)}
	quoted  = matrix.Failure{Kind: matrix.FailureCrash, Reason: "exit status 2: panic: boom", Log: "start\npanic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tx.go:1\n"}
	crash   = matrix.Failure{Kind: matrix.FailureCrash, Reason: "exit status 2", Log: "start\npanic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\tx.go:1\n"}
)

// ten is a budget without a sequential test.
var ten = Budget{Trials: 10}

// trace returns a trace of trials, each repeated as often as the number before it
// says.
func trace(parts ...any) *matrix.Trace {
	t := &matrix.Trace{Scenario: probe.Name}
	for i := 0; i < len(parts); i += 2 {
		t.Trials = append(t.Trials, slices.Repeat([]matrix.Trial{parts[i+1].(matrix.Trial)}, parts[i].(int))...)
	}
	return t
}

func withFailures(t *matrix.Trace, failures ...matrix.Failure) *matrix.Trace {
	t.Failures = failures
	return t
}

// cellTests are traces, with the cells that Cell makes of them.
var cellTests = []struct {
	name  string
	trace *matrix.Trace
	want  matrix.Cell
}{
	{"all clean", trace(10, clean), matrix.Cell{Verdict: matrix.VerdictClean, Trials: 10}},
	{"all leak", trace(10, leak), matrix.Cell{
		Verdict: matrix.VerdictLeak, Leaks: 10, Trials: 10, Severity: matrix.SeverityMild, Saw: seen,
	}},
	{"worst severity, first sighting", trace(1, leak, 9, killing), matrix.Cell{
		Verdict: matrix.VerdictLeak, Leaks: 10, Trials: 10, Severity: matrix.SeveritySevere, Saw: seen,
	}},
	{"flaky", trace(8, clean, 2, killing), matrix.Cell{
		Verdict: matrix.VerdictFlaky, Leaks: 2, Trials: 10, Severity: matrix.SeveritySevere, Saw: deadly,
	}},
	{"repeated until proven", trace(4, timeout, 10, clean), matrix.Cell{
		Verdict: matrix.VerdictClean, Trials: 10, Inconclusive: 4,
	}},
	{"a leak needs few proven trials", trace(19, timeout, 1, leak), matrix.Cell{
		Verdict: matrix.VerdictLeak, Leaks: 1, Trials: 1, Inconclusive: 19, Severity: matrix.SeverityMild, Saw: seen,
	}},
	{"too few proven", trace(13, early, 7, clean), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Trials: 7, Inconclusive: 13,
		Reason: "7 of 20 trials were proven, 10 are needed: 13 lacked rejected=true, streams=3 (accepted)",
	}},
	{"none proven", trace(20, unused), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Inconclusive: 20,
		Reason: "0 of 20 trials were proven: 20 lacked used=true",
	}},
	{"only we saw it", trace(20, claimed), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Inconclusive: 20, Saw: byUs,
		Reason: "0 of 20 trials were proven: 20 claimed what the server did not see",
	}},
	{"commonest complaint", trace(9, timeout, 11, strange), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Inconclusive: 20,
		Reason: `0 of 20 trials were proven: 11 had the unknown outcome "fine"`,
	}},
	{"why", trace(20, timeout), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Inconclusive: 20,
		Reason: "0 of 20 trials were proven: 20 proved nothing (handshake timed out)",
	}},
	{"nothing to talk with", trace(10, mute), matrix.Cell{
		Verdict: matrix.VerdictUnsupported, Inconclusive: 1, Reason: "no version in common",
	}},
	{"the first one speaks for all", trace(1, mute, 10, clean), matrix.Cell{
		Verdict: matrix.VerdictUnsupported, Inconclusive: 1, Reason: "no version in common",
	}},
	{"one that comes late does not", trace(9, clean, 1, mute, 1, clean), matrix.Cell{
		Verdict: matrix.VerdictClean, Trials: 10, Inconclusive: 1,
	}},
	{"nothing to talk with, and a crash", withFailures(trace(9, mute), matrix.Failure{Reason: "exit status 2"}), matrix.Cell{
		Verdict: matrix.VerdictError, Inconclusive: 1, Reason: "exit status 2",
	}},
	{"cut short", trace(7, clean), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Trials: 7, Reason: "7 of 7 trials were proven, 10 are needed",
	}},
	{"nothing", nil, matrix.Cell{Verdict: matrix.VerdictVacuous, Reason: "no trial was run"}},
	{"a crash outranks a leak", withFailures(trace(9, leak), crash), matrix.Cell{
		Verdict: matrix.VerdictError, Leaks: 9, Trials: 9, Severity: matrix.SeverityMild, Saw: seen,
		Reason: "exit status 2: panic: boom: in main.main (x.go:1)",
	}},
	{"a crash that quotes its log", withFailures(trace(), quoted), matrix.Cell{
		Verdict: matrix.VerdictError, Reason: "exit status 2: panic: boom: in main.main (x.go:1)",
	}},
	{"several crashes", withFailures(trace(), matrix.Failure{Kind: matrix.FailureTimeout, Log: "a\nb\nc\nd\n"}, crash), matrix.Cell{
		Verdict: matrix.VerdictError,
		Reason:  "2 processes failed, the first: timeout: b | c | d",
	}},
	{"more than was asked for is not looked at", trace(10, clean, 90, leak), matrix.Cell{
		Verdict: matrix.VerdictClean, Trials: 10,
	}},
	{"no repeats of repeats", trace(10, timeout, 10, timeout, 10, clean), matrix.Cell{
		Verdict: matrix.VerdictVacuous, Inconclusive: 20,
		Reason: "0 of 20 trials were proven: 20 proved nothing (handshake timed out)",
	}},
}

func TestCell(t *testing.T) {
	for _, test := range cellTests {
		t.Run(test.name, func(t *testing.T) {
			test.want.Scenario = probe.Name
			got := Cell(probe, test.trace, ten)
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(matrix.Cell{}, "Interval")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(Interval(got.Leaks, got.Trials), got.Interval); diff != "" {
				t.Errorf("interval: -want +got:\n%s", diff)
			}
		})
	}
}

// TestCellWithoutProof: a suite that asks for no proof still gets none of a reproduction
// that does nothing, and a leak needs no witness unless the suite names one.
func TestCellWithoutProof(t *testing.T) {
	plain := matrix.Scenario{Name: probe.Name, Kind: matrix.KindProbe}
	nothing := matrix.Trial{Outcome: matrix.OutcomeClean}
	for _, test := range []struct {
		name  string
		trial matrix.Trial
		want  matrix.Verdict
	}{
		{"clean without proof", nothing, matrix.VerdictVacuous},
		{"clean with some proof", clean, matrix.VerdictClean},
		{"leak that nobody saw", matrix.Trial{Outcome: matrix.OutcomeLeak}, matrix.VerdictLeak},
	} {
		if got := Cell(plain, trace(20, test.trial), ten); got.Verdict != test.want {
			t.Errorf("%s: %s, %s; want %s", test.name, got.Verdict, got.Reason, test.want)
		}
	}
	if got, want := Cell(plain, trace(20, nothing), ten).Reason, "0 of 20 trials were proven: 20 lacked any proof"; got != want {
		t.Errorf("reason %q, want %q", got, want)
	}
}

func TestCellShortensLog(t *testing.T) {
	failure := matrix.Failure{Kind: matrix.FailureOutput, Reason: "too much\noutput", Log: strings.Repeat("word ", 1000)}
	got := Cell(probe, withFailures(trace(), failure), ten).Reason
	if len(got) > 400 || !strings.HasPrefix(got, "too much output: word ") || !strings.HasSuffix(got, "...") {
		t.Errorf("reason of %d bytes: %s", len(got), got)
	}
}

func TestSame(t *testing.T) {
	tests := []struct {
		want, got any
		same      bool
	}{
		{3, 3.0, true}, {int64(3), 3.0, true}, {uint64(7), 7.0, true}, {2.5, 2.5, true}, {3, 3.5, false},
		{3, "3", false}, {true, true, true}, {true, "true", false}, {true, 1.0, false}, {"a", "a", true}, {nil, nil, true}, {nil, false, false},
		{[]any{1, "a"}, []any{1.0, "a"}, true}, {map[string]any{"a": 1}, map[string]any{"a": 1.0}, true},
		{func() {}, 1.0, false},
	}
	for _, test := range tests {
		if got := same(test.want, test.got); got != test.same {
			t.Errorf("same(%#v, %#v) = %v", test.want, test.got, got)
		}
	}
}

func TestWanted(t *testing.T) {
	tests := []struct {
		name  string
		trace *matrix.Trace
		want  int
	}{
		{"nothing yet", nil, 10},
		{"empty", trace(), 10},
		{"some", trace(3, clean, 1, timeout), 6},
		{"done", trace(10, clean), 0},
		{"repeats", trace(6, clean, 4, timeout), 4},
		{"half of the repeats", trace(6, clean, 4, timeout, 2, clean), 2},
		{"repeats are not repeated", trace(6, clean, 4, timeout, 4, timeout), 0},
		{"hopeless", trace(1, mute), 0},
		{"not hopeless", trace(9, clean, 1, mute), 1},
		{"a failure is an attempt", withFailures(trace(9, clean), crash), 0},
		{"longer than asked for", trace(10, clean, 90, timeout), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Wanted(probe, test.trace, ten); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// TestWantedEnds runs cells with all sorts of trials until none is wanted. That takes
// at most twice the budget, and further trials in the trace do not change the
// verdict.
func TestWantedEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.IntRange(0, 12).Draw(t, "asked")
		b := Budget{Trials: asked}
		if rapid.Bool().Draw(t, "settle") {
			settle := drawSettle(t)
			b.Settle = &settle
		}
		trial := rapid.SampledFrom([]matrix.Trial{clean, leak, killing, claimed, early, unused, timeout, mute})
		tr := &matrix.Trace{}
		for Wanted(probe, tr, b) > 0 {
			// Each batch has as many trials as were wanted.
			tr.Trials = append(tr.Trials, rapid.SliceOfN(trial, 1, Wanted(probe, tr, b)).Draw(t, "batch")...)
			if rapid.IntRange(0, 9).Draw(t, "die") == 0 {
				tr.Failures = append(tr.Failures, crash)
			}
		}
		// A failure may come in addition to the last trial that was wanted.
		if n := len(tr.Trials); n > 2*asked {
			t.Fatalf("%d trials for %d asked", n, asked)
		}
		want := Cell(probe, tr, b)
		if len(tr.Failures) == 0 && !b.weigh(probe, tr).hopeless() && want.Trials+want.Inconclusive != len(tr.Trials) {
			t.Fatalf("%d trials were run, judged were %d", len(tr.Trials), want.Trials+want.Inconclusive)
		}
		longer := *tr
		longer.Trials = append(slices.Clone(tr.Trials), rapid.SliceOf(trial).Draw(t, "more")...)
		if diff := cmp.Diff(want, Cell(probe, &longer, b)); diff != "" && len(tr.Failures) == 0 {
			t.Fatalf("a longer trace is judged otherwise: %s", diff)
		}
	})
}
