package judge

import (
	"fmt"

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
func (w weighed) disputed() int {
	return w.find(func(_ counted, t *matrix.Trial) bool {
		return t.Wire != nil && t.Wire.Unread == "" && !t.Wire.Agrees
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
func (w weighed) unread() string {
	i := w.find(func(_ counted, t *matrix.Trial) bool { return t.Wire != nil && t.Wire.Unread != "" })
	if i < 0 {
		return ""
	}
	return oneLine(w.trials[i].Wire.Unread)
}

// frames returns the frames of the trial that shows the verdict: the disputed one,
// else the first leak, else the first clean trial whose datagrams were decoded.
func (w weighed) frames() []matrix.WireFrame {
	i := w.disputed()
	if i < 0 {
		i = w.find(func(c counted, _ *matrix.Trial) bool { return c.outcome == matrix.OutcomeLeak })
	}
	if i < 0 {
		i = w.find(func(_ counted, t *matrix.Trial) bool { return t.Wire != nil })
	}
	if i < 0 || w.trials[i].Wire == nil {
		return nil
	}
	return w.trials[i].Wire.Frames
}
