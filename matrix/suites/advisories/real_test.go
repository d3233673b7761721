package advisories

import (
	"maps"
	"runtime"
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// realReleases are releases that compile with the local toolchain, with the scenarios that
// leak in them. All others are clean. Each probe but ack-behind-finished, which needs
// another toolchain, leaks in one of them.
var realReleases = map[string][]string{
	"v0.40.0": {"path-challenges", "path-challenges-client", "retired-ids", "retired-ids-client", "icmp", "early-done", "request-headers", "response-headers"},
	"v0.50.0": {"lost-probe", "early-done", "request-headers", "response-headers", "response-trailers"},
	"v0.59.0": {"request-trailers", "response-trailers"},
	"v0.65.0": nil,
}

// TestRealReleases attacks real releases, which come through the module proxy.
func TestRealReleases(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds real releases, which come through the module proxy")
	}
	suite, err := spec.Load(Files, "advisories")
	if err != nil {
		t.Fatal(err)
	}
	todo, err := plan.New(suite, plan.Selection{Only: slices.Sorted(maps.Keys(realReleases))})
	if err != nil {
		t.Fatal(err)
	}
	for i := range todo.Rows {
		todo.Rows[i].Toolchain = "" // the local one
	}
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	results, err := sweep.New(suite, todo, store, sweep.Options{Trials: 1, Jobs: 2}, func(matrix.Event) {}).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Rows) != len(realReleases) {
		t.Fatalf("%d rows, want %d", len(results.Rows), len(realReleases))
	}
	for _, row := range results.Rows {
		if row.State != matrix.StateOK || len(row.Cells) != len(suite.Scenarios) {
			t.Errorf("%s is %s, with %d cells: %s", row.ID, row.State, len(row.Cells), row.Reason)
		}
		for _, c := range row.Cells {
			want := matrix.VerdictClean
			switch {
			case c.Scenario == "planted" || slices.Contains(realReleases[row.ID], c.Scenario):
				want = matrix.VerdictLeak
			case c.Scenario == "icmp" && runtime.GOOS != "linux":
				want = matrix.VerdictUnsupported
			}
			if c.Verdict != want {
				t.Errorf("%s: %s is %s, want %s: %s", row.ID, c.Scenario, c.Verdict, want, c.Reason)
			}
		}
	}
}
