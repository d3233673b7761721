package grid

import (
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestUnshown checks that the cells of a scenario that always comes out alike say so, and
// that no other cells do.
func TestUnshown(t *testing.T) {
	row := func(version string, verdicts ...matrix.Verdict) matrix.RowResult {
		r := matrix.RowResult{ID: version, Source: matrix.SourceResult{Version: version}, State: matrix.StateOK}
		for i, v := range verdicts {
			r.Cells = append(r.Cells, matrix.Cell{Scenario: string(rune('a' + i)), Verdict: v})
		}
		return r
	}
	results := &matrix.Results{
		Words:     leaky,
		Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}, {Name: "c", Kind: matrix.KindWorkaround}, {Name: "d", Kind: matrix.KindControl}},
		Rows: []matrix.RowResult{
			row("v1.0.0", matrix.VerdictClean, matrix.VerdictLeak, matrix.VerdictLeak, matrix.VerdictClean),
			row("v1.1.0", matrix.VerdictClean, matrix.VerdictLeak, matrix.VerdictClean, matrix.VerdictClean),
			row("v1.2.0", matrix.VerdictUnsupported, matrix.VerdictFlaky, matrix.VerdictClean, matrix.VerdictClean),
		},
	}
	never := "a leaks in no row, so that nothing shows that it would see the defect: run a release that has it too"
	always := "b is clean in no row, so that the reason may be the reproduction: run a release without the defect too"
	g := New(results)
	for i, want := range [][]string{{never, always, "", ""}, {never, always, "", ""}, {"", always, "", ""}} {
		for j, c := range g.Rows[i].Cells {
			for _, text := range []string{never, always} {
				marked := slices.ContainsFunc(c.Notes, func(n int) bool { return g.Footnotes[n] == text })
				if marked != (want[j] == text) {
					t.Errorf("%s/%s: %q marked %v", g.Rows[i].ID, c.Scenario, text, marked)
				}
			}
		}
	}
	results.Scenarios[3].Kind = matrix.KindPlanted
	if g := New(results); slices.Contains(g.Footnotes, never) || slices.Contains(g.Footnotes, always) {
		t.Errorf("a planted scenario shows that leaks are seen: %q", g.Footnotes)
	}
}
