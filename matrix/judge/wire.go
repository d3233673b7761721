package judge

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Outcome says what a trial counts for, whatever it says of itself: a leak or a
// clean trial only where it is proven, else an inconclusive one.
func Outcome(s matrix.Scenario, t *matrix.Trial) matrix.Outcome {
	outcome, _ := weigh(s, t)
	return outcome
}

// disputed returns the first proven trial that the capture of its datagrams
// contradicts; -1 where there is none. A trial that counts for nothing has
// nothing to contradict, and one without a capture is not disputed.
func disputed(s matrix.Scenario, trials []matrix.Trial) int {
	return slices.IndexFunc(trials, func(t matrix.Trial) bool {
		return t.Wire != nil && t.Wire.Unread == "" && !t.Wire.Agrees && Outcome(s, &t) != matrix.OutcomeInconclusive
	})
}

// dispute says how a capture contradicts its trial. What a library says of
// itself and what it sent cannot both be true, and it is not for a judge to
// choose: nothing is found out then.
func dispute(t *matrix.Trial) string {
	why := oneLine(t.Wire.Why)
	if why == "" {
		why = "it does not say how"
	}
	return fmt.Sprintf("the capture disagrees with trial %d, which reports %s: %s", t.Trial, t.Outcome, why)
}

// unread says why the datagrams of the first proven trial of which they say
// nothing could not be read; empty where all could, or where nobody looks.
func unread(s matrix.Scenario, trials []matrix.Trial) string {
	for i := range trials {
		if w := trials[i].Wire; w != nil && w.Unread != "" && Outcome(s, &trials[i]) != matrix.OutcomeInconclusive {
			return oneLine(w.Unread)
		}
	}
	return ""
}

// frames picks the frames of the trial that decided the verdict: the one that
// is disputed, else the first that leaked, else the first that is proven and
// was captured.
func frames(s matrix.Scenario, trials []matrix.Trial) []matrix.WireFrame {
	i := disputed(s, trials)
	for _, want := range []matrix.Outcome{matrix.OutcomeLeak, matrix.OutcomeClean} {
		if i < 0 {
			i = slices.IndexFunc(trials, func(t matrix.Trial) bool {
				return Outcome(s, &t) == want && (want == matrix.OutcomeLeak || t.Wire != nil)
			})
		}
	}
	if i < 0 || trials[i].Wire == nil {
		return nil
	}
	return trials[i].Wire.Frames
}
