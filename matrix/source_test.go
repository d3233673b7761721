package matrix_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestBase checks which release decides for a target that is no release, where content
// does not tell several apart: by its history, if that is known.
func TestBase(t *testing.T) {
	for _, test := range []struct{ nearest, ancestor, as, want string }{
		{"v1.0.0", "", "", "v1.0.0"},
		{"v1.0.0 v1.0.1", "", "", "v1.0.1"},
		{"v1.0.0 v1.0.1", "v1.0.0", "", "v1.0.0"},
		{"v1.0.0 v1.0.1", "v1.2.0", "", "v1.0.1"},
		{"v1.0.0 v1.0.1", "v0.9.0", "", "v1.0.0"},
		{"v1.0.0 v1.0.1", "v1.0.0", "v2.0.0", "v2.0.0"},
		{"", "v0.9.0", "", "v0.9.0"},
		{"", "", "", ""},
	} {
		l := new(matrix.Likeness)
		for _, v := range strings.Fields(test.nearest) {
			l.Nearest = append(l.Nearest, matrix.Nearness{Version: v})
		}
		r := matrix.Release{Origin: &matrix.Origin{Kind: matrix.SourceRef, Likeness: l, Ancestor: test.ancestor, As: test.as}}
		result := r.Result(false)
		if r.Base() != test.want || result.Base() != test.want {
			t.Errorf("%+v: got %q, and %q in the results", test, r.Base(), result.Base())
		}
	}
}

// TestCompareRows checks the order of a table with forks and commits: each after the
// release that it is nearest to, whatever the order before, and in no interval.
func TestCompareRows(t *testing.T) {
	near := &matrix.Likeness{Nearest: []matrix.Nearness{{Version: "v1.0.0"}, {Version: "v1.1.0"}}}
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	rows := []matrix.RowResult{
		{Source: matrix.SourceResult{Kind: matrix.SourceRef, Version: "main@2", Time: at(1), Likeness: near}},
		{Source: matrix.SourceResult{Kind: matrix.SourceRelease, Version: "v1.2.0"}},
		{Source: matrix.SourceResult{Kind: matrix.SourceRef, Version: "main@1", Time: at(2), Likeness: near}},
		{Source: matrix.SourceResult{Kind: matrix.SourceModule, Version: "v9.0.0", Module: "example.com/fork", Likeness: near, As: "v1.0.0"}},
		{Source: matrix.SourceResult{Kind: matrix.SourceRelease, Version: "v1.1.0"}},
		{Source: matrix.SourceResult{Kind: matrix.SourceDir, Version: "dir@3", Likeness: near}},
		{Source: matrix.SourceResult{Version: "v1.0.0"}},
	}
	for i := range rows {
		rows[i].ID = rows[i].Version()
	}
	want := "v1.0.0 example.com/fork@v9.0.0 v1.1.0 dir@3 main@2 main@1 v1.2.0"
	for range 2 {
		var got []string
		for _, row := range matrix.ByVersion(rows) {
			got = append(got, row.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("got %s, want %s", strings.Join(got, " "), want)
		}
		slices.Reverse(rows)
	}
	for _, series := range matrix.AllSeries(rows, nil) {
		if len(series.Rows) != 3 {
			t.Errorf("%d rows in a series, want the 3 releases", len(series.Rows))
		}
	}
}
