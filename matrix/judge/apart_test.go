package judge

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestApart(t *testing.T) {
	flaky := trace(2, leak, 8, clean)
	deadlyOnce := trace(1, killing, 9, clean)
	reset := matrix.SeverityMild
	tests := []struct {
		name   string
		beside *matrix.Trace
		alone  *matrix.Trace
		want   matrix.Cell
	}{
		{"flaky again", flaky, trace(3, killing, 7, clean), matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 3, Trials: 10, Severity: matrix.SeveritySevere, Saw: deadly,
			Reason: "2 of 10 trials leaked, and 3 of 10 when it ran alone",
			Runs:   []matrix.Count{{Leaks: 2, Trials: 10}, {Leaks: 3, Trials: 10}},
		}},
		{"the worst of both", deadlyOnce, trace(2, timeout, 1, leak, 9, clean), matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 10, Inconclusive: 2, Severity: matrix.SeveritySevere, Saw: seen,
			Reason: "1 of 10 trials leaked, and 1 of 10 when it ran alone",
			Runs:   []matrix.Count{{Leaks: 1, Trials: 10}, {Leaks: 1, Trials: 10, Inconclusive: 2}},
		}},
		{"a leak that was seen was a leak", flaky, trace(10, clean), matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 2, Trials: 20, Severity: reset, Saw: seen,
			Reason: "2 of 10 trials leaked, and 0 of 10 when it ran alone",
			Runs:   []matrix.Count{{Leaks: 2, Trials: 10}, {Trials: 10}},
		}},
		{"and one that was not was none", flaky, trace(10, leak), matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 12, Trials: 20, Severity: reset, Saw: seen,
			Reason: "2 of 10 trials leaked, and 10 of 10 when it ran alone",
			Runs:   []matrix.Count{{Leaks: 2, Trials: 10}, {Leaks: 10, Trials: 10}},
		}},
		{"nothing proven", flaky, trace(20, timeout), matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 2, Trials: 10, Inconclusive: 20, Severity: reset, Saw: seen,
			Reason: "2 of 10 trials leaked, and none of 20 was proven when it ran alone",
			Runs:   []matrix.Count{{Leaks: 2, Trials: 10}, {Inconclusive: 20}},
		}},
		{"a crash", flaky, withFailures(trace(1, leak, 8, clean), crash), matrix.Cell{
			Verdict: matrix.VerdictError, Leaks: 3, Trials: 19, Severity: reset, Saw: seen,
			Reason: "exit status 2: panic: boom: in main.main (x.go:1)",
			Runs:   []matrix.Count{{Leaks: 2, Trials: 10}, {Leaks: 1, Trials: 9}},
		}},
		// The second run takes its whole budget, and no more. The sequential test
		// would have stopped it after eight trials.
		{"all of the second run counts", flaky, trace(9, clean, 1, leak, 90, leak), matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 10, Severity: reset, Saw: seen,
			Reason: "2 of 10 trials leaked, and 1 of 10 when it ran alone",
			Runs:   []matrix.Count{{Leaks: 2, Trials: 10}, {Leaks: 1, Trials: 10}},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Apart(probe, test.beside, test.alone, Budget{Trials: 10, Settle: &usual}, leakWords)
			test.want.Scenario, test.want.Interval = probe.Name, Interval(test.want.Leaks, test.want.Trials)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
