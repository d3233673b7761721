package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// breaksOut is a text that tries to break out of its place.
const breaksOut = "\x1b[31m<script>|`x`\n# no ```\u202e"

// comparison returns a comparison with n changes of every kind, with name in all texts.
func comparison(n int, name string) *matrix.Comparison {
	c := &matrix.Comparison{
		Suite: name, Target: name, Was: matrix.Compared{Name: name, Rows: 1, Generated: "2026-01-31"}, Is: matrix.Compared{Name: "new", Rows: 2},
		Across: []string{name}, Unchanged: 7,
	}
	for _, kind := range matrix.ChangeKinds {
		counts := kind == matrix.ChangeWorse || kind == matrix.ChangeGone
		for i := range n {
			change := matrix.Change{
				Kind: kind, Counts: counts, Release: kind == matrix.ChangeWorse,
				Scenarios: []string{name}, Rows: []string{"v1.0.0+" + name},
				Text: fmt.Sprintf("%s %d: clean -> leak in v1.0.0", name, i), Brief: fmt.Sprintf("%s %d: brief", name, i),
			}
			if counts {
				change.Proofs = []matrix.Proof{{Row: "v1.0.0+" + name, Cell: matrix.Cell{
					Scenario: name, Verdict: matrix.VerdictLeak, Leaks: 3, Trials: 3, Interval: &[2]float64{0.29, 1}, Reason: name, Evidence: []string{"evidence/" + name},
					Saw: []matrix.Sighting{{Side: "client", Error: "not this"}, {Side: "server", Error: name}},
				}}}
			}
			c.Changes = append(c.Changes, change)
		}
		c.Tallies = append(c.Tallies, matrix.Tally{Kind: kind, Cells: n})
	}
	return c
}

