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
	const leak, clean, flaky, failed, vacuous, unsupported = matrix.VerdictLeak, matrix.VerdictClean, matrix.VerdictFlaky, matrix.VerdictError, matrix.VerdictVacuous, matrix.VerdictUnsupported
	for name, test := range map[string]struct {
		was, is     *matrix.RowResult
		differences []string
		unknown     string
	}{
		"same":           {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateOK, leak, clean)},
		"flaky":          {was: row(matrix.StateOK, flaky, flaky), is: row(matrix.StateOK, leak, clean)},
		"no cell":        {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateOK, leak), unknown: "b was good, and was not tried again (not run)"},
		"not built":      {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateBuildFailed), unknown: "a was bad, and was not tried again (build-failed)"},
		"nothing to do":  {was: row(matrix.StateOK), is: row(matrix.StateOK, leak), unknown: "no verdict of it was published"},
		"not known":      {was: row(matrix.StateOK, flaky), is: row(matrix.StateOK, failed), unknown: "a is error: it crashed"},
		"failed twice":   {was: row(matrix.StateOK, failed), is: row(matrix.StateOK, failed), unknown: "a is error: it crashed"},
		"no proof twice": {was: row(matrix.StateOK, leak, vacuous), is: row(matrix.StateOK, leak, vacuous)},
		"no proof now":   {was: row(matrix.StateOK, leak, clean), is: row(matrix.StateOK, leak, vacuous), unknown: "b is not shown: it crashed"},
		"unsupported":    {was: row(matrix.StateOK, unsupported), is: row(matrix.StateOK, unsupported)},
		"no longer":      {was: row(matrix.StateOK, leak), is: row(matrix.StateOK, unsupported), unknown: "a is unsupported: it crashed"},
		"now known":      {was: row(matrix.StateOK, failed), is: row(matrix.StateOK, leak), differences: []string{"a was error, and is bad (0 of 10 trials)"}},
		"both":           {was: row(matrix.StateOK, clean, clean), is: row(matrix.StateOK, leak), differences: []string{"a was good, and is bad (0 of 10 trials)"}, unknown: "b was good, and was not tried again (not run)"},
	} {
		differences, unknown := verifies.Verdicts(test.was, test.is, matrix.Words{}.Complete())
		if !slices.Equal(differences, test.differences) || unknown != test.unknown {
			t.Errorf("%s: %q, %q; want %q, %q", name, differences, unknown, test.differences, test.unknown)
		}
	}
}

// TestCompare checks what counts as the same build.
func TestCompare(t *testing.T) {
	built := matrix.RowResult{State: matrix.StateOK, Binary: "sha256:1", Toolchain: "go1.20", Adapter: "old"}
	other := built
	other.Binary, other.GoLine, other.Swap = "sha256:2", matrix.GoLine{Own: "1.20", Row: "1.24"}, matrix.Swap{From: "a", To: "b"}
	failed := func(state matrix.State, why string) matrix.RowResult {
		return matrix.RowResult{State: state, Reason: why}
	}
	for name, test := range map[string]struct {
		was, is     matrix.RowResult
		differences []string
		unknown     string
	}{
		"same": {was: built, is: built},
		"other": {was: built, is: other, differences: []string{
			"its binary was sha256:1, and is sha256:2", "its go line was none, and is 1.24 in place of 1.20",
			"the package that it gets in place of another was none, and is b in place of a",
		}},
		"same failure":  {was: failed(matrix.StateBuildFailed, "a.go:1: no x\nmore"), is: failed(matrix.StateBuildFailed, "a.go:1: no x\nless")},
		"same conflict": {was: failed(matrix.StatePatchConflict, "a.go"), is: failed(matrix.StatePatchConflict, "a.go")},
		"another failure": {was: failed(matrix.StateBuildFailed, "a.go:1: no x"), is: failed(matrix.StateBuildFailed, "no C compiler"),
			unknown: `its state is build-failed again, for another reason: it was "a.go:1: no x", and is "no C compiler"`},
		"another conflict": {was: failed(matrix.StatePatchConflict, "a.go"), is: failed(matrix.StatePatchConflict, "b.go"),
			unknown: `its state is patch-conflict again, for another reason: it was "a.go", and is "b.go"`},
		"built no more": {was: built, is: failed(matrix.StateBuildFailed, "no x"), differences: []string{"its state was ok, and is build-failed (no x)"}},
	} {
		differences, unknown := verifies.Compare(&test.was, &test.is)
		if !slices.Equal(differences, test.differences) || unknown != test.unknown {
			t.Errorf("%s: %q, %q; want %q, %q", name, differences, unknown, test.differences, test.unknown)
		}
	}
}
