package matrix_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestKeepEnds holds that evidence stays with the rows that an interval begins
// or ends with, patched rows by intervals of their own.
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
