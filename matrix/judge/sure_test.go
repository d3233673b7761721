package judge

import (
	"fmt"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestSure checks the numbers that the manual names, and the definition: that many
// trials exclude the rate, and one less does not.
func TestSure(t *testing.T) {
	got := Sure(matrix.Certainty{Clean: 0.05, Edge: 0.005})
	want := matrix.Sure{Clean: matrix.Bound{Rate: 0.05, Trials: 72}, Edge: matrix.Bound{Rate: 0.005, Trials: 736}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, rate := range []float64{0.9999, 0.975, 0.5, 0.05, 0.01, 0.005, 0.0001} {
		n := enough(rate)
		if _, high := clopperPearson(0, n); high > rate {
			t.Errorf("0 of %d allow %g, which is above %g", n, high, rate)
		}
		if _, high := clopperPearson(0, n-1); n > 1 && high <= rate {
			t.Errorf("0 of %d exclude %g, too", n-1, rate)
		}
		if low, _ := clopperPearson(n, n); 1-low > rate+1e-9 {
			t.Errorf("%d of %d allow %g that do not leak, which is above %g", n, n, 1-low, rate)
		}
	}
}

// TestWantedSure tries cells that take 20 trials if they agree.
func TestWantedSure(t *testing.T) {
	b := Budget{Trials: 10, Settle: &usual, Sure: 20}
	tests := []struct {
		name  string
		trace *matrix.Trace
		want  int            // more trials
		is    matrix.Verdict // for now
	}{
		{"none", nil, 8, matrix.VerdictVacuous},
		{"settled and clean", trace(8, clean), 12, matrix.VerdictClean},
		{"settled and leaking", trace(8, leak), 12, matrix.VerdictLeak},
		{"almost enough", trace(19, clean), 1, matrix.VerdictClean},
		{"enough", trace(20, clean), 0, matrix.VerdictClean},
		{"one more proves nothing", trace(19, clean, 1, timeout), 1, matrix.VerdictClean},
		{"no more than twice as many", trace(8, clean, 32, timeout), 0, matrix.VerdictClean},
		{"flaky at once", trace(1, leak, 9, clean), 0, matrix.VerdictFlaky},
		{"flaky late", trace(14, clean, 1, leak), 5, matrix.VerdictFlaky},
		{"flaky last", trace(19, clean, 1, leak), 0, matrix.VerdictFlaky},
		{"flaky after the last", trace(20, clean, 1, leak), 0, matrix.VerdictClean},
		{"a crash", withFailures(trace(12, clean), crash), 0, matrix.VerdictError},
		{"nothing proven", trace(20, timeout), 0, matrix.VerdictVacuous},
	}
	for _, test := range tests {
		if got := Wanted(probe, test.trace, b); got != test.want {
			t.Errorf("%s: wants %d more, want %d", test.name, got, test.want)
		}
		if got := Cell(probe, test.trace, b); got.Verdict != test.is {
			t.Errorf("%s: is %s, want %s", test.name, got.Verdict, test.is)
		}
	}
}

// TestCellSure checks the numbers of such cells, and of the second run of one that is
// flaky.
func TestCellSure(t *testing.T) {
	b := Budget{Trials: 10, Settle: &usual, Sure: 20}
	for _, test := range []struct {
		trace *matrix.Trace
		want  string // leaks of proven, inconclusive; trials of the second run
	}{
		{trace(30, clean), "0 of 20, 0; 20"},
		{trace(9, clean, 2, timeout, 30, clean), "0 of 20, 2; 20"},
		{trace(19, clean, 1, leak), "1 of 20, 0; 20"},
		{trace(1, leak, 19, clean), "1 of 10, 0; 10"},
	} {
		c := Cell(probe, test.trace, b)
		got := fmt.Sprintf("%d of %d, %d; %d", c.Leaks, c.Trials, c.Inconclusive, b.Apart(probe, test.trace).Trials)
		if got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	late := Apart(probe, trace(19, clean, 1, leak), trace(30, clean), b, leakWords)
	if late.Verdict != matrix.VerdictFlaky || late.Leaks != 1 || late.Trials != 40 {
		t.Errorf("a late leak that does not come again: %+v", late)
	}
}