// newer returns a table of the rows that changed, with advice on each.
func newer(c *matrix.Comparison) *matrix.Grid {
	g := &matrix.Grid{Words: leaky.Complete(), Columns: []matrix.Scenario{{Name: "drop", Seen: "server"}}}
	for _, change := range c.Changes {
		for _, id := range change.Rows {
			row := matrix.GridRow{RowResult: matrix.RowResult{ID: id}}
			row.Advice = matrix.Advice{Row: id, Gist: id + " leaks", Do: []string{"upgrade " + id}}
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

// renderDiff returns a comparison in each format.
func renderDiff(t *testing.T, c *matrix.Comparison) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, write := range map[string]func(io.Writer) error{
		"terminal": func(w io.Writer) error { return Diff(w, c, Screen{}) },
		"markdown": func(w io.Writer) error { return DiffMarkdown(w, c) },
		"json":     func(w io.Writer) error { return DiffJSON(w, c) },
		"issue":    func(w io.Writer) error { return DiffIssue(w, c, newer(c)) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		out[name] = b.String()
	}
	return out
}

// TestDiffFits checks that a terminal gets one screen and a comment no more than it may
// have, and that both say what was left out.
func TestDiffFits(t *testing.T) {
	for _, n := range []int{1, 2, 5, 1000} {
		out := renderDiff(t, comparison(n, "a rather long name of a scenario"))
		lines := strings.Count(out["terminal"], "\n")
		if lines > diffLines {
			t.Errorf("%d changes of each kind take %d lines", n, lines)
		}
		for line := range strings.Lines(out["terminal"]) {
			if utf8.RuneCountInString(line) > width+1 {
				t.Errorf("too wide: %q", line)
			}
		}
		shown := strings.Count(out["terminal"], ": brief")
		all := n * len(matrix.ChangeKinds)
		if shows := strings.Contains(out["terminal"], fmt.Sprintf("and %s (", text.Count(all-shown, "more line"))); shows == (shown == all) {
			t.Errorf("%d of %d changes are shown, and counts the others: %v\n%s", shown, all, shows, out["terminal"])
		}
		if size := len(out["markdown"]); size > 65_536 {
			t.Errorf("Markdown of %d bytes", size)
		}
		listed := strings.Count(out["markdown"], "\n- ")
		if shows := strings.Contains(out["markdown"], are(all-listed, "line")+" left out here"); shows == (listed == all) {
			t.Errorf("Markdown lists %d of %d changes, and counts the others: %v", listed, all, shows)
		}
		if opened, closed := strings.Count(out["markdown"], "<details>"), strings.Count(out["markdown"], "</details>"); opened != closed {
			t.Errorf("%d details are opened and %d closed", opened, closed)
		}
	}
}

// TestDiffHostile checks that no text breaks out of its place.
func TestDiffHostile(t *testing.T) {
	for format, text := range renderDiff(t, comparison(2, breaksOut)) {
		if format == "json" {
			if !json.Valid([]byte(text)) {
				t.Error("this is not JSON")
			}
			continue
		}
		for _, bad := range []string{"\x1b", "\u202e", "\n# no"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %q:\n%s", format, bad, text)
			}
		}
		body := text
		if format == "issue" { // whose title is plain text, and whose commands are quoted
			_, body, _ = strings.Cut(text, "\n")
			if strings.Count(body, "```") != 2 {
				t.Errorf("%s: a block ends early:\n%s", format, body)
			}
			before, rest, _ := strings.Cut(body, "```sh")
			_, after, _ := strings.Cut(rest, "```")
			body = before + after
		}
		if format != "terminal" && strings.Contains(strings.ReplaceAll(body, `\<`, ""), "<script>") {
			t.Errorf("%s has markup:\n%s", format, body)
		}
	}
}

// TestDiffIssue checks that an issue has its title on the first line, then the proof, the
// commands and the advice, and that there is none if nothing got worse.
func TestDiffIssue(t *testing.T) {
	text := renderDiff(t, comparison(1, "drop"))["issue"]
	for _, want := range []string{
		"drop: worse: drop 0: brief\n\nA run",
		"\n- worse: drop 0: clean -> leak in v1.0.0\n",
		"leak, 3 of 3 trials leaked (95 %: 29 % - 100 %); drop; the server saw: drop; evidence: evidence/drop\n",
		"\nmatrixrun run drop --only v1.0.0 --patch drop --scenario drop --fresh\nmatrixrun show v1.0.0+drop/drop drop\n",
		"\n- v1.0.0+drop: v1.0.0+drop leaks\n  - upgrade v1.0.0+drop\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the issue does not have %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "better") {
		t.Errorf("the issue has what is better:\n%s", text)
	}
	c := comparison(1, "drop")
	for i := range c.Changes {
		c.Changes[i].Counts = false
	}
	if text := renderDiff(t, c)["issue"]; text != "" {
		t.Errorf("nothing got worse, and the issue is %q", text)
	}
}

// TestDiffNothing checks the line for two results without a difference.
func TestDiffNothing(t *testing.T) {
	out := renderDiff(t, &matrix.Comparison{Suite: "demo", Was: matrix.Compared{Name: "old"}, Is: matrix.Compared{Name: "new"}, Unchanged: 3})
	want := "demo: old (0 rows) -> new (0 rows)\nnothing changed in 3 cells\n"
	if out["terminal"] != want {
		t.Errorf("got %q, want %q", out["terminal"], want)
	}
	if want := "## demo: nothing changed\n\nold (0 rows) → new (0 rows)\n\nNothing changed in 3 cells.\n"; out["markdown"] != want {
		t.Errorf("got %q, want %q", out["markdown"], want)
	}
}

// TestDiffColor checks that colours change nothing else.
func TestDiffColor(t *testing.T) {
	var b bytes.Buffer
	c := comparison(1, "drop")
	if err := Diff(&b, c, Screen{Color: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\n\x1b[31mworse\x1b[0m ") {
		t.Errorf("what is worse is not red: %q", b.String())
	}
	plainText := strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[33m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(b.String())
	if want := renderDiff(t, c)["terminal"]; plainText != want {
		t.Errorf("without colours:\n%s\nwant\n%s", plainText, want)
	}
}
