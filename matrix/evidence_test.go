package matrix_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestKeepEnds checks that evidence stays in rows with which an interval begins or
// ends; patched rows have their own intervals.
func TestKeepEnds(t *testing.T) {
	row := func(version string, patches ...matrix.Applied) matrix.RowResult {
		return matrix.RowResult{
			Source:  matrix.SourceResult{Version: version},
			Patches: patches,
			Cells:   []matrix.Cell{{Scenario: "some", Evidence: []string{"x"}}},
		}
	}
	fix := matrix.Applied{Name: "fix"}
	r := &matrix.Results{
		Rows: []matrix.RowResult{row("v1.0.0"), row("v1.1.0"), row("v1.1.0", fix), row("v1.2.0"), row("v1.2.0", fix), row("v1.3.0"), row("v1.3.0", fix)},
		Intervals: []matrix.Interval{
			{Scenario: "some", Ranges: []matrix.Range{{From: "v1.0.0", To: "v1.2.0"}, {From: "v1.3.0", To: "v1.3.0"}}},
			{Scenario: "some", Patches: []string{"fix"}, Ranges: []matrix.Range{{From: "v1.1.0", To: "v1.3.0"}}},
		},
	}
	r.KeepEnds()
	var kept []bool
	for _, row := range r.Rows {
		kept = append(kept, len(row.Cells[0].Evidence) > 0)
	}
	if diff := cmp.Diff([]bool{true, false, true, true, false, true, true}, kept); diff != "" {
		t.Error(diff)
	}
}

// TestWants checks which verdicts each mode wants evidence of, and by which outcome.
func TestWants(t *testing.T) {
	for _, test := range []struct {
		mode    matrix.EvidenceMode
		verdict matrix.Verdict
		patched bool
		outcome matrix.Outcome
		wanted  bool
	}{
		{matrix.EvidenceNone, matrix.VerdictLeak, false, matrix.OutcomeLeak, false},
		{matrix.EvidenceLeaks, matrix.VerdictFlaky, true, matrix.OutcomeLeak, true},
		{matrix.EvidenceLeaks, matrix.VerdictClean, false, matrix.OutcomeClean, false},
		{matrix.EvidenceEnds, matrix.VerdictClean, false, matrix.OutcomeClean, true},
		{matrix.EvidenceEnds, matrix.VerdictClean, true, matrix.OutcomeClean, false},
		{matrix.EvidenceEnds, matrix.VerdictLeak, true, matrix.OutcomeLeak, true},
		{matrix.EvidenceAll, matrix.VerdictClean, true, matrix.OutcomeClean, true},
		{matrix.EvidenceAll, matrix.VerdictVacuous, false, "", false},
	} {
		outcome, wanted := test.mode.Wants(test.verdict, test.patched)
		if wanted != test.wanted || outcome != test.outcome {
			t.Errorf("%s, %s, patched %t: got %q, %t", test.mode, test.verdict, test.patched, outcome, wanted)
		}
	}
}
