package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// suite is the columns of all tests.
var suite = []matrix.Scenario{
	{Name: "control", Kind: matrix.KindControl}, {Name: "planted", Kind: matrix.KindPlanted},
	{Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}, {Name: "help", Kind: matrix.KindWorkaround},
}

// cell returns a cell for a word: a verdict, with "!" if the leak kills the
// connection, and "N/M" if N of M trials leaked.
func cell(scenario, text string) matrix.Cell {
	word, trials, _ := strings.Cut(text, " ")
	verdict, kills := strings.CutSuffix(word, "!")
	c := matrix.Cell{Scenario: scenario, Verdict: matrix.Verdict(verdict), Trials: 10}
	if trials != "" {
		if _, err := fmt.Sscanf(trials, "%d/%d", &c.Leaks, &c.Trials); err != nil {
			panic(err)
		}
	}
	switch c.Verdict {
	case matrix.VerdictLeak:
		c.Leaks = c.Trials
	case matrix.VerdictVacuous, matrix.VerdictError, matrix.VerdictUnsupported:
		c.Trials = 0
		return c
	}
	// Close enough to the true interval: the fewer trials, the wider.
	half := 1.5 / float64(c.Trials)
	rate := float64(c.Leaks) / float64(c.Trials)
	c.Interval = &[2]float64{max(0, rate-half), min(1, rate+half)}
	if c.Leaks > 0 {
		c.Severity = matrix.SeverityMild
	}
	if kills {
		c.Severity = matrix.SeveritySevere
	}
	return c
}

// row returns a row with words for its probes and its workaround, which are clean
// without a word; "-" is a cell that was not run.
func row(id string, words ...string) matrix.RowResult {
	made := matrix.ParseRowID(id)
	r := matrix.RowResult{ID: id, Source: matrix.SourceResult{Version: made.Version}, State: matrix.StateOK}
	for _, p := range made.Patches {
		r.Patches = append(r.Patches, matrix.Applied{Name: p})
	}
	r.Cells = []matrix.Cell{cell("control", "clean"), cell("planted", "leak")}
	for i, name := range []string{"a", "b", "help"} {
		word := "clean"
		if i < len(words) {
			word = words[i]
		}
		if word != "-" {
			r.Cells = append(r.Cells, cell(name, word))
		}
	}
	return r
}

func results(rows ...matrix.RowResult) *matrix.Results {
	return &matrix.Results{Words: leaky, Suite: "demo", Target: "example.com/lib", Scenarios: suite, Rows: rows, Generated: time.Unix(0, 0)}
}

// lines compares two results and returns a line for each change; "!" marks those that
// count.
func lines(t *testing.T, was, is *matrix.Results, part bool) string {
	t.Helper()
	c, err := New(was, is, Options{Was: "old", Is: "new", Part: part})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	counts := false
	for _, change := range c.Changes {
		mark := ""
		if change.Counts {
			mark, counts = "!", true
		}
		lines = append(lines, string(change.Kind)+mark+" "+change.Text)
	}
	if c.Worse() != counts || (c.Exit() == matrix.ExitDiffers) != counts {
		t.Errorf("worse: %v, exit code %d, but what counts is %v", c.Worse(), c.Exit(), counts)
	}
	return strings.Join(lines, "\n")
}

