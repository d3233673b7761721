package judge

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// Wanted returns how many further trials to run for a cell of which asked
// proven ones are wanted: at first as many as were asked for, then one more
// for each of these that was inconclusive. Repeats are not repeated, so that
// a cell that cannot be proven ends after twice the trials at most.
func Wanted(s matrix.Scenario, t *matrix.Trace, asked int) int {
	if t == nil {
		return max(0, asked)
	}
	attempts := len(t.Failures) + len(t.Trials)
	if attempts < asked {
		return asked - attempts
	}
	_, trials := firstRound(t, asked)
	return max(0, asked+inconclusive(s, trials)-attempts)
}

// within returns the attempts of a trace that count when asked proven trials
// are wanted.
func within(s matrix.Scenario, t *matrix.Trace, asked int) ([]matrix.Failure, []matrix.Trial) {
	if t == nil {
		return nil, nil
	}
	failures, trials := firstRound(t, asked)
	repeats := inconclusive(s, trials)
	return failures, t.Trials[:min(len(trials)+repeats, len(t.Trials))]
}

// firstRound returns the first asked attempts of a trace. It does not tell
// where among the trials a process failed, and so failures are taken to have
// come first: none is ever overlooked because a trace is long.
func firstRound(t *matrix.Trace, asked int) ([]matrix.Failure, []matrix.Trial) {
	failures := t.Failures[:clamp(asked, len(t.Failures))]
	return failures, t.Trials[:clamp(asked-len(failures), len(t.Trials))]
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
