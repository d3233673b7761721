package judge

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

var suite = []matrix.Scenario{
	{Name: "control", Kind: matrix.KindControl},
	{Name: "planted", Kind: matrix.KindPlanted},
	{Name: "drop-a", Kind: matrix.KindProbe},
	{Name: "drop-b", Kind: matrix.KindProbe},
	{Name: "retry", Kind: matrix.KindWorkaround},
}

// cells returns the cells of the suite with these verdicts; "" leaves one out.
func cells(verdicts ...matrix.Verdict) []matrix.Cell {
	var out []matrix.Cell
	for i, v := range verdicts {
		if v != "" {
			out = append(out, matrix.Cell{Scenario: suite[i].Name, Verdict: v})
		}
	}
	return out
}

const (
	ok    = matrix.VerdictClean
	leaky = matrix.VerdictLeak
	flaky = matrix.VerdictFlaky
	vac   = matrix.VerdictVacuous
	erred = matrix.VerdictError
	unsup = matrix.VerdictUnsupported
)

func TestRow(t *testing.T) {
	tests := []struct {
		name string
		in   []matrix.Cell
		want []matrix.Verdict
	}{
		{"holds", cells(ok, leaky, leaky, ok, flaky), []matrix.Verdict{ok, leaky, leaky, ok, flaky}},
		{"control leaks", cells(leaky, leaky, leaky, ok, vac), []matrix.Verdict{erred, erred, erred, erred, erred}},
		{"control vacuous", cells(vac, leaky, leaky, ok, ok), []matrix.Verdict{erred, erred, erred, erred, erred}},
		{"control missing", cells("", leaky, leaky, ok, ok), []matrix.Verdict{erred, erred, erred, erred}},
		{"planted clean", cells(ok, ok, leaky, ok, flaky), []matrix.Verdict{vac, vac, leaky, vac, flaky}},
		{"planted flaky", cells(ok, flaky, leaky, ok, erred), []matrix.Verdict{vac, flaky, leaky, vac, erred}},
		{"planted missing", cells(ok, "", leaky, ok, ok), []matrix.Verdict{vac, leaky, vac, vac}},
		{"both fail", cells(flaky, ok, leaky, ok, ok), []matrix.Verdict{erred, erred, erred, erred, erred}},
		{"control unsupported", cells(unsup, leaky, leaky, ok, unsup), []matrix.Verdict{erred, erred, erred, erred, erred}},
		{"planted unsupported", cells(ok, unsup, leaky, ok, unsup), []matrix.Verdict{vac, unsup, leaky, vac, unsup}},
		{"unsupported", Unsupported(suite), []matrix.Verdict{unsup, unsup, unsup, unsup, unsup}},
		{"empty", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := slices.Clone(test.in)
			got := Row(suite, test.in, leakWords)
			if diff := cmp.Diff(before, test.in); diff != "" {
				t.Errorf("the input was changed: %s", diff)
			}
			var verdicts []matrix.Verdict
			for i, c := range got {
				verdicts = append(verdicts, c.Verdict)
				if c.Verdict != test.in[i].Verdict && c.Reason == "" {
					t.Errorf("%s was changed without a reason", c.Scenario)
				}
			}
			if diff := cmp.Diff(test.want, verdicts); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestRowReasons(t *testing.T) {
	in := cells(vac, leaky, ok, erred, flaky)
	in[0].Reason = "0 of 20 trials were proven"
	in[3].Reason = "exit status 2"
	var got []string
	for _, c := range Row(suite, in, leakWords) {
		got = append(got, c.Reason)
	}
	distrusted := "nothing in this row can be believed, for its control is not clean: it is not shown, 0 of 20 trials were proven"
	want := []string{"0 of 20 trials were proven", distrusted, distrusted, "exit status 2", distrusted}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	in = cells(ok, ok, ok)
	in[1].Trials = 10
	want = []string{
		"clean proves nothing here, for planted must leak and did not: it leaked in 0 of 10 trials",
		"a planted leak must be seen, and it leaked in 0 of 10 trials",
	}
	out := Row(suite, in, leakWords)
	if diff := cmp.Diff(want, []string{out[0].Reason, out[1].Reason}); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestExpect(t *testing.T) {
	rules := []matrix.Expectation{
		{Scenarios: []string{"*"}, Verdict: leaky},
		{Scenarios: []string{"drop-*", "[broken"}, Releases: matrix.MustConstraint(">= 0.4"), Verdict: ok},
		{Releases: matrix.MustConstraint("< 0.2"), State: matrix.StateBuildFailed},
		{Scenarios: []string{"drop-b"}, Releases: matrix.MustConstraint("0.5.0"), Verdict: flaky},
	}
	tests := []struct {
		release string
		want    []matrix.Verdict
		state   matrix.State
	}{
		{"v0.1.0", []matrix.Verdict{"", "", leaky, leaky, leaky}, matrix.StateBuildFailed},
		{"v0.3.0", []matrix.Verdict{"", "", leaky, leaky, leaky}, ""},
		{"v0.4.0", []matrix.Verdict{"", "", ok, ok, leaky}, ""},
		{"v0.5.0", []matrix.Verdict{"", "", ok, flaky, leaky}, ""},
	}
	for _, test := range tests {
		in := cells(ok, leaky, leaky, ok, ok)
		in[0].Expected = ok // must be removed
		var got []matrix.Verdict
		for _, c := range Expect(rules, suite, "example.com/lib", test.release, in) {
			got = append(got, c.Expected)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.release, diff)
		}
		if got := Expect(rules, suite, "example.com/lib", test.release, cells(unsup, unsup, unsup, unsup, unsup))[2].Expected; got != "" {
			t.Errorf("%s: a cell that could not be tried is expected to be %s", test.release, got)
		}
		if got := ExpectedState(rules, test.release); got != test.state {
			t.Errorf("%s: state %q, want %q", test.release, got, test.state)
		}
		if in[0].Expected != ok || in[2].Expected != "" {
			t.Errorf("%s: the input was changed", test.release)
		}
	}
}

// TestExpectAdvisory checks that an advisory is about the probes, by module and version.
func TestExpectAdvisory(t *testing.T) {
	advisory := &matrix.Advisory{ID: "GO-1", Affected: []matrix.AffectedModule{
		{Module: "example.com/lib", Ranges: []matrix.AffectedRange{{Introduced: "v1.2.0", Fixed: "v1.3.0"}}},
	}}
	rules := []matrix.Expectation{
		{Scenarios: []string{"retry"}, Verdict: ok},
		{Scenarios: []string{"*"}, Releases: matrix.MustConstraint("< 2"), Advisory: advisory},
		{Scenarios: []string{"drop-b"}, Releases: matrix.MustConstraint("1.3.1"), Verdict: flaky},
	}
	for release, want := range map[string][]matrix.Verdict{
		"example.com/lib@v1.1.0":      {"", "", ok, ok, ok},
		"example.com/lib@v1.3.0-rc.1": {"", "", leaky, flaky, ok}, // a leak at times is affected
		"example.com/lib@v1.3.1":      {"", "", ok, flaky, ok},    // a later rule decides
		"example.com/old@v1.2.0":      {"", "", ok, ok, ok},       // the advisory has no such module
		"example.com/lib@v2.0.0":      {"", "", "", "", ok},
	} {
		module, version, _ := strings.Cut(release, "@")
		var got []matrix.Verdict
		for _, c := range Expect(rules, suite, module, version, cells(ok, leaky, ok, flaky, leaky)) {
			got = append(got, c.Expected)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", release, diff)
		}
	}
	want := []matrix.Claim{{Advisory: *advisory, Scenarios: []string{"drop-a", "drop-b"}, Releases: "< 2"}}
	if diff := cmp.Diff(want, Claims(rules, suite)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := Claims(rules, suite[:1]); got != nil {
		t.Errorf("without probes: %v", got)
	}
}

func TestEffect(t *testing.T) {
	row := func(verdicts ...matrix.Verdict) *matrix.RowResult {
		return &matrix.RowResult{State: matrix.StateOK, Cells: cells(verdicts...)}
	}
	state := func(s matrix.State) *matrix.RowResult { return &matrix.RowResult{State: s} }
	already := row(ok, leaky, ok, ok, ok)
	already.Patches = []matrix.Applied{{Apply: matrix.ApplyAlready}, {Apply: matrix.ApplyConflict}}
	leaking := row(ok, leaky, leaky, flaky, ok)
	own := row(ok, leaky, leaky, flaky, ok)
	own.Patches = []matrix.Applied{{Apply: matrix.ApplyAlready}}
	tests := []struct {
		name          string
		fixes         string
		patched, base *matrix.RowResult
		want          matrix.Effect
	}{
		{"conflict", "drop-*", state(matrix.StatePatchConflict), leaking, matrix.EffectConflict},
		{"one of two conflicts", "drop-*", already, leaking, matrix.EffectConflict},
		{"unbuildable", "drop-*", state(matrix.StateBuildFailed), leaking, matrix.EffectUnbuildable},
		{"unbuildable, and not without them either", "drop-*", state(matrix.StateBuildFailed), state(matrix.StateBuildFailed), ""},
		{"unavailable", "drop-*", state(matrix.StateUnavailable), leaking, ""},
		{"fixes", "drop-*", row(ok, leaky, ok, ok, ok), leaking, matrix.EffectFixes},
		{"fixes, whatever the glob", "*", row(ok, leaky, ok, ok, ok), leaking, matrix.EffectFixes},
		{"fixes what was flaky", "drop-b", row(ok, leaky, leaky, ok, ok), leaking, matrix.EffectFixes},
		{"still leaks", "drop-*", row(ok, leaky, ok, flaky, ok), leaking, matrix.EffectStillLeaks},
		{"still leaks, without a base", "drop-*", row(ok, leaky, ok, flaky, ok), nil, matrix.EffectStillLeaks},
		{"a workaround got worse", "drop-*", row(ok, leaky, ok, ok, flaky), leaking, matrix.EffectRegresses},
		{"the control got worse", "drop-*", row(erred, erred, erred, erred, erred), leaking, matrix.EffectRegresses},
		{"a planted leak is not counted", "drop-*", row(ok, leaky, ok, ok, ok), row(ok, ok, leaky, flaky, ok), matrix.EffectFixes},
		{"regresses outranks still leaks", "drop-*", row(ok, leaky, leaky, ok, leaky), leaking, matrix.EffectRegresses},
		{"not needed", "drop-*", row(ok, leaky, ok, ok, ok), row(ok, leaky, ok, ok, leaky), matrix.EffectNotNeeded},
		{"no base", "drop-*", row(ok, leaky, ok, ok, ok), nil, ""},
		{"base not built", "drop-*", row(ok, leaky, ok, ok, ok), state(matrix.StateBuildFailed), ""},
		{"base vacuous", "drop-*", row(ok, leaky, ok, ok, ok), row(ok, leaky, ok, vac, ok), ""},
		{"now vacuous", "drop-*", row(ok, leaky, ok, vac, ok), leaking, ""},
		{"for nothing", "other-*", row(ok, leaky, ok, ok, ok), leaking, ""},
		{"cures something that nobody asked for", "", row(ok, leaky, ok, flaky, ok), leaking, matrix.EffectFixes},
		{"cures something and makes something worse", "", row(ok, leaky, ok, flaky, leaky), leaking, matrix.EffectRegresses},
		{"changes nothing", "", row(ok, leaky, leaky, flaky, ok), leaking, matrix.EffectUnmeasured},
		{"changes nothing where nothing leaks", "", row(ok, leaky, ok, ok, ok), row(ok, leaky, ok, ok, ok), matrix.EffectUnmeasured},
		{"changes nothing, and is there already", "", own, leaking, matrix.EffectNotNeeded},
		{"changes nothing, and one is not known", "", row(ok, leaky, leaky, vac, ok), leaking, ""},
		{"changes nothing, and one cannot happen", "", row(ok, leaky, leaky, unsup, ok), row(ok, leaky, leaky, unsup, ok), matrix.EffectUnmeasured},
		{"changes something without a base", "", row(ok, leaky, leaky, flaky, ok), nil, ""},
		{"changes nothing that is supported", "", row(unsup, unsup, unsup, unsup, unsup), row(unsup, unsup, unsup, unsup, unsup), ""},
		{"unsupported", "drop-*", row(unsup, unsup, unsup, unsup, unsup), row(unsup, unsup, unsup, unsup, unsup), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Effect(suite, strings.Fields(test.fixes), test.patched, test.base); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestUnlinked checks that a binary without the target is neither a leak nor clean, and
// that cells with reasons of their own keep them.
func TestUnlinked(t *testing.T) {
	cells := []matrix.Cell{{Verdict: matrix.VerdictClean}, {Verdict: matrix.VerdictLeak}, {Verdict: matrix.VerdictError, Reason: "it crashed"}}
	var got []matrix.Cell
	for _, c := range cells {
		got = append(got, Unlinked("example.com/lib", c))
	}
	why := "the reproduction imports no package of example.com/lib"
	want := []matrix.Cell{{Verdict: matrix.VerdictVacuous, Reason: why}, {Verdict: matrix.VerdictVacuous, Reason: why}, cells[2]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// leakWords are the words of a suite about leaks.
var leakWords = matrix.Words{
	Leak:  matrix.Phrase{One: "leaks", Past: "leaked", Noun: "leak", Name: "leak"},
	Clean: matrix.Phrase{One: "is clean"},
}

// TestRowWords checks the reasons of a suite that has no words of its own, and of one that
// has only verbs.
func TestRowWords(t *testing.T) {
	planted := []matrix.Cell{{Scenario: "control", Verdict: matrix.VerdictClean, Trials: 5}, {Scenario: "planted", Verdict: matrix.VerdictClean, Trials: 5}}
	for _, test := range []struct {
		words         matrix.Words
		first, second string
	}{
		{matrix.Words{}, "a control must be good, and it had the defect in 0 of 0 trials", "good proves nothing here, for planted must be bad and was not: it had the defect in 0 of 5 trials"},
		{matrix.Words{Leak: matrix.Phrase{One: "panics", Past: "panicked"}, Clean: matrix.Phrase{One: "survives"}},
			"a control must survive, and it panicked in 0 of 0 trials", "survives proves nothing here, for planted must panic and did not: it panicked in 0 of 5 trials"},
	} {
		if got := Row(suite, cells(matrix.VerdictLeak), test.words)[0].Reason; got != test.first {
			t.Errorf("got %q, want %q", got, test.first)
		}
		if got := Row(suite, planted, test.words)[0].Reason; got != test.second {
			t.Errorf("got %q, want %q", got, test.second)
		}
	}
}
