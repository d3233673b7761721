package judge

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// usual is a sequential test that settles a cell after eight trials.
var usual = matrix.Sequential{P0: 0.05, P1: 0.5, Alpha: 0.01, Beta: 0.01}

func TestLeast(t *testing.T) {
	tests := []struct {
		name   string
		settle *matrix.Sequential
		trials int
		want   int
	}{
		{"no test", nil, 10, 10},
		{"usual", &usual, 10, 8},
		{"usual, of many", &usual, 1000, 8},
		{"as many as there are", &usual, 8, 8},
		{"more than there are", &usual, 3, 3},
		{"surer", &matrix.Sequential{P0: 0.05, P1: 0.5, Alpha: 0.01, Beta: 0.001}, 20, 11},
		{"finer", &matrix.Sequential{P0: 0.01, P1: 0.1, Alpha: 0.05, Beta: 0.05}, 100, 31},
		{"never under five", &matrix.Sequential{P0: 0.01, P1: 0.99, Alpha: 0.4, Beta: 0.4}, 10, leastProven},
		{"rates that hardly differ", &matrix.Sequential{P0: 0.05, P1: math.Nextafter(0.05, 1), Alpha: 0.01, Beta: 0.01}, 10, 10},
		{"rates that are hardly any", &matrix.Sequential{P0: 1e-300, P1: 2e-300, Alpha: 0.01, Beta: 0.01}, 10, 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (Budget{Trials: test.trials, Settle: test.settle}).least(); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// wald is the full sequential test: it returns for which rate the number of
// differing trials out of n decides, P0 (-1) or P1 (1), or for neither yet (0).
func wald(s matrix.Sequential, differing, n int) int {
	ratio := float64(differing)*math.Log(s.P1/s.P0) + float64(n-differing)*math.Log((1-s.P1)/(1-s.P0))
	switch {
	case ratio <= math.Log(s.Beta/(1-s.Alpha)):
		return -1
	case ratio >= math.Log((1-s.Beta)/s.Alpha):
		return 1
	}
	return 0
}

// TestLeastIsWalds compares least with the full test.
func TestLeastIsWalds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSettle(t)
		got := Budget{Trials: 100_000, Settle: &s}.least()
		if got == 100_000 || wald(s, 0, got) != -1 {
			t.Fatalf("%+v: not decided after %d trials that agree", s, got)
		}
		if got > leastProven && wald(s, 0, got-1) == -1 {
			t.Fatalf("%+v: decided after %d trials that agree, asked for %d", s, got-1, got)
		}
	})
}

// drawSettle draws a sequential test whose rates can be told apart.
func drawSettle(t *rapid.T) matrix.Sequential {
	p0 := rapid.Float64Range(0.001, 0.7).Draw(t, "p0")
	return matrix.Sequential{
		P0: p0, P1: rapid.Float64Range(p0+0.01, 0.99).Draw(t, "p1"),
		Alpha: rapid.Float64Range(0.001, 0.45).Draw(t, "alpha"),
		Beta:  rapid.Float64Range(0.001, 0.45).Draw(t, "beta"),
	}
}

// TestWaldErrors computes the error rates of the full test over all ways in which it
// can end, and compares them with Alpha and Beta.
func TestWaldErrors(t *testing.T) {
	for _, s := range []matrix.Sequential{
		usual,
		{P0: 0.05, P1: 0.5, Alpha: 0.1, Beta: 0.001},
		{P0: 0.2, P1: 0.4, Alpha: 0.05, Beta: 0.2},
		{P0: 0.01, P1: 0.1, Alpha: 0.02, Beta: 0.05},
	} {
		_, wrongly := ends(s, s.P0)
		rightly, _ := ends(s, s.P1)
		// Wald's bounds are not exact, since the test overshoots its limits: the
		// error rates can exceed Alpha and Beta by these factors.
		if wrongly > s.Alpha/(1-s.Beta) || rightly > s.Beta/(1-s.Alpha) || wrongly+rightly > s.Alpha+s.Beta {
			t.Errorf("%+v: errs with %.5f at P0, %.5f at P1", s, wrongly, rightly)
		}
	}
}

// ends returns the probabilities with which the full test decides for P0 and for P1
// at a rate. It follows all counts of differing trials at the same time.
func ends(s matrix.Sequential, rate float64) (forP0, forP1 float64) {
	open := map[int]float64{0: 1}
	for n := 1; len(open) > 0; n++ {
		next := map[int]float64{}
		for k, p := range open {
			next[k] += p * (1 - rate)
			next[k+1] += p * rate
		}
		for k, p := range next {
			d := wald(s, k, n)
			switch {
			case d < 0:
				forP0 += p
			case d > 0:
				forP1 += p
			}
			if d != 0 || p < 1e-15 {
				delete(next, k)
			}
		}
		open = next
	}
	return forP0, forP1
}

