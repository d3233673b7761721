package torture

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// An answer is what a run came to.
type answer struct {
	code    int
	output  string            // of both streams
	results *matrix.Results   // nil if there is no results.json
	files   map[string]string // SHA-256 by name, of all files but results.json
}

// differences returns how an answer differs from an undisturbed one: exit code, rows,
// cells, verdicts, hashes of binaries, and the bytes of reports and evidence. It is
// empty if they are equal.
func differences(want, got *answer) string {
	if got.results == nil {
		return "there is no results.json"
	}
	var all []string
	if got.code != want.code {
		all = append(all, fmt.Sprintf("exit code %d, want %d", got.code, want.code))
	}
	if diff := changes(timeless(want.results), timeless(got.results)); diff != "" {
		all = append(all, "results.json (-want +got):\n"+diff)
	}
	if diff := changes(want.files, got.files); diff != "" {
		all = append(all, "files (-want +got):\n"+diff)
	}
	return strings.Join(all, "\n")
}

// changes returns the lines in which two values differ, without those around them: a log
// may show no more than a few lines.
func changes(want, got any) string {
	lines := strings.SplitAfter(cmp.Diff(want, got), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return !strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "+")
	}), "")
}

// timeless returns results without the time of the run and its costs.
func timeless(r *matrix.Results) matrix.Results {
	same := *r
	same.Generated, same.Costs = time.Time{}, nil
	return same
}

// invented returns what is wrong in the results of a run that was disturbed. It may
// have found out less than an undisturbed run: rows may be unavailable, and cells may
// have no evidence, and patches no effect if it is not known what they change. All else must be equal: a fault of the machine is never an answer.
func invented(want, got *answer) string {
	if got.results == nil {
		return ""
	}
	rows, lost := make(map[string]matrix.RowResult), make(map[string]bool)
	for _, row := range want.results.Rows {
		rows[row.ID] = bare(row)
	}
	for _, row := range got.results.Rows {
		lost[row.ID] = row.State == matrix.StateUnavailable
	}
	var all []string
	for _, row := range got.results.Rows {
		want, row := rows[row.ID], bare(row)
		if row.Effect == "" && lost[row.Source.Version] {
			want.Effect = "" // it is judged by what is lost
		}
		if diff := changes(want, row); diff != "" && !lost[row.ID] {
			all = append(all, fmt.Sprintf("row %s (-want +got):\n%s", row.ID, diff))
		}
	}
	if got.code == 0 || got.code == 1 {
		if lost := len(want.results.Rows) - known(got.results); lost > 0 && want.code != 3 {
			all = append(all, fmt.Sprintf("exit code %d although %d rows are unknown", got.code, lost))
		}
	}
	return strings.Join(all, "\n")
}

// known counts the rows that are not unavailable.
func known(r *matrix.Results) (n int) {
	for _, row := range r.Rows {
		if row.State != matrix.StateUnavailable {
			n++
		}
	}
	return n
}

// bare returns a row without its evidence.
func bare(row matrix.RowResult) matrix.RowResult {
	row.Cells = slices.Clone(row.Cells)
	for i := range row.Cells {
		row.Cells[i].Evidence, row.Cells[i].NoEvidence = nil, ""
	}
	return row
}

// TestDifferences checks that each part of an answer is compared.
func TestDifferences(t *testing.T) {
	for name, change := range map[string]func(*answer){
		"":                      func(*answer) {},
		"exit code":             func(a *answer) { a.code = 3 },
		"no results.json":       func(a *answer) { a.results = nil },
		"Verdict":               func(a *answer) { a.results.Rows[0].Cells[0].Verdict = matrix.VerdictClean },
		"Binary":                func(a *answer) { a.results.Rows[0].Binary = "sha256:other" },
		"StatePatchConflict":    func(a *answer) { a.results.Rows[0].State = matrix.StatePatchConflict },
		"Evidence":              func(a *answer) { a.results.Rows[0].Cells[0].Evidence = nil },
		"files":                 func(a *answer) { a.files["report.md"] = "other" },
		"evidence/v1/extra.log": func(a *answer) { a.files["evidence/v1/extra.log"] = "new" },
	} {
		got := example()
		change(got)
		diff := differences(example(), got)
		if name = strings.Replace(name, "StatePatchConflict", "patch-conflict", 1); (name == "") != (diff == "") || !strings.Contains(diff, name) {
			t.Errorf("%s: the difference is %q", name, diff)
		}
	}
}

// TestInvented checks what counts as an invented answer.
func TestInvented(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*answer)
		want   string // part of the text; empty if nothing is invented
	}{
		"equal":                    {func(*answer) {}, ""},
		"no results":               {func(a *answer) { a.results, a.code = nil, 3 }, ""},
		"no evidence":              {func(a *answer) { a.results.Rows[0].Cells[0].NoEvidence = "the disk is full" }, ""},
		"unavailable":              {func(a *answer) { a.results.Rows[0] = matrix.RowResult{State: matrix.StateUnavailable}; a.code = 3 }, ""},
		"unavailable and all well": {func(a *answer) { a.results.Rows[0] = matrix.RowResult{State: matrix.StateUnavailable} }, "exit code 1 although 1 rows"},
		"rows are missing":         {func(a *answer) { a.results.Rows = nil }, "exit code 1 although 2 rows"},
		"no effect":                {func(a *answer) { a.results.Rows[1].Effect = "" }, "row v1+mend"},
		"no effect of an unavailable row": {func(a *answer) {
			a.results.Rows[0].State, a.results.Rows[1].Effect, a.code = matrix.StateUnavailable, "", 3
		}, ""},
		"build failed":           {func(a *answer) { a.results.Rows[0].State = matrix.StateBuildFailed }, "row v1"},
		"another verdict":        {func(a *answer) { a.results.Rows[0].Cells[0].Verdict = matrix.VerdictError }, "row v1"},
		"a row nobody asked for": {func(a *answer) { a.results.Rows[0].ID = "v2" }, "row v2"},
	} {
		got := example()
		c.change(got)
		if text := invented(example(), got); (text == "") != (c.want == "") || !strings.Contains(text, c.want) {
			t.Errorf("%s: invented is %q", name, text)
		}
	}
}

// example returns an answer with one row.
func example() *answer {
	return &answer{
		code:  1,
		files: maps.Clone(map[string]string{"report.md": "a", "evidence/v1/reset.pcapng": "b"}),
		results: &matrix.Results{Generated: time.Now(), Rows: []matrix.RowResult{{
			ID: "v1", State: matrix.StateOK, Binary: "sha256:binary",
			Cells: []matrix.Cell{{Scenario: "reset", Verdict: matrix.VerdictLeak, Evidence: []string{"evidence/v1/reset.pcapng"}}},
		}, {
			ID: "v1+mend", Source: matrix.SourceResult{Version: "v1"}, State: matrix.StateOK, Effect: matrix.EffectFixes,
		}}},
	}
}