// TestCells has every change of a cell in both directions: the second line is the
// change back.
func TestCells(t *testing.T) {
	tests := []struct{ was, is, there, back string }{
		{"clean", "clean", "", ""},
		{"clean", "leak", "worse! a: clean -> leak in v1.0.0", "better a: leak -> clean in v1.0.0"},
		{"clean", "flaky 1/10", "worse! a: clean -> flaky in v1.0.0", "better a: flaky -> clean in v1.0.0"},
		{"flaky 5/10", "leak", "worse! a: flaky -> leak in v1.0.0", "better a: leak -> flaky in v1.0.0"},
		{"flaky 9/10", "leak", "worse a: flaky -> leak in v1.0.0, which may be chance", "better a: leak -> flaky in v1.0.0"},
		{"leak", "leak!", "worse! a: leak -> leak that can kill the connection in v1.0.0", "better a: leak that can kill the connection -> leak in v1.0.0"},
		{"leak", "flaky! 5/10", "worse! a: leak -> flaky that can kill the connection in v1.0.0", "better a: flaky that can kill the connection -> leak in v1.0.0"},
		{"flaky! 5/10", "leak!", "worse! a: flaky that can kill the connection -> leak that can kill the connection in v1.0.0",
			"better a: leak that can kill the connection -> flaky that can kill the connection in v1.0.0"},
		{"clean", "vacuous", "less certain! a: clean -> not shown in v1.0.0", "more certain a: not shown -> clean in v1.0.0"},
		{"leak", "error", "less certain! a: leak -> error in v1.0.0", "more certain a: error -> leak in v1.0.0"},
		{"leak", "unsupported", "less certain! a: leak -> unsupported in v1.0.0", "more certain a: unsupported -> leak in v1.0.0"},
		{"vacuous", "error", "less certain! a: not shown -> error in v1.0.0", "more certain a: error -> not shown in v1.0.0"},
		{"unsupported", "vacuous", "less certain! a: unsupported -> not shown in v1.0.0", "more certain a: not shown -> unsupported in v1.0.0"},
		{"leak", "-", "less certain! a: leak -> not run in v1.0.0", "more certain a: not run -> leak in v1.0.0"},
		{"error", "error", "", ""},
		{"-", "-", "", ""},

		// Only far fewer or far more trials are reported.
		{"clean 0/50", "clean 0/10", "less certain a: 50 -> 10 trials in v1.0.0", "more certain a: 10 -> 50 trials in v1.0.0"},
		{"leak 50/50", "leak 10/10", "less certain a: 50 -> 10 trials in v1.0.0", "more certain a: 10 -> 50 trials in v1.0.0"},
		{"clean 0/10", "clean 0/9", "", ""},
		{"flaky 3/10", "flaky 6/10", "", ""}, // noise
		{"flaky 1/100", "flaky 99/100", "worse! a: flaky more often in v1.0.0", "better a: flaky less often in v1.0.0"},
	}
	for _, test := range tests {
		was, is := results(row("v1.0.0", test.was)), results(row("v1.0.0", test.is))
		if got := lines(t, was, is, false); got != test.there {
			t.Errorf("%s -> %s:\n got %s\nwant %s", test.was, test.is, got, test.there)
		}
		if got := lines(t, is, was, false); got != test.back {
			t.Errorf("%s -> %s:\n got %s\nwant %s", test.is, test.was, got, test.back)
		}
	}
}

// inState returns a row that was not run.
func inState(id string, s matrix.State) matrix.RowResult {
	r := row(id)
	r.State, r.Cells, r.Reason = s, nil, "because\nof it"
	return r
}

func withEffect(e matrix.Effect) matrix.RowResult {
	r := row("v1.0.0+p")
	r.Effect = e
	return r
}

// breaking returns a row whose patch breaks tests of the release.
func breaking(tests ...string) matrix.RowResult {
	r := row("v1.0.0+p")
	r.Upstream = new(matrix.Upstream)
	for _, name := range tests {
		r.Upstream.Breaks = append(r.Upstream.Breaks, matrix.UpstreamTest{Package: ".", Test: name})
	}
	return r
}

func withVerdict(cell int, v matrix.Verdict) matrix.RowResult {
	r := row("v1.0.0")
	r.Cells[cell].Verdict = v
	return r
}

func expecting(r matrix.RowResult, cell int, v matrix.Verdict) matrix.RowResult {
	r.Cells[cell].Expected = v
	return r
}

func rows(r ...matrix.RowResult) []matrix.RowResult { return r }

