package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
)

// summary returns the summary of results.
func summary(t *testing.T, r *matrix.Results, limit int) string {
	t.Helper()
	var out bytes.Buffer
	if err := Summary(&out, tables.New(r), limit); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestSummaryLimit checks that a summary is not longer than its limit, is complete
// Markdown, says what was cut if anything was, and has all its sections.
func TestSummaryLimit(t *testing.T) {
	for _, test := range []struct {
		rows, limit int
		cut         bool
	}{
		{10, SummaryLimit, false}, {1000, SummaryLimit, false}, {1000, 200_000, true}, {1000, 50_000, true}, {1000, 8_000, true}, {20, 6_000, true},
	} {
		t.Run(fmt.Sprintf("%d rows in %d bytes", test.rows, test.limit), func(t *testing.T) {
			out := summary(t, many(test.rows), test.limit)
			if len(out) > test.limit {
				t.Errorf("%d bytes", len(out))
			}
			if said := strings.Contains(out, "> This summary is cut to"); said != test.cut {
				t.Errorf("that it is cut: %v, want %v", said, test.cut)
			}
			if open, closed := strings.Count(out, "<details>"), strings.Count(out, "</details>"); open != closed {
				t.Errorf("%d <details>, %d </details>", open, closed)
			}
			if !utf8.ValidString(out) || !strings.HasSuffix(out, "\n") {
				t.Error("it ends in the middle of something")
			}
			for _, section := range []string{"### Not as expected", "### Not known", "### Answers"} {
				if !strings.Contains(out, section) {
					t.Errorf("it does not have %s", section)
				}
			}
			newest := fmt.Sprintf("| v1.%d.0 |", test.rows-1)
			if shown := strings.Contains(out, newest); test.limit > 10_000 && !shown {
				t.Errorf("the table does not have the newest release")
			}
		})
	}
}

// TestSummaryCuts checks that a summary counts correctly what was cut.
func TestSummaryCuts(t *testing.T) {
	out := summary(t, many(1000), 50_000)
	rows := strings.Count(out, "\n| v1.")
	if want := fmt.Sprintf("%d of 1000 rows of the table", 1000-rows); !strings.Contains(out, want) {
		t.Errorf("%d rows are there; it does not say %q:\n%s", rows, want, out[len(out)-600:])
	}
	_, known, _ := strings.Cut(out, "### Not known\n\n")
	known, _, _ = strings.Cut(known, "\n\n")
	shown := strings.Count(known, "ended in an error")
	if want := fmt.Sprintf("%d of 1000 sentences on what is not known", 1000-shown); shown == 0 || !strings.Contains(out, want) {
		t.Errorf("%d sentences are there; it does not say %q", shown, want)
	}
}

func TestSummaryGist(t *testing.T) {
	r := variety()
	all := r.Rows
	for want, rows := range map[string][]matrix.RowResult{
		"✅ **All was found out, and nothing differs": all[:3],
		"❌ **3 things are not as expected**":         all[:5],
		"❓ **1 thing could not be found out**.":      all[9:10],
	} {
		r.Rows = rows
		if out := summary(t, r, SummaryLimit); !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
}

// TestChanges checks what changed from release to release, and with patches.
func TestChanges(t *testing.T) {
	r := variety()
	r.Rows = r.Rows[:6]
	got := strings.Join(changes(tables.New(r)), "\n")
	want := `v1.1.0: drop-b leak → flaky 2/10
v1.0.0: drop-b unsupported → leak
v1.1.0+half: drop-b flaky 2/10 → clean
v1.1.0+mend: it builds and runs → patch-conflict
v1.0.0+mend: drop-a, drop-b leak → clean`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	r.Rows = r.Rows[2:3] // without its release, a patched row changes nothing
	if got := changes(tables.New(r)); got != nil {
		t.Errorf("of one row: %q", got)
	}
}

// TestChangesOfOthers checks that what is no release, or has another toolchain, is compared with
// the release that it belongs to, and that the next release is not compared with it.
func TestChangesOfOthers(t *testing.T) {
	row := func(id string, verdict matrix.Verdict, source matrix.SourceResult, patches ...string) matrix.RowResult {
		r := matrix.RowResult{ID: id, State: matrix.StateOK, Source: source, Cells: []matrix.Cell{{Scenario: "drop", Verdict: verdict, Trials: 1}}}
		for _, name := range patches {
			r.Patches = append(r.Patches, matrix.Applied{Name: name})
		}
		return r
	}
	release := func(version string) matrix.SourceResult {
		return matrix.SourceResult{Kind: matrix.SourceRelease, Version: version}
	}
	further := matrix.SourceResult{Kind: matrix.SourceToolchain, Version: "v1.1.0", Toolchain: "go1.21.13"}
	fork := matrix.SourceResult{Kind: matrix.SourceModule, Module: "example.com/fork", Version: "v1.0.1", As: "v1.1.0"}
	lost := matrix.SourceResult{Kind: matrix.SourceModule, Module: "example.com/fork", Version: "v9.0.0", As: "v1.1.9"}
	leak, clean := matrix.VerdictLeak, matrix.VerdictClean
	g := tables.New(&matrix.Results{Words: leaky, Scenarios: []matrix.Scenario{{Name: "drop", Kind: matrix.KindProbe}}, Rows: []matrix.RowResult{
		row("v1.0.0", leak, release("v1.0.0")), row("v1.1.0", clean, release("v1.1.0")),
		row("v1.1.0@go1.21.13", leak, further), row("v1.1.0@go1.21.13+fix", clean, further, "fix"),
		row("example.com/fork@v1.0.1", leak, fork), row("example.com/fork@v9.0.0", leak, lost), row("v1.2.0", clean, release("v1.2.0")),
	}})
	want := []string{
		"example.com/fork@v1.0.1: drop clean → leak",
		"v1.1.0@go1.21.13: drop clean → leak",
		"v1.1.0: drop leak → clean",
		"v1.1.0@go1.21.13+fix: drop leak → clean",
	}
	if diff := cmp.Diff(want, changes(g)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
