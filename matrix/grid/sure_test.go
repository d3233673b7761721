package grid

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestCertainty says how sure a table is, and names the cells that fall short.
func TestCertainty(t *testing.T) {
	rows := sketch("v0.1.0 ·L LL·", "v0.2.0 ·L ···", "v0.2.0+fix ·L ···", "v0.3.0 ·L ···")
	for i := range rows {
		for k := range rows[i].Cells {
			rows[i].Cells[k].Trials = 736
		}
	}
	rows[0].Cells[0].Trials = 72  // a clean cell at no boundary
	rows[0].Cells[2].Trials = 735 // a leak at one
	rows[1].Cells[0].Trials = 71
	rows[2].Cells[0].Trials = 10 // with a patch
	results := &matrix.Results{Words: leaky, Scenarios: columns, Rows: rows}
	if got := New(results).Sure; len(got) > 0 {
		t.Errorf("of a run that was not asked to make sure: %q", got)
	}
	results.Sure = &matrix.Sure{Clean: matrix.Bound{Rate: 0.05, Trials: 72}, Edge: matrix.Bound{Rate: 0.005, Trials: 736}}
	want := []string{
		"clean cells without patches exclude that more than 5 % of their trials leak (0 of 72, or more); " +
			"in v0.3.0 and on both sides of each change, cells whose trials agree exclude that more than 0.5 % differ (0 of 736, or more)",
		"short of that are 2 cells, with fewer proven trials than it takes: v0.1.0/" + columns[2].Name + " (735 of 736) and v0.2.0/" + columns[0].Name + " (71 of 72)",
	}
	if diff := cmp.Diff(want, New(results).Sure); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// The same rows as a shard that another one follows: there is no newest release.
	results.Shard = &matrix.Shard{Index: 1, Of: 2, Plan: [][]string{{"v0.1.0", "v0.2.0", "v0.2.0+fix", "v0.3.0"}, {"v0.4.0", "v0.4.0+fix"}}}
	got := New(results).Sure
	if !strings.Contains(got[0], "; on both sides of each change") {
		t.Errorf("of a shard: %q", got)
	}
}