// An end is how the trials of a cell can end: with k leaks among n of them.
type end struct {
	verdict matrix.Verdict
	k, n    int
}

// TestErrorRates follows a cell down every path that its trials can take, with the
// batches of a sweep, and sums the probability of each verdict at a rate of leaks.
func TestErrorRates(t *testing.T) {
	for _, s := range []matrix.Sequential{usual, {P0: 0.1, P1: 0.6, Alpha: 0.05, Beta: 0.02}} {
		b := Budget{Trials: 10, Settle: &s}
		least := b.least()
		if least >= b.Trials {
			t.Fatalf("%+v never settles early", s)
		}
		paths := follow(b, nil, 0, 0)
		for _, rate := range []float64{0, s.P0, s.P1, 1 - s.P1, 1 - s.P0, 1} {
			got, trials := at(paths, rate)
			// If not all trials agree, the cell is flaky.
			allClean, allLeak := math.Pow(1-rate, float64(least)), math.Pow(rate, float64(least))
			near(t, "clean", rate, got[matrix.VerdictClean], allClean)
			near(t, "leak", rate, got[matrix.VerdictLeak], allLeak)
			near(t, "flaky", rate, got[matrix.VerdictFlaky], 1-allClean-allLeak)
			near(t, "trials", rate, trials, float64(b.Trials)-(allClean+allLeak)*float64(b.Trials-least))
		}
		probable := func(v matrix.Verdict, rate float64) float64 {
			sum, _ := at(paths, rate)
			return sum[v]
		}
		if clean, leak := probable(matrix.VerdictClean, s.P1), probable(matrix.VerdictLeak, 1-s.P1); clean > s.Beta || leak > s.Beta {
			t.Errorf("%+v: clean at P1 with %.5f, leak at 1-P1 with %.5f", s, clean, leak)
		}
		if leak, clean := probable(matrix.VerdictLeak, s.P0), probable(matrix.VerdictClean, 1-s.P0); leak > s.Alpha || clean > s.Alpha {
			t.Errorf("%+v: leak at P0 with %.5f, clean at 1-P0 with %.5f", s, leak, clean)
		}
	}
}

// follow returns all ends of a cell that are possible after the trials in done, k of
// which leaked, when wanted more are about to run.
func follow(b Budget, done []matrix.Trial, k, wanted int) []end {
	tr := &matrix.Trace{Trials: done}
	if wanted == 0 {
		wanted = Wanted(probe, tr, b)
	}
	if wanted == 0 {
		return []end{{Cell(probe, tr, b).Verdict, k, len(done)}}
	}
	return append(follow(b, append(slices.Clone(done), clean), k, wanted-1), follow(b, append(slices.Clone(done), leak), k+1, wanted-1)...)
}

// at returns the probability of each verdict at a rate of leaks, and the mean number
// of trials.
func at(paths []end, rate float64) (probable map[matrix.Verdict]float64, trials float64) {
	probable = map[matrix.Verdict]float64{}
	for _, e := range paths {
		p := math.Pow(rate, float64(e.k)) * math.Pow(1-rate, float64(e.n-e.k))
		probable[e.verdict] += p
		trials += p * float64(e.n)
	}
	return probable, trials
}

func near(t *testing.T, what string, rate, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("at a rate of %g: %s %.9f, want %.9f", rate, what, got, want)
	}
}

// TestIntervalsHold checks that intervals are right when trials stop early: at every
// rate, at least 95 % of them contain it.
func TestIntervalsHold(t *testing.T) {
	b := Budget{Trials: 10, Settle: &usual}
	for rate := 0.01; rate < 1; rate += 0.01 {
		held := 0.0
		least := b.least()
		ends := func(k, n int, p float64) {
			if low, high := clopperPearson(k, n); low <= rate && rate <= high {
				held += p
			}
		}
		ends(0, least, math.Pow(1-rate, float64(least)))
		ends(least, least, math.Pow(rate, float64(least)))
		for k := 1; k < b.Trials; k++ {
			// Orders of the k leaks that begin with trials that agree have
			// ended before.
			p := binomial(b.Trials, k, k, rate)
			if rest := b.Trials - least; k <= rest {
				p -= math.Pow(1-rate, float64(least)) * binomial(rest, k, k, rate)
			}
			if k >= least {
				p -= math.Pow(rate, float64(least)) * binomial(b.Trials-least, k-least, k-least, rate)
			}
			ends(k, b.Trials, p)
		}
		if held < 0.95 {
			t.Errorf("at a rate of %.2f the interval holds it with %.4f only", rate, held)
		}
	}
}

