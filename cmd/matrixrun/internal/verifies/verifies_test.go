package verifies_test

import (
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/verifies"
	"github.com/matrixrun/matrixrun/matrix"
)

// row returns a row whose cells have these verdicts, for the scenarios a, b and so on.
func row(state matrix.State, verdicts ...matrix.Verdict) *matrix.RowResult {
	r := &matrix.RowResult{ID: "v1.0.0", State: state}
	for i, v := range verdicts {
		r.Cells = append(r.Cells, matrix.Cell{Scenario: string(rune('a' + i)), Verdict: v, Trials: 10, Reason: "it crashed"})
	}
	return r
}

// TestVerdicts checks that only verdicts that were found out again count as the same.
func TestVerdicts(t *testing.T) {
	const leak, clean, flaky, failed = matrix.VerdictLeak, matrix.VerdictClean, matrix.VerdictFlaky, matrix.VerdictError
	for name, test := range map[string]struct {
		was, is     *matrix.RowResult
		differences []string
		unknown     string
	}{
		"same":          {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateOK, leak, clean)},
		"flaky":         {was: row(matrix.StateOK, flaky, flaky), is: row(matrix.StateOK, leak, clean)},
		"no cell":       {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateOK, leak), unknown: "b was good, and was not tried again (not run)"},
		"not built":     {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateBuildFailed), unknown: "a was bad, and was not tried again (build-failed)"},
		"nothing to do": {was: row(matrix.StateOK), is: row(matrix.StateOK, leak), unknown: "no verdict of it was published"},
		"not known":     {was: row(matrix.StateOK, flaky), is: row(matrix.StateOK, failed), unknown: "a is error: it crashed"},
		"both":          {was: row(matrix.StateOK, clean, clean), is: row(matrix.StateOK, leak), differences: []string{"a was good, and is bad (0 of 10 trials)"}, unknown: "b was good, and was not tried again (not run)"},
	} {
		differences, unknown := verifies.Verdicts(test.was, test.is, matrix.Words{}.Complete())
		if !slices.Equal(differences, test.differences) || unknown != test.unknown {
			t.Errorf("%s: %q, %q; want %q, %q", name, differences, unknown, test.differences, test.unknown)
		}
	}
}
