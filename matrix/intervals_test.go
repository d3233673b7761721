package matrix_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// measured makes a row with one cell, of the scenario "some". A word that is no
// verdict is the row's state.
func measured(id, word string) matrix.RowResult {
	made := matrix.ParseRowID(id)
	row := matrix.RowResult{ID: id, Source: matrix.SourceResult{Version: made.Version}, State: matrix.StateOK}
	for _, name := range made.Patches {
		row.Patches = append(row.Patches, matrix.Applied{Name: name})
	}
	for _, v := range matrix.Verdicts() {
		if string(v) == word {
			row.Cells = []matrix.Cell{{Scenario: "some", Verdict: v}}
			return row
		}
	}
	row.State = matrix.State(word)
	return row
}

var some = []matrix.Scenario{{Name: "some", Kind: matrix.KindProbe}}

func TestIntervals(t *testing.T) {
	got := matrix.Intervals(&matrix.Results{Scenarios: some, Rows: []matrix.RowResult{
		measured("v0.10.0", "leak"), measured("v0.2.0+fix", "clean"), measured("v0.2.0", "leak"),
		measured("v0.3.0", "build-failed"), measured("v0.4.0", "leak"),
	}})
	want := []matrix.Interval{
		{Scenario: "some", Patches: []string{}, Ranges: []matrix.Range{
			{Verdict: "leak", From: "v0.2.0", To: "v0.2.0", Rows: 1},
			{Verdict: "build-failed", From: "v0.3.0", To: "v0.3.0", Rows: 1},
			{Verdict: "leak", From: "v0.4.0", To: "v0.10.0", Rows: 2},
		}},
		{Scenario: "some", Patches: []string{"fix"}, Ranges: []matrix.Range{
			{Verdict: "clean", From: "v0.2.0", To: "v0.2.0", Rows: 1},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for i, want := range []bool{false, true} {
		if got[i].AsWanted(matrix.KindProbe) != want || got[i].AsWanted(matrix.KindPlanted) {
			t.Errorf("with patches %q: want the probe as wanted: %t, and a planted leak not", got[i].Patches, want)
		}
	}
}

// TestIntervalsCover checks that the ranges of a scenario hold every release
// once, and that no two neighbours could be one.
func TestIntervalsCover(t *testing.T) {
	word := rapid.SampledFrom([]string{"leak", "clean", "flaky", "vacuous", "unsupported", "build-failed", "unavailable"})
	rapid.Check(t, func(t *rapid.T) {
		var rows []matrix.RowResult
		for i, word := range rapid.SliceOfN(word, 1, 30).Draw(t, "words") {
			rows = append(rows, measured(fmt.Sprintf("v0.%d.0", i), word))
		}
		ranges := matrix.Intervals(&matrix.Results{Scenarios: some, Rows: rows})[0].Ranges
		covered := 0
		for i, r := range ranges {
			if r.From != rows[covered].ID || r.Rows < 1 {
				t.Fatalf("range %d is %+v, want it to begin with %s", i, r, rows[covered].ID)
			}
			if i > 0 && r.Verdict == ranges[i-1].Verdict {
				t.Fatalf("neighbours with one verdict: %v", ranges)
			}
			covered += r.Rows
			if r.To != rows[covered-1].ID {
				t.Fatalf("range %d is %+v, want it to end with %s", i, r, rows[covered-1].ID)
			}
		}
		if covered != len(rows) {
			t.Fatalf("ranges of %d rows, want %d: %v", covered, len(rows), ranges)
		}
	})
}

func TestBaseOf(t *testing.T) {
	rows := []matrix.RowResult{
		measured("v0.1.0", "leak"), measured("v0.1.0+a", "clean"), measured("v0.1.0+a+b", "clean"),
		measured("v0.2.0+a", "clean"), measured("v2.0.0+incompatible", "leak"), measured("v2.0.0+incompatible+a", "clean"),
	}
	for i, want := range []string{"", "v0.1.0", "v0.1.0", "", "", "v2.0.0+incompatible"} {
		got := ""
		if base := matrix.BaseOf(&rows[i], rows); base != nil {
			got = base.ID
		}
		if got != want {
			t.Errorf("%s: base %q, want %q", rows[i].ID, got, want)
		}
	}
}
