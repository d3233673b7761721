package judge

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Apart judges a cell that Cell calls flaky, once all its trials have run again
// with nothing else beside them: beside is the trace that made it flaky, alone
// the one of the second run, which takes the Whole budget.
//
// Where the second run is flaky too, it alone is judged: the rate and its
// interval are then those of a machine at rest, and not of a mixture. Where it
// is not, both runs count, and the cell stays flaky. What was seen once was
// there: ten trials without a leak take none back that another one proved, nor
// do ten leaks make a clean trial undone. Such a cell is not called clean, and
// not a certain leak. A second run that fails makes it an error, as any does.
//
// The reason tells what each run showed, and so does Cell.Runs. The severity is
// the worst of both.
func Apart(s matrix.Scenario, beside, alone *matrix.Trace, b Budget) matrix.Cell {
	failures, trials := b.within(s, beside)
	failuresAlone, trialsAlone := b.Whole().within(s, alone)
	first, second := tallyOf(s, trials), tallyOf(s, trialsAlone)
	c := cellOf(s, failuresAlone, trialsAlone, b.Trials)
	if c.Verdict != matrix.VerdictFlaky {
		c = cellOf(s, slices.Concat(failures, failuresAlone), slices.Concat(trials, trialsAlone), b.Trials)
	}
	if rank(first.severity) > rank(c.Severity) {
		c.Severity = first.severity
	}
	c.Runs = []matrix.Count{first.count(len(trials)), second.count(len(trialsAlone))}
	if c.Reason == "" {
		c.Reason = bothRuns(c.Runs[0], c.Runs[1])
	}
	return c
}

// count returns the tally of ran trials as results tell it.
func (sum tally) count(ran int) matrix.Count {
	return matrix.Count{Leaks: sum.leaks, Trials: sum.proven, Inconclusive: ran - sum.proven}
}

// bothRuns says what each of the two runs of a cell showed.
func bothRuns(first, second matrix.Count) string {
	text := fmt.Sprintf("%d of %d trials leaked", first.Leaks, first.Trials)
	if second.Trials == 0 {
		return fmt.Sprintf("%s, and none of %d was proven when it ran alone", text, second.Inconclusive)
	}
	return fmt.Sprintf("%s, and %d of %d when it ran alone", text, second.Leaks, second.Trials)
}
