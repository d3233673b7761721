package matrix_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestVerdict lists what every verdict, the empty one and one of a later version
// count as.
func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		verdict                           matrix.Verdict
		leaks, known, undecided           bool
		controlHolds, plantedHolds, valid bool
	}{
		{verdict: matrix.VerdictLeak, valid: true, leaks: true, known: true, plantedHolds: true},
		{verdict: matrix.VerdictFlaky, valid: true, leaks: true, known: true},
		{verdict: matrix.VerdictClean, valid: true, known: true, controlHolds: true},
		{verdict: matrix.VerdictVacuous, valid: true, undecided: true},
		{verdict: matrix.VerdictError, valid: true, undecided: true},
		{verdict: matrix.VerdictUnsupported, valid: true},
		{verdict: ""},
		{verdict: "later"},
	} {
		v, got := test.verdict, test
		got.leaks, got.known, got.undecided = v.Leaks(), v.Known(), v.Undecided()
		got.controlHolds, got.plantedHolds = matrix.KindControl.Holds(v), matrix.KindPlanted.Holds(v)
		got.valid = false
		for _, one := range matrix.Verdicts() {
			got.valid = got.valid || one == v
		}
		var n matrix.VerdictCounts
		if n.Add(v); n.Known() == 1 != test.known || n.Leaking == 1 != test.leaks || n.Known()+n.Unknown != 1 {
			t.Errorf("%q is counted as %+v", v, n)
		}
		if got != test {
			t.Errorf("%q: got %+v\nwant %+v", v, got, test)
		}
		if matrix.KindProbe.Holds(v) || matrix.KindWorkaround.Holds(v) {
			t.Errorf("%q: a probe or a workaround is taken for an invariant", v)
		}
	}
}

// TestHarm lists cells, the least harmful first, and which of them kill the
// connection.
func TestHarm(t *testing.T) {
	for _, test := range []struct {
		cell  matrix.Cell
		harm  int
		kills bool
	}{
		{matrix.Cell{}, 0, false},
		{matrix.Cell{Verdict: matrix.VerdictClean}, 0, false},
		{matrix.Cell{Verdict: matrix.VerdictError, Severity: matrix.SeveritySevere}, 0, false},
		{matrix.Cell{Verdict: matrix.VerdictFlaky, Severity: matrix.SeverityMild}, 1, false},
		{matrix.Cell{Verdict: matrix.VerdictLeak}, 2, false},
		{matrix.Cell{Verdict: matrix.VerdictFlaky, Severity: matrix.SeveritySevere}, 3, true},
		{matrix.Cell{Verdict: matrix.VerdictLeak, Severity: matrix.SeveritySevere}, 4, true},
	} {
		if harm, kills := test.cell.Harm(), test.cell.Kills(); harm != test.harm || kills != test.kills {
			t.Errorf("%s, %s: got harm %d, kills %t, want %d, %t", test.cell.Verdict, test.cell.Severity, harm, kills, test.harm, test.kills)
		}
	}
}

func TestWant(t *testing.T) {
	for kind, want := range map[matrix.Kind]matrix.Verdict{
		matrix.KindControl: matrix.VerdictClean, matrix.KindPlanted: matrix.VerdictLeak,
		matrix.KindProbe: matrix.VerdictClean, matrix.KindWorkaround: matrix.VerdictClean,
	} {
		if got := kind.Want(); got != want {
			t.Errorf("%s: got %s, want %s", kind, got, want)
		}
	}
}

// TestRegressions changes one cell of each kind from one verdict to another.
func TestRegressions(t *testing.T) {
	scenarios := []matrix.Scenario{
		{Name: "control", Kind: matrix.KindControl}, {Name: "planted", Kind: matrix.KindPlanted},
		{Name: "probe", Kind: matrix.KindProbe}, {Name: "workaround", Kind: matrix.KindWorkaround},
	}
	row := func(v matrix.Verdict) *matrix.RowResult {
		var r matrix.RowResult
		for _, s := range scenarios {
			if v != "" {
				r.Cells = append(r.Cells, matrix.Cell{Scenario: s.Name, Verdict: v})
			}
		}
		return &r
	}
	worse := []string{"control", "probe", "workaround"}
	for _, test := range []struct {
		was, is matrix.Verdict
		want    []string
	}{
		{matrix.VerdictClean, matrix.VerdictLeak, worse},
		{matrix.VerdictClean, matrix.VerdictFlaky, worse},
		{matrix.VerdictClean, matrix.VerdictError, worse},
		{matrix.VerdictClean, matrix.VerdictClean, nil},
		{matrix.VerdictClean, matrix.VerdictVacuous, nil},
		{matrix.VerdictClean, matrix.VerdictUnsupported, nil},
		{matrix.VerdictClean, "", nil},
		{matrix.VerdictFlaky, matrix.VerdictLeak, nil},
		{matrix.VerdictError, matrix.VerdictLeak, nil},
		{"", matrix.VerdictLeak, nil},
	} {
		if diff := cmp.Diff(test.want, matrix.Regressions(scenarios, row(test.was), row(test.is))); diff != "" {
			t.Errorf("%s -> %s: (-want +got)\n%s", test.was, test.is, diff)
		}
	}
}

// TestStateKnown lists which states are answers, without and with patches.
func TestStateKnown(t *testing.T) {
	want := map[matrix.State][2]bool{
		matrix.StateOK: {true, true}, matrix.StatePatchConflict: {true, true},
		matrix.StateBuildFailed: {false, true}, matrix.StateUnavailable: {false, false}, "": {false, false},
	}
	for state, want := range want {
		if got := [2]bool{state.Known(false), state.Known(true)}; got != want {
			t.Errorf("%q: got %t, want %t", state, got, want)
		}
	}
	if len(matrix.States()) != len(want)-1 {
		t.Errorf("states %q", matrix.States())
	}
}
