package matrix

import (
	"strings"
	"testing"
)

// gridOf returns a table with a row for each ID, whose only cell is clean if the
// version ends in .0 and leaks otherwise.
func gridOf(ids ...string) *Grid {
	g := new(Grid)
	for _, id := range ids {
		made := ParseRowID(id)
		row := GridRow{RowResult: RowResult{ID: id, Source: SourceResult{Version: made.Version}}}
		for _, name := range made.Patches {
			row.Patches = append(row.Patches, Applied{Name: name})
		}
		cell := Cell{Verdict: VerdictLeak}
		if strings.HasSuffix(made.Version, ".0") {
			cell.Verdict = VerdictClean
		}
		row.Cells = []GridCell{{Cell: cell}}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func TestGridRows(t *testing.T) {
	g := gridOf("v1.0.0", "v1.0.0+a", "v1.0.0+b", "v1.9.0", "v1.10.0")
	if row := g.Row("v1.0.0+b"); row != &g.Rows[2] {
		t.Errorf("Row returned %v", row)
	}
	if row := g.Row("v1.0.1"); row != nil {
		t.Errorf("Row returned %v for an ID that the table does not have", row)
	}
	if n := g.Patched(); n != 2 {
		t.Errorf("%d rows have patches, want 2", n)
	}
	var ids []string
	for _, row := range g.NewestFirst() {
		ids = append(ids, row.ID)
	}
	if got, want := strings.Join(ids, " "), "v1.10.0 v1.9.0 v1.0.0 v1.0.0+a v1.0.0+b"; got != want || g.Rows[0].ID != "v1.0.0" {
		t.Errorf("newest first: %s, want %s, and the table unchanged", got, want)
	}
}

func TestGridAny(t *testing.T) {
	leaks := func(c GridCell) bool { return c.Verdict.Leaks() }
	if gridOf().Any(leaks) || gridOf("v1.0.0", "v1.1.0").Any(leaks) || !gridOf("v1.0.0", "v1.0.1").Any(leaks) {
		t.Error("Any must be true if and only if a cell leaks")
	}
}

func TestMissing(t *testing.T) {
	for state, want := range map[State]string{"": "not run", StateOK: "not run", StateBuildFailed: "build-failed"} {
		if got := state.Missing(); got != want {
			t.Errorf("%q: got %q, want %q", state, got, want)
		}
	}
}

func TestGridExit(t *testing.T) {
	one := []Finding{{Row: "v1.0.0"}}
	for want, g := range map[int]*Grid{ExitOK: {}, ExitDiffers: {Differences: one}, ExitUnknown: {Differences: one, Unknown: one}} {
		if got := g.Exit(); got != want {
			t.Errorf("exit status %d, want %d", got, want)
		}
	}
}