// rowTests are changes of rows, scenarios and expectations.
var rowTests = map[string]struct {
	was, is []matrix.RowResult
	part    bool
	want    string
}{
	"a row is lost":            {was: rows(row("v1.0.0")), is: rows(inState("v1.0.0", "build-failed")), want: "less certain! v1.0.0: ok -> build-failed (because)"},
	"a row cannot be had":      {was: rows(row("v1.0.0")), is: rows(inState("v1.0.0", "unavailable")), want: "less certain! v1.0.0: ok -> unavailable (because)"},
	"a row is found":           {was: rows(inState("v1.0.0", "unavailable")), is: rows(row("v1.0.0")), want: "more certain v1.0.0: unavailable -> ok"},
	"a patch goes on no more":  {was: rows(row("v1.0.0+p")), is: rows(inState("v1.0.0+p", "patch-conflict")), want: "worse! with p, v1.0.0: ok -> patch-conflict (because)"},
	"a patch goes on, at last": {was: rows(inState("v1.0.0+p", "patch-conflict")), is: rows(inState("v1.0.0+p", "build-failed")), want: "better with p, v1.0.0: patch-conflict -> build-failed (because)"},
	"a patched row is lost":    {was: rows(inState("v1.0.0+p", "patch-conflict")), is: rows(inState("v1.0.0+p", "unavailable")), want: "less certain! with p, v1.0.0: patch-conflict -> unavailable (because)"},
	"a row is gone":            {was: rows(row("v1.0.0"), row("v1.1.0")), is: rows(row("v1.1.0")), want: "gone! v1.0.0"},
	"a row is left out":        {was: rows(row("v1.0.0"), row("v1.1.0")), is: rows(row("v1.1.0", "clean", "-")), part: true},
	"a row is new":             {was: rows(row("v1.0.0", "leak")), is: rows(row("v1.0.0", "leak"), row("v1.1.0", "leak")), want: "new v1.1.0: 1 of 3 scenarios leak"},
	"a new row does not build": {was: rows(row("v1.0.0")), is: rows(row("v1.0.0"), inState("v1.1.0", "build-failed")), want: "new v1.1.0: build-failed (because)"},
	"a release regresses": {was: rows(row("v1.0.0")), is: rows(row("v1.0.0"), row("v1.1.0", "leak", "flaky 1/10")),
		want: "worse! a: clean in the release before, leak in v1.1.0\nworse! b: clean in the release before, flaky in v1.1.0\nnew v1.1.0: 2 of 3 scenarios leak"},
	"a release mends": {was: rows(row("v1.0.0", "leak")), is: rows(row("v1.0.0", "leak"), row("v1.1.0")),
		want: "new v1.1.0: 0 of 3 scenarios leak\nbetter a: leak in the release before, clean in v1.1.0"},
	"what a release mends stays so": {was: rows(row("v1.0.0", "leak")), is: rows(row("v1.0.0", "leak"), row("v1.1.0"), row("v1.2.0", "leak")),
		want: "worse! a: clean in the release before, leak in v1.2.0\nnew v1.1.0 - v1.2.0 (2 releases): 0 - 1 of 3 scenarios leak\nbetter a: leak in the release before, clean in v1.1.0"},
	"two releases regress": {was: rows(row("v1.0.0")), is: rows(row("v1.0.0"), row("v1.1.0", "leak"), row("v1.2.0", "leak")),
		want: "worse! a: clean in the release before, leak in v1.1.0 - v1.2.0 (2 releases)\nnew v1.1.0 - v1.2.0 (2 releases): 1 of 3 scenarios leak"},
	"the release before is the newest with an answer": {was: rows(row("v1.0.0"), row("v1.1.0", "error")), is: rows(row("v1.0.0"), row("v1.1.0", "error"), row("v1.2.0", "leak")),
		want: "worse! a: clean in the release before, leak in v1.2.0\nnew v1.2.0: 1 of 3 scenarios leak"},
	"a release that could not be had is as new": {was: rows(row("v1.0.0"), inState("v1.1.0", "unavailable")), is: rows(row("v1.0.0"), row("v1.1.0", "leak")),
		want: "worse! a: clean in the release before, leak in v1.1.0\nmore certain v1.1.0: unavailable -> ok"},
	"a cell without an answer is as new": {was: rows(row("v1.0.0"), row("v1.1.0", "vacuous")), is: rows(row("v1.0.0"), row("v1.1.0", "leak")),
		want: "worse! a: clean in the release before, leak in v1.1.0"},
	"a control fails":     {was: rows(row("v1.0.0")), is: rows(withVerdict(0, "error")), want: "worse! control: clean -> error in v1.0.0"},
	"a control is mended": {was: rows(withVerdict(0, "leak")), is: rows(row("v1.0.0")), want: "better control: leak -> clean in v1.0.0"},
	"nothing is planted":  {was: rows(row("v1.0.0")), is: rows(withVerdict(1, "flaky")), want: "worse! planted: leak -> flaky in v1.0.0"},
	"a patch falls short": {was: rows(withEffect("fixes")), is: rows(withEffect("still-leaks")), want: "worse! what p does: fixes -> still-leaks in v1.0.0"},
	"a patch does it":     {was: rows(withEffect("regresses")), is: rows(withEffect("fixes")), want: "better what p does: regresses -> fixes in v1.0.0"},
	"a patch is idle":     {was: rows(withEffect("fixes")), is: rows(withEffect("not-needed"))},
	"a patch is unknown":  {was: rows(withEffect("fixes")), is: rows(withEffect("")), want: "less certain! what p does: fixes -> not judged in v1.0.0"},
	"a test breaks":       {was: rows(breaking()), is: rows(breaking("TestA", "TestB")), want: "worse! the release's own tests: pass -> TestA and 1 more fail with p in v1.0.0"},
	"another test breaks": {was: rows(breaking("TestA")), is: rows(breaking("TestB")),
		want: "worse! the release's own tests: pass -> TestB fails with p in v1.0.0\nbetter the release's own tests: TestA fails -> pass with p in v1.0.0"},
	"tests are not asked": {was: rows(breaking()), is: rows(row("v1.0.0+p")), want: "less certain the release's own tests: known -> not run with p in v1.0.0"},
	"it is expected otherwise": {was: rows(row("v1.0.0", "leak")), is: rows(expecting(row("v1.0.0", "leak"), 2, "leak")),
		want: "expected a: expected to be leak, in v1.0.0"},
}