func TestSettled(t *testing.T) {
	b := Budget{Trials: 10, Settle: &usual}
	tests := []struct {
		name   string
		trace  *matrix.Trace
		wanted int
		cell   matrix.Cell
	}{
		{"nothing yet", nil, 8, matrix.Cell{Verdict: matrix.VerdictVacuous, Reason: "no trial was run"}},
		{"clean so far", trace(5, clean), 3, matrix.Cell{
			Verdict: matrix.VerdictVacuous, Trials: 5, Reason: "5 of 5 trials were proven, 8 are needed",
		}},
		{"clean", trace(8, clean), 0, matrix.Cell{Verdict: matrix.VerdictClean, Trials: 8}},
		{"leaks", trace(8, leak), 0, matrix.Cell{Verdict: matrix.VerdictLeak, Leaks: 8, Trials: 8, Severity: matrix.SeverityMild, Saw: seen}},
		{"differs at the last", trace(7, clean, 1, leak), 2, matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 8, Severity: matrix.SeverityMild, Saw: seen,
		}},
		{"differs at once", trace(1, leak, 1, clean), 8, matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 2, Severity: matrix.SeverityMild, Saw: seen,
		}},
		{"flaky", trace(4, clean, 1, leak, 5, clean), 0, matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 10, Severity: matrix.SeverityMild, Saw: seen,
		}},
		{"longer than it took", trace(8, clean, 2, leak), 0, matrix.Cell{Verdict: matrix.VerdictClean, Trials: 8}},
		{"inconclusive ones do not agree", trace(2, timeout, 6, clean), 2, matrix.Cell{
			Verdict: matrix.VerdictVacuous, Trials: 6, Inconclusive: 2,
			Reason: "6 of 8 trials were proven, 8 are needed: 2 proved nothing (handshake timed out)",
		}},
		{"settled by repeats", trace(7, timeout, 8, clean), 0, matrix.Cell{Verdict: matrix.VerdictClean, Trials: 8, Inconclusive: 7}},
		{"repeats that are left", trace(10, timeout, 3, clean), 5, matrix.Cell{
			Verdict: matrix.VerdictVacuous, Trials: 3, Inconclusive: 10,
			Reason: "3 of 13 trials were proven, 8 are needed: 10 proved nothing (handshake timed out)",
		}},
		{"too few proven", trace(13, early, 7, clean), 0, matrix.Cell{
			Verdict: matrix.VerdictVacuous, Trials: 7, Inconclusive: 13,
			Reason: "7 of 20 trials were proven, 8 are needed: 13 lacked rejected=true, streams=3 (accepted)",
		}},
		{"a failure is never settled", withFailures(trace(8, clean), crash), 1, matrix.Cell{
			Verdict: matrix.VerdictError, Trials: 8,
			Reason: "exit status 2: panic: boom: in main.main (x.go:1)",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Wanted(probe, test.trace, b); got != test.wanted {
				t.Errorf("wanted %d, want %d", got, test.wanted)
			}
			test.cell.Scenario, test.cell.Interval = probe.Name, Interval(test.cell.Leaks, test.cell.Trials)
			if diff := cmp.Diff(test.cell, Cell(probe, test.trace, b)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSettledWhateverTheBatches runs one sequence of trials in batches of all sizes.
// The cell is settled at the same trial, and further trials do not change the
// verdict.
func TestSettledWhateverTheBatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSettle(t)
		b := Budget{Trials: rapid.IntRange(1, 30).Draw(t, "trials"), Settle: &s}
		// Most trials agree, so that many cells settle.
		most := rapid.SampledFrom([]matrix.Trial{clean, leak}).Draw(t, "most")
		trial := rapid.SampledFrom([]matrix.Trial{most, most, most, most, most, most, most, clean, killing, timeout})
		all := rapid.SliceOfN(trial, 2*b.Trials, 2*b.Trials+5).Draw(t, "all")

		tr := &matrix.Trace{}
		for n := Wanted(probe, tr, b); n > 0; n = Wanted(probe, tr, b) {
			took := rapid.IntRange(1, n).Draw(t, "batch")
			tr.Trials = append(tr.Trials, all[len(tr.Trials):len(tr.Trials)+took]...)
		}
		got := Cell(probe, tr, b)
		if got.Trials+got.Inconclusive != len(tr.Trials) {
			t.Fatalf("%d trials were run, judged were %d", len(tr.Trials), got.Trials+got.Inconclusive)
		}
		if diff := cmp.Diff(got, Cell(probe, &matrix.Trace{Trials: all}, b)); diff != "" {
			t.Fatalf("a longer trace is judged otherwise: %s", diff)
		}
		agree := got.Leaks == 0 || got.Leaks == got.Trials
		if left := b.left(b.weigh(probe, tr)); left > 0 && (!agree || got.Trials < leastProven || got.Trials != b.least()) {
			t.Fatalf("settled with %d left: %d of %d", left, got.Leaks, got.Trials)
		}
	})
}
