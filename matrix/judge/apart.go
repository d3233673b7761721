package judge

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
)

// Apart judges a cell that Cell calls flaky, after all its trials have run again
// with nothing else running. beside is the trace of the first run; alone is the
// trace of the second, which takes the budget of Budget.Apart.
//
// If the second run is flaky too, only that run counts: the rate and its interval
// are then those of an idle machine. If it is not, both runs count, and the cell
// stays flaky. One proven leak shows that there is one, however many clean trials
// follow, so the cell is not clean; and one proven clean trial shows that it does
// not always leak. As in any cell, a process that fails makes it an error.
//
// The reason, in the words of the suite, and Cell.Runs say what each run showed. The
// severity is the worst of both runs.
func Apart(s matrix.Scenario, beside, alone *matrix.Trace, b Budget, words matrix.Words) matrix.Cell {
	all := b.weigh(s, beside)
	again := b.apart(all)
	first, second := b.within(all), again.within(again.weigh(s, alone))
	c := cellOf(s.Name, second, again.Trials)
	if c.Verdict != matrix.VerdictFlaky {
		c = cellOf(s.Name, first.and(second), again.Trials)
	}
	if sum := first.tally(); rank(sum.severity) > rank(c.Severity) {
		c.Severity = sum.severity
	}
	c.Runs = []matrix.Count{first.tally().count(len(first.trials)), second.tally().count(len(second.trials))}
	if c.Reason == "" {
		c.Reason = bothRuns(c.Runs[0], c.Runs[1], words.Complete())
	}
	return c
}

// count returns the tally of ran trials as a Count.
func (sum tally) count(ran int) matrix.Count {
	return matrix.Count{Leaks: sum.leaks, Trials: sum.proven, Inconclusive: ran - sum.proven}
}

// bothRuns says what each of the two runs of a cell showed.
func bothRuns(first, second matrix.Count, w matrix.Words) string {
	text := fmt.Sprintf("%d of %d trials %s", first.Leaks, first.Trials, w.Leak.Past)
	if second.Trials == 0 {
		return fmt.Sprintf("%s, and none of %d was proven when it ran alone", text, second.Inconclusive)
	}
	return fmt.Sprintf("%s, and %d of %d when it ran alone", text, second.Leaks, second.Trials)
}