func TestRows(t *testing.T) {
	for name, test := range rowTests {
		t.Run(name, func(t *testing.T) {
			got := lines(t, results(test.was...), results(test.is...), test.part)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestScenarios checks that a scenario that is new or gone is reported once.
func TestScenarios(t *testing.T) {
	few := results(row("v1.0.0", "-"), row("v1.1.0", "-"))
	few.Scenarios = slices.Concat(suite[:2], suite[3:])
	all := results(row("v1.0.0"), row("v1.1.0"))
	for _, test := range []struct {
		was, is *matrix.Results
		part    bool
		want    string
	}{
		{few, all, false, "new the scenario a"},
		{all, few, false, "gone! the scenario a"},
		{all, few, true, ""},
	} {
		if got := lines(t, test.was, test.is, test.part); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestMerged checks that equal changes of neighbouring releases are one change.
func TestMerged(t *testing.T) {
	was, is := results(), results()
	for n := range 61 {
		id := fmt.Sprintf("v1.%d.0", n)
		was.Rows = append(was.Rows, row(id, "leak", "leak"), row(id+"+p+q", "leak"))
		is.Rows = append(is.Rows, row(id), row(id+"+p+q"))
	}
	was.Rows[60], is.Rows[60] = row("v1.30.0"), row("v1.30.0", "leak", "leak")
	want := "worse! a and b: clean -> leak in v1.30.0\n" +
		"better a and b: leak -> clean in v1.0.0 - v1.29.0 (30 releases) and v1.31.0 - v1.60.0 (30 releases)\n" +
		"better a: leak -> clean with p and q in all 61 releases, v1.0.0 - v1.60.0"
	if diff := cmp.Diff(want, lines(t, was, is, false)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAcross has results that were made differently.
func TestAcross(t *testing.T) {
	was, is := results(row("v1.0.0"), row("v1.0.0+p")), results(row("v1.0.0"), row("v1.0.0+p"))
	is.Lock, is.Reproduction, is.Matrixrun, was.Matrixrun = "sha256:b", "sha256:b", "v2", "v1"
	is.Host = matrix.Host{GOOS: "linux", GOARCH: "arm64", CPUs: 2}
	was.Host = matrix.Host{GOOS: "linux", GOARCH: "amd64", CPUs: 2}
	for i := range is.Rows {
		was.Rows[i].Toolchain, is.Rows[i].Toolchain = "go1.2.3", "go1.2.4"
		was.Rows[i].Server, is.Rows[i].Server = "v1.0.0", "v1.1.0"
	}
	is.Rows[0].Source.Sum = "h1:b"
	is.Rows[1].Patches[0].SHA256 = "b"
	c, err := New(was, is, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"another releases.lock", "another reproduction", "matrixrun v1 -> v2", "linux/amd64 -> linux/arm64",
		"another checksum of the release (1 row)", "go1.2.3 -> go1.2.4 (2 rows)", "servers of v1.0.0 -> v1.1.0 (2 rows)", "another patch p (1 row)",
	}
	if diff := cmp.Diff(want, c.Across); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOneQuestion has results that do not answer the same question.
func TestOneQuestion(t *testing.T) {
	was, is := results(row("v1.0.0")), results(row("v1.0.0"))
	is.Suite, is.Target, is.Rows[0].Server = "other", "example.com/other", "v1.0.0"
	_, err := New(was, is, Options{Was: "old", Is: "new"})
	var problems matrix.Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("got %v, want three problems", err)
	}
}

// TestSample checks that a release is not called the one before another if a sample left
// out some in between, and that what was left out is not counted.
func TestSample(t *testing.T) {
	was, is := results(row("v1.0.0")), results(row("v1.0.0"), row("v1.3.0", "leak"), row("v1.5.0", "leak"))
	is.Untried = matrix.Untried{"v1.1.0", "v1.2.0", "v1.4.0"}
	want := "worse! a: clean in the last release tried before, leak in v1.3.0 - v1.5.0 (2 of 3 releases)\nnew v1.3.0 - v1.5.0 (2 of 3 releases): 1 of 3 scenarios leak"
	if got := lines(t, was, is, false); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// leaky are the words of a suite about leaks.
var leaky = matrix.Words{
	Leak:   matrix.Phrase{One: "leaks", Past: "leaked", Noun: "leak", Name: "leak", Sign: "L"},
	Clean:  matrix.Phrase{One: "is clean"},
	Mild:   matrix.Phrase{One: "harms one stream", Name: "stream"},
	Severe: matrix.Phrase{One: "can kill the connection", Name: "connection", Sign: "C"},
	Part:   "stream",
	All:    "connection",
}
