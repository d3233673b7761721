package judge

import (
	"math"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Budget says how many trials a cell may take.
type Budget struct {
	Trials int                // proven trials at most
	Settle *matrix.Sequential // when fewer will do; nil: never
}

// Whole returns the budget that always takes all trials.
func (b Budget) Whole() Budget { return Budget{Trials: b.Trials} }

// leastProven is the number of proven trials below which no test settles a
// cell, however little its author asks for.
const leastProven = 5

// least returns the number of proven trials that settle a cell if all of them
// agree; all of them where the sequential test would take even more, or where
// there is none.
//
// Each trial that agrees is likelier at the rate P0 of those that differ than
// at P1, by the factor (1-P0)/(1-P1). Wald's test decides for P0 as soon as the
// factors come to (1-Alpha)/Beta.
func (b Budget) least() int {
	t := b.Settle
	if t == nil {
		return b.Trials
	}
	n := math.Ceil(math.Log((1-t.Alpha)/t.Beta) / (math.Log1p(-t.P0) - math.Log1p(-t.P1)))
	if !(n < float64(b.Trials)) { // also where rates that hardly differ make it infinite
		return b.Trials
	}
	return min(max(leastProven, int(n)), b.Trials)
}

// Wanted returns how many further trials to run for a cell; 0 where it has all
// that it may take, or is settled. Ask again when they have run.
//
// They come in as few batches as can be: while all trials agree, as many as
// could settle the cell, and all that are left once two of them differ. What is
// left are at first the budget's trials, then one more for each of these that
// was inconclusive. Repeats are not repeated, so that a cell that cannot be
// proven ends after twice the trials at most.
func Wanted(s matrix.Scenario, t *matrix.Trace, b Budget) int {
	if t == nil {
		t = &matrix.Trace{}
	}
	left := b.left(s, t)
	if hopeless(t) {
		return 0
	}
	if missing, _, ok := b.settling(s, t); ok {
		return min(missing, left)
	}
	return left
}

// hopeless reports whether the first trial says that none can prove anything. It
// speaks for all.
func hopeless(t *matrix.Trace) bool {
	return len(t.Trials) > 0 && t.Trials[0].Unsupported && t.Trials[0].Outcome == matrix.OutcomeInconclusive
}

// left returns how many further trials the budget has for a cell whatever they
// show.
func (b Budget) left(s matrix.Scenario, t *matrix.Trace) int {
	attempts := len(t.Failures) + len(t.Trials)
	if attempts < b.Trials {
		return b.Trials - attempts
	}
	_, trials := b.firstRound(t)
	return max(0, b.Trials+inconclusive(s, trials)-attempts)
}

// within returns the attempts of a trace that count: those that the budget
// would have taken if it had been asked after each.
func (b Budget) within(s matrix.Scenario, t *matrix.Trace) ([]matrix.Failure, []matrix.Trial) {
	if t == nil {
		return nil, nil
	}
	failures, trials := b.bounded(s, t)
	if missing, taken, ok := b.settling(s, t); ok && missing == 0 {
		trials = trials[:taken]
	}
	return failures, trials
}

// settling follows a cell on its way to being settled, from its first trial. It
// returns how many further trials that agree with all others would settle it,
// and where that is none, how many trials it took. ok is false where the cell
// must go all the way: its trials differ, so that it takes a count and not a
// test to tell how often; a process failed; or there is no test.
func (b Budget) settling(s matrix.Scenario, t *matrix.Trace) (missing, taken int, ok bool) {
	failures, trials := b.bounded(s, t)
	if b.Settle == nil || len(failures) > 0 {
		return 0, 0, false
	}
	var all matrix.Outcome
	missing = b.least()
	for ; missing > 0 && taken < len(trials); taken++ {
		outcome, _ := weigh(s, &trials[taken])
		if outcome == matrix.OutcomeInconclusive {
			continue
		}
		if all != "" && outcome != all {
			return 0, 0, false
		}
		all = outcome
		missing--
	}
	return missing, taken, true
}

// bounded returns the attempts of a trace that the budget's number of trials
// admits: the first round, and a repeat for each of it that was inconclusive.
func (b Budget) bounded(s matrix.Scenario, t *matrix.Trace) ([]matrix.Failure, []matrix.Trial) {
	failures, trials := b.firstRound(t)
	if hopeless(t) {
		return failures, trials[:min(1, len(trials))]
	}
	repeats := inconclusive(s, trials)
	return failures, t.Trials[:min(len(trials)+repeats, len(t.Trials))]
}

// firstRound returns the first attempts of a trace, as many as the budget has
// trials. The trace does not tell where among its trials a process failed, and
// so failures are taken to have come first: none is ever overlooked because a
// trace is long.
func (b Budget) firstRound(t *matrix.Trace) ([]matrix.Failure, []matrix.Trial) {
	failures := t.Failures[:clamp(b.Trials, len(t.Failures))]
	return failures, t.Trials[:clamp(b.Trials-len(failures), len(t.Trials))]
}

// clamp returns n, brought into 0 .. limit.
func clamp(n, limit int) int { return max(0, min(n, limit)) }

func inconclusive(s matrix.Scenario, trials []matrix.Trial) int {
	count := 0
	for i := range trials {
		if outcome, _ := weigh(s, &trials[i]); outcome == matrix.OutcomeInconclusive {
			count++
		}
	}
	return count
}
