package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// update makes golden write the files instead.
var update = flag.Bool("update", false, "rewrite the golden files")

// sample returns a small table with every symbol and every state, and with texts that
// try to break out of their place.
func sample() *matrix.Grid {
	return &matrix.Grid{
		Words: leaky.Complete(),
		Suite: "demo", Target: "example.com/lib", Matrixrun: "v1.2.3", Toolchain: "go1.26.0",
		Generated: time.Date(2026, 1, 31, 23, 0, 0, 0, time.UTC),
		Host:      matrix.Host{GOOS: "linux", GOARCH: "amd64", CPUs: 2},
		Trials:    [2]int{9, 10},
		Weakest:   &matrix.Cell{Trials: 9, Interval: &[2]float64{0, 0.336267}},
		Columns: []matrix.Scenario{
			{Name: "control", Kind: matrix.KindControl, Title: "nothing is dropped"},
			{Name: "planted", Kind: matrix.KindPlanted, Title: "a drop | on purpose", Seen: "server"},
			{Name: "drop-a", Kind: matrix.KindProbe, Title: "one *drop* of _a_ in a_name"},
			{Name: "drop-b", Kind: matrix.KindProbe, Title: "one drop of <b>"},
			{Name: "retry", Kind: matrix.KindWorkaround, Title: "try again"},
		},
		Rows: sampleRows(),
		Legend: []matrix.Sign{{Symbol: "·", Meaning: "clean"}, {Symbol: "L", Meaning: "leak"}, {Symbol: "C", Meaning: "deadly leak"},
			{Symbol: "~", Meaning: "flaky"}, {Symbol: "?", Meaning: "vacuous"}, {Symbol: "E", Meaning: "error"},
			{Symbol: "-", Meaning: "unsupported"}, {Symbol: "!", Meaning: "not as expected, which takes a long time to explain"}},
		Footnotes: []string{
			"built with go1.20.14", "flaky: 2 of 10 trials, 95 % interval 3 % - 56 %", "vacuous: 0 of 20 trials were proven",
			"error: exit status 2: \x1b[31mpanic: | a[0]\x1b[0m \u202eright", "patch-conflict: x.go: no place for hunk 2",
			"build-failed: x.go:1:2: undefined: *T, and a reason that goes on for so long that there is no line that could hold all of it",
		},
		Intervals: []matrix.Interval{
			{Scenario: "drop-a", Patches: []string{}, Ranges: []matrix.Range{{Verdict: "leak", From: "v0.2.0", To: "v0.3.0", Rows: 2}, {Verdict: "build-failed", From: "v0.4.0", To: "v0.4.0", Rows: 1}}},
			{Scenario: "retry", Patches: []string{}, Ranges: []matrix.Range{{Verdict: "clean", From: "v0.2.0", To: "v0.2.0", Rows: 1}}},
			{Scenario: "drop-a", Patches: []string{"fix"}, Ranges: []matrix.Range{{Verdict: "clean", From: "v0.2.0", To: "v0.2.0", Rows: 1}}},
		},
		Answers: []string{
			"drop-a leaks in v0.2.0 - v0.3.0 (2 releases) and v0.6.0; the leak can kill the connection in v0.2.0; not known for v0.1.0: unsupported, v0.4.0: build-failed",
			"retry works in v0.2.0",
		},
		Differences: []matrix.Finding{{Row: "v0.3.0", Text: "v0.3.0: expected clean, found leak (10 of 10 trials leaked): drop-a"}},
		Unknown:     []matrix.Finding{{Row: "v0.5.0", Text: "v0.5.0: it is not available: dial tcp: no route to host\nsecond line. Run again"}},
	}
}

// sampleRows returns the rows of sample.
func sampleRows() []matrix.GridRow {
	cell := func(symbol, word string, v matrix.Verdict) matrix.GridCell {
		return matrix.GridCell{Cell: matrix.Cell{Verdict: v}, Symbol: symbol, Word: word}
	}
	ok, leak := cell("·", "clean", matrix.VerdictClean), cell("L", "leak", matrix.VerdictLeak)
	kill, flaky := cell("C", "leak", matrix.VerdictLeak), cell("~", "flaky 2/10", matrix.VerdictFlaky)
	vacuous, fail := cell("?", "vacuous", matrix.VerdictVacuous), cell("E", "error", matrix.VerdictError)
	unsupported, none := cell("-", "unsupported", matrix.VerdictUnsupported), matrix.GridCell{Symbol: " "}
	control, planted := ok, leak
	control.Holds, planted.Holds = true, true
	kill.Severity, flaky.Severity, flaky.Notes = matrix.SeveritySevere, matrix.SeveritySevere, []int{1}
	vacuous.Notes, fail.Notes = []int{2}, []int{3}
	surprise := leak
	surprise.Expected = matrix.VerdictClean
	row := func(version, patch string, state matrix.State, effect matrix.Effect, notes []int, cells ...matrix.GridCell) matrix.GridRow {
		r := matrix.GridRow{RowResult: matrix.RowResult{ID: version, State: state, Effect: effect}, Label: version, Cells: cells, Notes: notes}
		r.Source.Version = version
		if patch != "" {
			r.ID, r.Label, r.Patches = version+"+"+patch, "  + "+patch, []matrix.Applied{{Name: patch}}
		}
		return r
	}
	return []matrix.GridRow{
		row("v0.1.0", "", "ok", "", []int{0}, unsupported, unsupported, unsupported, unsupported, unsupported),
		row("v0.2.0", "", "ok", "", []int{0}, control, planted, kill, flaky, ok),
		row("v0.2.0", "fix", "ok", "fixes", nil, control, planted, ok, ok, ok),
		row("v0.3.0", "", "ok", "", nil, control, planted, surprise, vacuous, fail),
		row("v0.3.0", "fix", "patch-conflict", "conflict", []int{4}),
		row("v0.4.0", "", "build-failed", "", []int{5}),
		row("v0.5.0", "", "unavailable", "", nil),
		row("v0.6.0", "", "ok", "", nil, control, planted, leak, ok, none),
		row("v0.7.0", "", "", "", nil),
	}
}

