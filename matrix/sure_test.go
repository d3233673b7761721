package matrix_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// column returns the rows of a table with one scenario, from words such as
// "v1.0.0=clean". A row with no verdict has no cell.
func column(words string) []matrix.RowResult {
	var rows []matrix.RowResult
	for word := range strings.FieldsSeq(words) {
		id, verdict, _ := strings.Cut(word, "=")
		parsed := matrix.ParseRowID(id)
		row := matrix.RowResult{ID: id, Source: matrix.SourceResult{Version: parsed.Version}}
		for _, p := range parsed.Patches {
			row.Patches = append(row.Patches, matrix.Applied{Name: p})
		}
		if verdict != "" {
			row.Cells = []matrix.Cell{{Scenario: "a", Verdict: matrix.Verdict(verdict)}}
		}
		rows = append(rows, row)
	}
	return rows
}

// TestEdges checks which cells are at an edge, and how many trials each cell takes.
func TestEdges(t *testing.T) {
	sure := matrix.Sure{Clean: matrix.Bound{Trials: 72}, Edge: matrix.Bound{Trials: 736}}
	for _, test := range []struct{ name, rows, elsewhere, edges, wanted string }{
		{"nothing", "", "", "", ""},
		{"the newest", "v1.0.0=clean v1.1.0=clean", "", "v1.1.0", "v1.0.0=72 v1.1.0=736"},
		{"the newest leaks", "v1.0.0=leak v1.1.0=leak", "", "v1.1.0", "v1.1.0=736"},
		{"not a pre-release", "v1.0.0=clean v1.1.0=clean v1.2.0-rc.1=clean", "", "v1.1.0", "v1.0.0=72 v1.1.0=736 v1.2.0-rc.1=72"},
		{"pre-releases alone", "v1.2.0-rc.1=clean v1.2.0-rc.2=clean", "", "v1.2.0-rc.2", "v1.2.0-rc.1=72 v1.2.0-rc.2=736"},
		{"a boundary", "v1.0.0=leak v1.1.0=leak v1.2.0=clean v1.3.0=clean v1.4.0=clean", "", "v1.1.0 v1.2.0 v1.4.0",
			"v1.1.0=736 v1.2.0=736 v1.3.0=72 v1.4.0=736"},
		{"in the order of versions", "v1.10.0=clean v1.9.0=clean v1.2.0=leak", "", "v1.2.0 v1.9.0 v1.10.0", "v1.2.0=736 v1.9.0=736 v1.10.0=736"},
		{"unknown on one side", "v1.0.0=vacuous v1.1.0=leak v1.2.0=leak", "", "v1.0.0 v1.1.0 v1.2.0", "v1.1.0=736 v1.2.0=736"},
		{"flaky on one side", "v1.0.0=flaky v1.1.0=clean", "", "v1.0.0 v1.1.0", "v1.1.0=736"},
		{"a release without cells", "v1.0.0=leak v1.1.0 v1.2.0=clean v1.3.0 v1.4.0=clean", "", "v1.0.0 v1.2.0 v1.4.0", "v1.0.0=736 v1.2.0=736 v1.4.0=736"},
		{"the newest without cells", "v1.0.0=clean v1.1.0", "", "", "v1.0.0=72"},
		{"patches do not count", "v1.0.0=clean v1.0.0+fix=leak v1.1.0=clean v1.1.0+fix=clean", "", "v1.1.0", "v1.0.0=72 v1.1.0=736"},
		{"the middle of three shards", "v1.2.0=clean v1.3.0=clean v1.4.0=clean", "v1.1.0 v1.5.0", "v1.2.0 v1.4.0", "v1.2.0=736 v1.3.0=72 v1.4.0=736"},
		{"a shard with a hole at its edge", "v1.2.0=clean v1.3.0=clean v1.4.0", "v1.5.0", "v1.3.0", "v1.2.0=72 v1.3.0=736"},
		{"a shard of pre-releases comes last", "v1.2.0=clean v1.3.0=clean v1.4.0-rc.1=clean", "v1.4.0-rc.2", "v1.3.0 v1.4.0-rc.1", "v1.2.0=72 v1.3.0=736 v1.4.0-rc.1=736"},
	} {
		rows, elsewhere := column(test.rows), strings.Fields(test.elsewhere)
		edges := matrix.Edges(rows, elsewhere)
		wanted := sure.Wanted(rows, elsewhere)
		var at, counts []string
		for _, row := range matrix.ByVersion(rows) {
			place := matrix.Place{Row: row.ID, Scenario: "a"}
			if edges[place] {
				at = append(at, row.ID)
			}
			if n := wanted[place]; n > 0 {
				counts = append(counts, fmt.Sprintf("%s=%d", row.ID, n))
			}
		}
		if !slices.Equal(at, strings.Fields(test.edges)) || len(edges) != len(at) {
			t.Errorf("%s: at an edge are %v, want %s", test.name, edges, test.edges)
		}
		if !slices.Equal(counts, strings.Fields(test.wanted)) {
			t.Errorf("%s: wanted are %v, want %s", test.name, counts, test.wanted)
		}
	}
}
