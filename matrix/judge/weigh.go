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

// nextUsed is the value that a trial must report to count as clean: that the
// connection on which nothing was seen to leak was really used.
const nextUsed = "next_used"

// weigh says what a trial counts for, whatever it says of itself. Where that
// is nothing, why says what was wanting, as the end of a sentence that begins
// with a number of trials.
func weigh(s matrix.Scenario, t *matrix.Trial) (outcome matrix.Outcome, why string) {
	switch t.Outcome {
	case matrix.OutcomeLeak, matrix.OutcomeClean, matrix.OutcomeInconclusive:
	default:
		return matrix.OutcomeInconclusive, fmt.Sprintf("had the unknown outcome %q", t.Outcome)
	}
	if missing := lacking(s, t); len(missing) > 0 {
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

// lacking lists the proof that a trial owes, as key=value, by key.
func lacking(s matrix.Scenario, t *matrix.Trial) []string {
	var missing []string
	for _, key := range slices.Sorted(maps.Keys(s.Proof)) {
		if got, ok := t.Proof[key]; !ok || !same(s.Proof[key], got) {
			missing = append(missing, fmt.Sprintf("%s=%v", key, s.Proof[key]))
		}
	}
	// A leak needs no used connection: it may be what destroyed it.
	if t.Outcome == matrix.OutcomeClean && t.Proof[nextUsed] != true {
		missing = append(missing, nextUsed+"=true")
	}
	return missing
}

// seenByPeer reports whether the one side that can testify to a leak does.
func seenByPeer(t *matrix.Trial) bool {
	return slices.ContainsFunc(t.Saw, func(s matrix.Sighting) bool { return s.Side == matrix.SidePeer })
}

// same compares a value of matrix.yaml with one of a trial's JSON, which know
// different types of numbers.
func same(want, got any) bool { return reflect.DeepEqual(plain(want), plain(got)) }

// plain brings a value of either kind to the types that encoding/json decodes
// into. A value that JSON cannot hold stays as it is and equals nothing.
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
