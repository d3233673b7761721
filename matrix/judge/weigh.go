package judge

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A weighed is a part of a trace, with what each trial counts as. Several rules need that, and
// finding it out takes most of the time of judging.
type weighed struct {
	failures []matrix.Failure
	trials   []matrix.Trial
	counts   []counted // of each trial
}

// A counted is what a trial counts as. For an inconclusive trial, why ends a sentence that
// begins with the number of trials.
type counted struct {
	outcome matrix.Outcome
	why     string
}

// weighAll weighs at most the first most trials of a trace. A nil trace has none.
func weighAll(s matrix.Scenario, t *matrix.Trace, most int) weighed {
	if t == nil {
		return weighed{}
	}
	trials := t.Trials[:min(most, len(t.Trials))]
	w := weighed{t.Failures, trials, make([]counted, len(trials))}
	for i := range trials {
		w.counts[i].outcome, w.counts[i].why = weigh(s, &trials[i])
	}
	return w
}

// first returns at most the given numbers of the first failures and trials.
func (w weighed) first(failures, trials int) weighed {
	failures, trials = clamp(failures, len(w.failures)), clamp(trials, len(w.trials))
	return weighed{w.failures[:failures], w.trials[:trials], w.counts[:trials]}
}

// and returns the failures and trials of w followed by those of more.
func (w weighed) and(more weighed) weighed {
	return weighed{slices.Concat(w.failures, more.failures), slices.Concat(w.trials, more.trials), slices.Concat(w.counts, more.counts)}
}

// inconclusive counts the trials that count as inconclusive.
func (w weighed) inconclusive() (n int) {
	for _, c := range w.counts {
		if c.outcome == matrix.OutcomeInconclusive {
			n++
		}
	}
	return n
}

// find returns the index of the first proven trial for which ok holds, or -1.
func (w weighed) find(ok func(counted, *matrix.Trial) bool) int {
	for i, c := range w.counts {
		if c.outcome != matrix.OutcomeInconclusive && ok(c, &w.trials[i]) {
			return i
		}
	}
	return -1
}

// clamp returns n limited to 0 .. limit.
func clamp(n, limit int) int { return max(0, min(n, limit)) }

// weigh returns what a trial counts as, which may differ from the outcome that it
// reports, and why; see counted.
func weigh(s matrix.Scenario, t *matrix.Trial) (outcome matrix.Outcome, why string) {
	switch t.Outcome {
	case matrix.OutcomeLeak, matrix.OutcomeClean, matrix.OutcomeInconclusive:
	default:
		return matrix.OutcomeInconclusive, fmt.Sprintf("had the unknown outcome %q", t.Outcome)
	}
	if t.Observed != "" && t.Outcome == matrix.OutcomeInconclusive {
		return t.Outcome, "proved nothing"
	}
	if t.Observed != "" {
		return t.Outcome, ""
	}
	if missing := missingProof(s, t); len(missing) > 0 {
		return matrix.OutcomeInconclusive, "lacked " + strings.Join(missing, ", ")
	}
	switch {
	case t.Outcome == matrix.OutcomeInconclusive:
		return matrix.OutcomeInconclusive, "proved nothing"
	case t.Outcome == matrix.OutcomeLeak && !seenBy(s.Seen, t):
		return matrix.OutcomeInconclusive, fmt.Sprintf("claimed what the %s did not see", s.Seen)
	default:
		return t.Outcome, ""
	}
}

// missingProof returns the proof that a trial should have reported and did not, as
// key=value: first what any trial of the scenario needs, then what a clean one needs,
// both sorted by key. A clean trial needs some proof even if the suite asks for none in
// particular: a reproduction that does nothing must not pass for a clean one.
func missingProof(s matrix.Scenario, t *matrix.Trial) []string {
	missing := missingOf(s.Proof, t)
	if t.Outcome != matrix.OutcomeClean {
		return missing
	}
	if len(s.Proof)+len(s.Clean)+len(t.Proof) == 0 {
		return []string{"any proof"}
	}
	return append(missing, missingOf(s.Clean, t)...)
}

// missingOf returns those of the wanted values that a trial did not report, sorted by key.
// Nearly all trials report every one, so only what is missing is sorted.
func missingOf(want map[string]any, t *matrix.Trial) (missing []string) {
	for key, value := range want {
		if got, ok := t.Proof[key]; !ok || !same(value, got) {
			missing = append(missing, key)
		}
	}
	slices.Sort(missing)
	for i, key := range missing {
		missing[i] = fmt.Sprintf("%s=%v", key, want[key])
	}
	return missing
}

// seenBy reports whether a side of a trial saw something. It is true without a side.
func seenBy(side string, t *matrix.Trial) bool {
	return side == "" || slices.ContainsFunc(t.Saw, func(s matrix.Sighting) bool { return s.Side == side })
}

// same compares a value of matrix.yaml with a value of a trial's JSON. The two have
// different types of numbers.
func same(want, got any) bool {
	switch want.(type) {
	case bool, string: // the usual types, without reflection
		return want == got
	}
	return reflect.DeepEqual(plain(want), plain(got))
}

// plain converts a value to the types that encoding/json decodes into. It returns a
// value that JSON does not have unchanged, which then equals nothing.
func plain(v any) any {
	switch v.(type) {
	case nil, bool, string, float64:
		return v
	}
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var decoded any
	if json.Unmarshal(text, &decoded) != nil {
		return v
	}
	return decoded
}
