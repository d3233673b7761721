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

// weigh weighs as many trials of a trace as the budget can take, which is twice its number,
// since inconclusive trials are repeated. A run with a larger budget may have left many more.
func (b Budget) weigh(s matrix.Scenario, t *matrix.Trace) weighed {
	return weighAll(s, t, 2*max(b.Trials, b.Sure))
}

// Apart returns the budget for the trials of a flaky cell that run with nothing else
// running: as many as the cell could take before two disagreed.
func (b Budget) Apart(s matrix.Scenario, t *matrix.Trace) Budget {
	return b.apart(b.weigh(s, t))
}

// apart is Apart for trials that were weighed.
func (b Budget) apart(w weighed) Budget {
	if b.agree(w) {
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
	w := b.weigh(s, t)
	left := b.left(w)
	if w.hopeless() {
		return 0
	}
	if missing, _, ok := b.settling(w); ok {
		left = min(missing, left)
	}
	if left == 0 && b.Sure > 0 && b.agree(w) {
		return max(0, min(b.Sure-w.tally().proven, 2*b.Sure-len(w.trials)))
	}
	return left
}

// agree reports whether a cell is clean, or leaks in every trial, without the trials
// that Sure adds.
func (b Budget) agree(w weighed) bool {
	b.Sure = 0
	w = b.within(w)
	v, _ := w.verdict(w.tally(), b.least())
	return v == matrix.VerdictClean || v == matrix.VerdictLeak
}

// hopeless reports whether the first trial says that no trial can prove anything,
// which is then true of all.
func (w weighed) hopeless() bool {
	return len(w.trials) > 0 && w.trials[0].Unsupported && w.trials[0].Outcome == matrix.OutcomeInconclusive
}

// left returns how many more trials the budget allows for a cell, settled or not.
func (b Budget) left(w weighed) int {
	attempts := len(w.failures) + len(w.trials)
	if attempts < b.Trials {
		return b.Trials - attempts
	}
	return max(0, b.Trials+b.firstRound(w).inconclusive()-attempts)
}

// within returns the part of a trace that counts: what would have run if Wanted had
// been called after each trial.
func (b Budget) within(all weighed) weighed {
	w := b.bounded(all)
	if missing, taken, ok := b.settling(all); ok && missing == 0 {
		w = w.first(len(w.failures), taken)
	}
	if b.Sure > 0 && b.agree(all) {
		w = all.first(len(w.failures), max(len(w.trials), b.reach(all)))
	}
	return w
}

// reach returns how many trials of a trace it takes to have b.Sure proven ones: all
// of them if there are fewer, and at most two for each.
func (b Budget) reach(w weighed) int {
	proven, i := 0, 0
	for ; i < len(w.trials) && i < 2*b.Sure && proven < b.Sure; i++ {
		if w.counts[i].outcome != matrix.OutcomeInconclusive {
			proven++
		}
	}
	return i
}

// settling returns how many more trials settle a cell if they agree with all others,
// and if that is 0, how many trials it took. ok is false if the cell cannot be
// settled early: because its trials disagree, and it takes all of them to say how
// often; because a process failed; or because there is no test.
func (b Budget) settling(all weighed) (missing, taken int, ok bool) {
	w := b.bounded(all)
	if b.Settle == nil || len(w.failures) > 0 {
		return 0, 0, false
	}
	var first matrix.Outcome
	missing = b.least()
	for ; missing > 0 && taken < len(w.trials); taken++ {
		outcome := w.counts[taken].outcome
		if outcome == matrix.OutcomeInconclusive {
			continue
		}
		if first != "" && outcome != first {
			return 0, 0, false
		}
		first = outcome
		missing--
	}
	return missing, taken, true
}

// bounded returns the part of a trace that the budget allows: the first round, and a
// repeat of each inconclusive trial in it.
func (b Budget) bounded(all weighed) weighed {
	w := b.firstRound(all)
	if all.hopeless() {
		return w.first(len(w.failures), 1)
	}
	return all.first(len(w.failures), len(w.trials)+w.inconclusive())
}

// firstRound returns the first b.Trials attempts of a trace. A trace does not say
// between which trials a process failed, so failures count as the first attempts:
// that way a long trace hides none.
func (b Budget) firstRound(all weighed) weighed {
	failures := clamp(b.Trials, len(all.failures))
	return all.first(failures, b.Trials-failures)
}
