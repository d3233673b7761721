package judge

import (
	"math"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Budget is how many trials a cell may take.
type Budget struct {
	Trials int                // the most proven trials
	Settle *matrix.Sequential // when fewer are enough; nil for never

	// Sure is how many proven trials a cell takes that is clean, or leaks in every
	// trial, after those that Trials and Settle allow; 0 for no more.
	Sure int
}

// Whole returns the same budget without early settling.
func (b Budget) Whole() Budget { return Budget{Trials: b.Trials} }

// Apart returns the budget for the trials of a flaky cell that run with nothing else
// running: as many as the cell could take before two disagreed.
func (b Budget) Apart(s matrix.Scenario, t *matrix.Trace) Budget {
	if b.agree(s, t) {
		return Budget{Trials: max(b.Trials, b.Sure)}
	}
	return b.Whole()
}

// leastProven is the fewest proven trials that can settle a cell, whatever test the
// suite asks for.
const leastProven = 5

// least returns how many proven trials settle a cell if all of them agree: at most
// b.Trials, and b.Trials if there is no sequential test.
//
// A trial that agrees is more likely at the rate P0 than at P1, by the factor
// (1-P0)/(1-P1). Wald's test decides for P0 when the product of these factors
// reaches (1-Alpha)/Beta (Wald, Sequential Tests of Statistical Hypotheses, 1945).
func (b Budget) least() int {
	t := b.Settle
	if t == nil {
		return b.Trials
	}
	n := math.Ceil(math.Log((1-t.Alpha)/t.Beta) / (math.Log1p(-t.P0) - math.Log1p(-t.P1)))
	if !(n < float64(b.Trials)) { // false for the infinity of rates that hardly differ
		return b.Trials
	}
	return min(max(leastProven, int(n)), b.Trials)
}

// Wanted returns how many more trials a cell needs now: 0 if it is settled or its
// budget is used up. Call it again after they have run.
//
// It asks for as few batches as possible: while all trials agree, for as many as can
// settle the cell; after two disagree, for all that are left. The budget allows one
// more trial for each inconclusive one among its first b.Trials. Those repeats are
// not repeated, so that no cell takes more than twice its budget.
func Wanted(s matrix.Scenario, t *matrix.Trace, b Budget) int {
	if t == nil {
		t = &matrix.Trace{}
	}
	left := b.left(s, t)
	if hopeless(t) {
		return 0
	}
	if missing, _, ok := b.settling(s, t); ok {
		left = min(missing, left)
	}
	if left == 0 && b.agree(s, t) {
		proven := tallyOf(s, t.Trials).proven
		return max(0, min(b.Sure-proven, 2*b.Sure-len(t.Trials)))
	}
	return left
}

// agree reports whether a cell is clean, or leaks in every trial, without the trials
// that Sure adds.
func (b Budget) agree(s matrix.Scenario, t *matrix.Trace) bool {
	b.Sure = 0
	v := Cell(s, t, b).Verdict
	return v == matrix.VerdictClean || v == matrix.VerdictLeak
}

// hopeless reports whether the first trial says that no trial can prove anything,
// which is then true of all.
func hopeless(t *matrix.Trace) bool {
	return len(t.Trials) > 0 && t.Trials[0].Unsupported && t.Trials[0].Outcome == matrix.OutcomeInconclusive
}

// left returns how many more trials the budget allows for a cell, settled or not.
func (b Budget) left(s matrix.Scenario, t *matrix.Trace) int {
	attempts := len(t.Failures) + len(t.Trials)
	if attempts < b.Trials {
		return b.Trials - attempts
	}
	_, trials := b.firstRound(t)
	return max(0, b.Trials+inconclusive(s, trials)-attempts)
}

// within returns the part of a trace that counts: what would have run if Wanted had
// been called after each trial.
func (b Budget) within(s matrix.Scenario, t *matrix.Trace) ([]matrix.Failure, []matrix.Trial) {
	if t == nil {
		return nil, nil
	}
	failures, trials := b.bounded(s, t)
	if missing, taken, ok := b.settling(s, t); ok && missing == 0 {
		trials = trials[:taken]
	}
	if b.Sure > 0 && b.agree(s, t) {
		trials = t.Trials[:max(len(trials), b.reach(s, t))]
	}
	return failures, trials
}

// reach returns how many trials of a trace it takes to have b.Sure proven ones: all
// of them if there are fewer, and at most two for each.
func (b Budget) reach(s matrix.Scenario, t *matrix.Trace) int {
	proven, i := 0, 0
	for ; i < len(t.Trials) && i < 2*b.Sure && proven < b.Sure; i++ {
		if outcome, _ := weigh(s, &t.Trials[i]); outcome != matrix.OutcomeInconclusive {
			proven++
		}
	}
	return i
}

// settling returns how many more trials settle a cell if they agree with all others,
// and if that is 0, how many trials it took. ok is false if the cell cannot be
// settled early: because its trials disagree, and it takes all of them to say how
// often; because a process failed; or because there is no test.
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

// bounded returns the part of a trace that the budget allows: the first round, and a
// repeat of each inconclusive trial in it.
func (b Budget) bounded(s matrix.Scenario, t *matrix.Trace) ([]matrix.Failure, []matrix.Trial) {
	failures, trials := b.firstRound(t)
	if hopeless(t) {
		return failures, trials[:min(1, len(trials))]
	}
	repeats := inconclusive(s, trials)
	return failures, t.Trials[:min(len(trials)+repeats, len(t.Trials))]
}

// firstRound returns the first b.Trials attempts of a trace. A trace does not say
// between which trials a process failed, so failures count as the first attempts:
// that way a long trace hides none.
func (b Budget) firstRound(t *matrix.Trace) ([]matrix.Failure, []matrix.Trial) {
	failures := t.Failures[:clamp(b.Trials, len(t.Failures))]
	return failures, t.Trials[:clamp(b.Trials-len(failures), len(t.Trials))]
}

// clamp returns n limited to 0 .. limit.
func clamp(n, limit int) int { return max(0, min(n, limit)) }

// inconclusive counts the trials that count as inconclusive.
func inconclusive(s matrix.Scenario, trials []matrix.Trial) int {
	count := 0
	for i := range trials {
		if outcome, _ := weigh(s, &trials[i]); outcome == matrix.OutcomeInconclusive {
			count++
		}
	}
	return count
}
