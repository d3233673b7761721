package report

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// records parses the CSV of results as a spreadsheet does.
func records(t *testing.T, r *matrix.Results) (header []string, rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(made(t, "variety.csv", r))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return all[0], rows
}

// TestCSV checks that each cell has one line with its results.
func TestCSV(t *testing.T) {
	r := variety()
	header, rows := records(t, r)
	if len(csvCell(matrix.Scenario{}, &matrix.Cell{}, "", matrix.Words{})) != csvCellFields {
		t.Error("csvCellFields is not the number of a cell's fields")
	}
	if names := slices.Compact(slices.Sorted(slices.Values(header))); len(names) != len(csvColumns) {
		t.Error("a column's name comes twice")
	}
	want := 0
	for _, row := range r.Rows {
		want += max(1, len(row.Cells))
	}
	if want++; len(rows) != want { // v1.7.0 has no cell for one, and says so
		t.Errorf("%d lines, want %d", len(rows), want)
	}
	pick := func(id, scenario string, columns ...string) (values []string) {
		for _, row := range rows {
			if row["row"] == id && row["scenario"] == scenario {
				for _, c := range columns {
					values = append(values, row[c])
				}
			}
		}
		return values
	}
	columns := []string{"verdict", "expected", "standing", "leaks", "trials", "rate", "interval_high", "severity", "state"}
	for cell, want := range map[[2]string][]string{
		{"v1.0.0", "drop-b"}:      {"leak", "leak", "as expected", "10", "10", "1", "1", "connection", "ok"},
		{"v1.1.0", "drop-b"}:      {"flaky", "leak", "differs", "2", "10", "0.2", "0.6", "stream", "ok"},
		{"v1.1.0+half", "drop-a"}: {"leak", "", "differs", "10", "10", "1", "1", "stream", "ok"},
		{"v1.6.0", "wait"}:        {"leak", "", "", "10", "10", "1", "1", "stream", "ok"},
		{"v1.6.0", "drop-a"}:      {"vacuous", "clean", "unknown", "0", "2", "0", "0.5", "", "ok"},
		{"v1.7.0", "wait"}:        {"", "", "unknown", "", "", "", "", "", "ok"},
		{"v1.3.0", ""}:            {"", "", "unknown", "", "", "", "", "", "build-failed"},
		{"v1.4.0", ""}:            {"", "", "no answer", "", "", "", "", "", "build-failed"},
		{"v1.1.0+mend", ""}:       {"", "", "differs", "", "", "", "", "", "patch-conflict"},
	} {
		if diff := cmp.Diff(want, pick(cell[0], cell[1], columns...)); diff != "" {
			t.Errorf("%s %s: -want +got:\n%s", cell[0], cell[1], diff)
		}
	}
}

// TestCSVHasNoFormulas checks that a hostile file makes no formulas, and that lines end
// as RFC 4180 requires, also inside texts.
func TestCSVHasNoFormulas(t *testing.T) {
	_, rows := records(t, hostile())
	for _, row := range rows {
		for name, text := range row {
			if strings.IndexAny(text, "=+-@\t\r\n") == 0 {
				t.Errorf("%s is %q", name, text)
			}
		}
	}
	out := made(t, "variety.csv", hostile())
	if lines := strings.Count(out, "\n"); lines != strings.Count(out, "\r\n") || lines != len(rows)+1 {
		t.Errorf("%d newlines, %d of them CR LF, for %d records", lines, strings.Count(out, "\r\n"), len(rows)+1)
	}
}

func TestNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a=1": "a=1", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r": "'\r", "＝1": "'＝1", "10": "10",
	} {
		if got := noFormula(text); got != want {
			t.Errorf("noFormula(%q) = %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := plain(rapid.String().Draw(t, "text"))
		if got := noFormula(text); strings.TrimPrefix(got, "'") != text && got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
