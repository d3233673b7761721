package judge

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Outcome returns what a trial counts as: the outcome that it reports if that is
// proven, else inconclusive.
func Outcome(s matrix.Scenario, t *matrix.Trial) matrix.Outcome {
	outcome, _ := weigh(s, t)
	return outcome
}

// disputed returns the index of the first proven trial whose datagrams contradict
// its outcome; -1 if there is none.
func disputed(s matrix.Scenario, trials []matrix.Trial) int {
	return slices.IndexFunc(trials, func(t matrix.Trial) bool {
		return t.Wire != nil && t.Wire.Unread == "" && !t.Wire.Agrees && Outcome(s, &t) != matrix.OutcomeInconclusive
	})
}

// disputeReason says how the datagrams of a trial contradict its outcome. Either
// what the library reported or what it sent is wrong, and the judge cannot tell
// which, so nothing is known.
func disputeReason(t *matrix.Trial) string {
	why := oneLine(t.Wire.Why)
	if why == "" {
		why = "it does not say how"
	}
	return fmt.Sprintf("the capture disagrees with trial %d, which reports %s: %s", t.Trial, t.Outcome, why)
}

// unread says why the datagrams of a proven trial could not be read, for the first
// such trial; empty if there is none.
func unread(s matrix.Scenario, trials []matrix.Trial) string {
	for i := range trials {
		if w := trials[i].Wire; w != nil && w.Unread != "" && Outcome(s, &trials[i]) != matrix.OutcomeInconclusive {
			return oneLine(w.Unread)
		}
	}
	return ""
}

// frames returns the frames of the trial that shows the verdict: the disputed one,
// else the first leak, else the first clean trial whose datagrams were decoded.
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
