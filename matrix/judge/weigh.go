package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// nextUsed is the key of the proof that every clean trial must report as true: the
// connection on which nothing was seen to leak was used.
const nextUsed = "next_used"

// weigh returns what a trial counts as, which may differ from the outcome that it
// reports. If that is inconclusive, why is the end of a sentence that begins with a
// number of trials.
func weigh(s matrix.Scenario, t *matrix.Trial) (outcome matrix.Outcome, why string) {
	switch t.Outcome {
	case matrix.OutcomeLeak, matrix.OutcomeClean, matrix.OutcomeInconclusive:
	default:
		return matrix.OutcomeInconclusive, fmt.Sprintf("had the unknown outcome %q", t.Outcome)
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
	case t.Outcome == matrix.OutcomeLeak && !seenByPeer(t):
		return matrix.OutcomeInconclusive, "claimed a leak that the peer did not see"
	default:
		return t.Outcome, ""
	}
}

// missingProof returns the proof that a trial should have reported and did not, as
// key=value, sorted by key.
func missingProof(s matrix.Scenario, t *matrix.Trial) []string {
	var missing []string
	for _, key := range slices.Sorted(maps.Keys(s.Proof)) {
		if got, ok := t.Proof[key]; !ok || !same(s.Proof[key], got) {
			missing = append(missing, fmt.Sprintf("%s=%v", key, s.Proof[key]))
		}
	}
	// A leak need not have used the connection: it may have destroyed it.
	if t.Outcome == matrix.OutcomeClean && t.Proof[nextUsed] != true {
		missing = append(missing, nextUsed+"=true")
	}
	return missing
}

// seenByPeer reports whether the peer saw something, as it must for a leak.
func seenByPeer(t *matrix.Trial) bool {
	return slices.ContainsFunc(t.Saw, func(s matrix.Sighting) bool { return s.Side == matrix.SidePeer })
}

// same compares a value of matrix.yaml with a value of a trial's JSON. The two have
// different types of numbers.
func same(want, got any) bool { return reflect.DeepEqual(plain(want), plain(got)) }

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
