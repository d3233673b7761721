package judge

import (
	"math"
	"sort"

	"github.com/matrixrun/matrixrun/matrix"
)

// Sure returns how many trials it takes to be as sure as c says. A rate is excluded if
// it is above the two-sided 95 % Clopper-Pearson interval of a cell (see Interval): if
// none of n trials leaked, the interval ends at 1 - 0.025^(1/n). That is less than 5 %
// from 72 trials on, and less than 0.5 % from 736. The same numbers hold for trials
// that do not leak, in a cell where all did.
func Sure(c matrix.Certainty) matrix.Sure {
	bound := func(rate float64) matrix.Bound { return matrix.Bound{Rate: rate, Trials: enough(rate)} }
	return matrix.Sure{Clean: bound(c.Clean), Edge: bound(c.Edge)}
}

// mostTrials bounds enough. It excludes rates above 0.004 %.
const mostTrials = 100_000

// enough returns the fewest trials that exclude rates above rate if none leaks, and
// mostTrials if that takes more.
func enough(rate float64) int {
	return 1 + sort.Search(mostTrials-1, func(i int) bool {
		_, high := clopperPearson(0, i+1)
		return high <= rate
	})
}

// Proven returns how many trials of a trace are proven.
func Proven(s matrix.Scenario, t *matrix.Trace) int {
	return weighAll(s, t, math.MaxInt).tally().proven
}