// golden compares an output with its file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: -want +got (go test -update rewrites it):\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	tall := sample()
	tall.Rows, tall.Footnotes, tall.Legend = nil, nil, tall.Legend[:1]
	for i := range footFrom {
		row := sample().Rows[2]
		row.ID, row.Label, row.Effect, row.Patches = fmt.Sprintf("v1.%d.0", i), fmt.Sprintf("v1.%d.0", i), "", nil
		tall.Rows = append(tall.Rows, row)
	}
	tests := []struct {
		file   string
		grid   *matrix.Grid
		render func(*bytes.Buffer, *matrix.Grid) error
	}{
		{"terminal.txt", sample(), func(w *bytes.Buffer, g *matrix.Grid) error { return Terminal(w, g, Screen{}) }},
		{"color.txt", sample(), func(w *bytes.Buffer, g *matrix.Grid) error { return Terminal(w, g, Screen{Color: true}) }},
		{"tall.txt", tall, func(w *bytes.Buffer, g *matrix.Grid) error { return Terminal(w, g, Screen{}) }},
		{"markdown.md", sample(), func(w *bytes.Buffer, g *matrix.Grid) error { return Markdown(w, g) }},
		{"empty.txt", &matrix.Grid{Words: leaky.Complete(), Suite: "demo", Target: "example.com/lib"}, func(w *bytes.Buffer, g *matrix.Grid) error { return Terminal(w, g, Screen{Color: true}) }},
		{"empty.md", &matrix.Grid{Words: leaky.Complete(), Suite: "demo", Target: "example.com/lib"}, func(w *bytes.Buffer, g *matrix.Grid) error { return Markdown(w, g) }},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			var out bytes.Buffer
			before := fmt.Sprintf("%+v", test.grid)
			if err := test.render(&out, test.grid); err != nil {
				t.Fatal(err)
			}
			golden(t, test.file, out.Bytes())
			if after := fmt.Sprintf("%+v", test.grid); after != before {
				t.Error("the table was changed by printing it")
			}
		})
	}
}

// TestColorIsDecoration checks that the output with colours differs in nothing else.
func TestColorIsDecoration(t *testing.T) {
	var bare, colored bytes.Buffer
	if err := errors.Join(Terminal(&bare, sample(), Screen{}), Terminal(&colored, sample(), Screen{Color: true})); err != nil {
		t.Fatal(err)
	}
	text := colored.String()
	for _, code := range []string{fills.Red, fills.Green, fills.Yellow, fills.Faint, "0"} {
		if !strings.Contains(text, "\x1b["+code+"m") {
			t.Errorf("colour %s is not used", code)
		}
		text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
	}
	if diff := cmp.Diff(bare.String(), text); diff != "" {
		t.Errorf("-plain +coloured:\n%s", diff)
	}
}

// TestWriteError checks that no format hides the error of its writer.
func TestWriteError(t *testing.T) {
	full := errors.New("disk full")
	w := writer(func([]byte) (int, error) { return 0, full })
	check := func(name string, err error) {
		if !errors.Is(err, full) {
			t.Errorf("%s: error %v, want %v", name, err, full)
		}
	}
	check("terminal", Terminal(w, sample(), Screen{}))
	check("markdown", Markdown(w, sample()))
	for name, write := range formats {
		check(name, write(w, tables.New(variety())))
	}
}

// A writer is a function as an io.Writer.
type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"a|b":               `a\|b`,
		"a_b _c_ x_":        `a_b \_c\_ x\_`,
		"*T <b> [x](y) `z`": "\\*T \\<b> \\[x](y) \\`z\\`",
		`c:\x`:              `c:\\x`,
		"a && b &amp; c":    `a \&& b \&amp; c`,
		"one\ntwo\tthree":   "one two three",
		"\x1b[2J\x00\u202e": "\uFFFD\\[2J\uFFFD\uFFFD",
		"bad \xff":          "bad \uFFFD",
	} {
		if got := escape(text); got != want {
			t.Errorf("escape(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestWrap checks that wrapped text is complete, that no line with several words is
// too long, and that no line begins like an item of a list.
func TestWrap(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "of", "release", "-", "v0.1.0", "(12", "releases),", "1.", "%", "after-both", "+", strings.Repeat("x", 120)})
	rapid.Check(t, func(t *rapid.T) {
		text := "see " + strings.Join(rapid.SliceOfN(word, 1, 80).Draw(t, "words"), " ")
		out := wrap(text, "- ", "  ")
		if strings.Join(strings.Fields(out), " ") != "- "+text {
			t.Fatalf("%q became %q", text, out)
		}
		for i, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
			if utf8.RuneCountInString(line) > width && len(words(line[2:])) > 1 {
				t.Fatalf("line is too long: %q", line)
			}
			if begin, _, _ := strings.Cut(line[2:], " "); i > 0 && (begin == "-" || begin == "+" || begin == "1.") {
				t.Fatalf("line begins like a list: %q", line)
			}
		}
	})
}
