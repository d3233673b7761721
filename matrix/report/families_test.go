package report

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// inFamilies returns the results of variety with their probes in two families, of which one
// has a hostile text.
func inFamilies() *matrix.Results {
	r := variety()
	r.Question, r.Who = "Is anything dropped?", "Only those who take things can be affected."
	r.Families = []matrix.Family{
		{Name: "drop", Title: "you drop a thing", Consequence: "it breaks", Condition: "those who have one", Scenarios: []string{"drop-a"}},
		{Name: "more", Title: "you drop more: " + nasty, Consequence: "all break", Condition: "some", Scenarios: []string{"drop-b"}},
	}
	return r
}

// TestFamilyTable checks where families leak, and that nothing hostile is in the table.
func TestFamilyTable(t *testing.T) {
	g := tables.New(inFamilies())
	table := FamilyTable(g)
	for _, line := range table {
		line[1] = strings.TrimSuffix(line[1], escape(nasty))
	}
	want := [][]string{
		{"way", "if", "then", "leaks in", "v1.7.0"},
		{"`drop`", "you drop a thing", "it breaks", "v0.9.0 - v1.1.0; not known in 4 releases", "clean"},
		{"`more`", "you drop more: ", "all break", "v1.0.0, v1.1.0; not known in 6 releases", "clean"},
	}
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := FamilyTable(tables.New(variety())); got != nil {
		t.Errorf("without families: %q", got)
	}
}

// TestFamilyToolchains checks that no table calls a release clean if that depends on the
// toolchain.
func TestFamilyToolchains(t *testing.T) {
	row := func(version, toolchain string, v matrix.Verdict) matrix.RowResult {
		id := matrix.WithToolchain(version, toolchain)
		r := matrix.RowResult{ID: id, State: matrix.StateOK, Toolchain: "go1.26.0", Source: matrix.SourceResult{Version: version}, Cells: []matrix.Cell{{Scenario: "drop", Verdict: v}}}
		if toolchain != "" {
			r.Toolchain, r.Source.Kind, r.Source.Toolchain = toolchain, matrix.SourceToolchain, toolchain
		}
		return r
	}
	r := &matrix.Results{
		Words: matrix.Words{Leak: matrix.Phrase{One: "leaks"}}, Scenarios: []matrix.Scenario{{Name: "drop", Kind: matrix.KindProbe}},
		Families: []matrix.Family{{Name: "all", Title: "t", Consequence: "c", Condition: "o", Scenarios: []string{"drop"}}},
		Rows:     []matrix.RowResult{row("v1.0.0", "", matrix.VerdictLeak), row("v1.1.0", "", matrix.VerdictClean), row("v1.1.0", "go1.24.99", matrix.VerdictLeak)},
	}
	g := tables.New(r)
	if got, want := FamilyTable(g)[1], []string{"`all`", "t", "c", "v1.0.0; not known in 1 release", "not known"}; !cmp.Equal(got, want) {
		t.Errorf("the table has %q, want %q", got, want)
	}
	var out strings.Builder
	ways(&out, g)
	if !strings.Contains(out.String(), "not known") {
		t.Errorf("way by way, it is\n%s", out.String())
	}
}

// TestMarkdownFamilies checks that the answer is by family, and that the scenarios follow.
func TestMarkdownFamilies(t *testing.T) {
	var out strings.Builder
	if err := Markdown(&out, tables.New(inFamilies())); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, want := range []string{
		"\nIs anything dropped? Only those who take things can be affected.\n", "\n## Answer\n\n- you drop a thing: leaks in v0.9.0", "\n## Ways\n", "| `drop` | you drop a thing ",
		"\n## Scenario by scenario\n\n- drop-a leaks in v0.9.0", "\n## Scenarios\n",
	} {
		i := strings.Index(out.String()[at:], want)
		if i < 0 {
			t.Fatalf("there is no %q after the part before it:\n%s", want, out.String()[at:])
		}
		at += i
	}
}

// TestOSVFamilies checks that a record is about one family, in its words.
func TestOSVFamilies(t *testing.T) {
	records := osvRecords(tables.New(inFamilies()))
	var got []string
	for _, r := range records {
		got = append(got, r.ID+" "+r.Specific.Family.Name)
	}
	if diff := cmp.Diff([]string{"MATRIXRUN-demo-drop-a drop", "MATRIXRUN-demo-drop-b more"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if want := "example.com/lib: if you drop a thing, it breaks"; records[0].Summary != want {
		t.Errorf("the summary is %q, want %q", records[0].Summary, want)
	}
	if want := "If you drop a thing, it breaks. That concerns only those who have one.\n"; !strings.HasPrefix(records[0].Details, want) {
		t.Errorf("the details are %q, want %q at the beginning", records[0].Details, want)
	}
}

// TestFormatsSayFamilies checks that every format for other programs and for GitHub says
// which family a scenario belongs to, in its words.
func TestFormatsSayFamilies(t *testing.T) {
	g, c := tables.New(inFamilies()), checkInFamilies()
	worse := comparison(1, "drop-a")
	is := newer(worse)
	is.Families = g.Families
	words := "f you a, it breaks. That concerns only some."
	for name, test := range map[string]struct {
		write func(w io.Writer) error
		want  []string
	}{
		"CSV":         {func(w io.Writer) error { return CSV(w, g) }, []string{",family,family_title,trials_from\r\n", ",drop,you drop a thing,\r\n", ",,,\r\n"}},
		"annotations": {func(w io.Writer) error { return Annotations(w, g) }, []string{"found leak (10 of 10 trials leaked): drop-a; way: drop (you drop a thing)\n"}},
		"summary": {func(w io.Writer) error { return Summary(w, g, SummaryLimit) }, []string{
			"found leak (10 of 10 trials leaked): drop-a; way: drop (you drop a thing)\n", "### Ways\n\n- drop: if you drop a thing, it breaks. That concerns only those who have one.\n",
		}},
		"issue":                  {func(w io.Writer) error { return DiffIssue(w, worse, is) }, []string{"## Ways\n\n- drop: if you drop a thing, it breaks. That concerns only those who have one.\n\n## "}},
		"annotations of a check": {func(w io.Writer) error { return CheckAnnotations(w, Checks{c}) }, []string{"::example.com/lib v1.0.0 leaks: i" + words + " The program gets there: ", " Scenario drop-a, 10 of 10 trials: one stream is reset.\n"}},
		"SARIF":                  {func(w io.Writer) error { return CheckSARIF(w, Checks{c}) }, []string{`"text": "I` + words + `"`, `"family": "a"`, `"text": "example.com/lib v1.0.0 leaks: i` + words + ` The program gets there`, ` Scenario drop-a, 10 of 10 trials: one stream is reset."`}},
		"OpenVEX":                {func(w io.Writer) error { return CheckVEX(w, Checks{c}) }, []string{`"description": "I` + words + ` one stream is reset"`, `"status_notes": "example.com/lib v1.0.0 leaks: i` + words}},
	} {
		var out strings.Builder
		if err := test.write(&out); err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s has no %q:\n%s", name, want, out.String())
			}
		}
	}
}

// TestAnnotationsShare checks that scenarios of a family share an annotation if they differ in
// nothing else, and that none gets lost.
func TestAnnotationsShare(t *testing.T) {
	c := aCheck()
	c.Families = []matrix.Family{{Name: "all", Title: "you drop", Consequence: "it breaks", Condition: "some"}}
	for i := range c.Uses {
		c.Uses[i].Reach = nil
	}
	for _, s := range c.Scenarios {
		c.Families[0].Scenarios = append(c.Families[0].Scenarios, s.Name)
	}
	c.Conclude()
	leaks := 0
	for _, f := range checkFindings(c) {
		if f.family != "" {
			leaks++
		}
	}
	got := string(rendered(t, CheckAnnotations, c))
	if shared := strings.Count(got, "title=sample%3A all::"); leaks < 3 || shared != 1 || strings.Count(got, " Scenario drop-") != leaks || strings.Count(got, "if you drop, it breaks.") != 1 {
		t.Errorf("%d leaks in %d annotations:\n%s", leaks, shared, got)
	}
	if n := strings.Count(string(rendered(t, CheckSARIF, c)), `"text": "example.com/lib v1.0.0 leaks: if you drop`); n != leaks {
		t.Errorf("SARIF has %d results, want %d", n, leaks)
	}
}

// checkInFamilies returns a check of a suite with a family for each probe, and one more.
func checkInFamilies() *matrix.Check {
	c := aCheck()
	for _, name := range []string{"a", "b", "c", "d"} {
		c.Families = append(c.Families, matrix.Family{Name: name, Title: "you " + name, Consequence: "it breaks", Condition: "some", Scenarios: []string{"drop-" + name}})
	}
	for i := range c.Uses {
		if a := c.Uses[i].Advice; a != nil {
			for _, f := range c.Families {
				r := matrix.FamilyResult{Family: f.Name}
				for _, probe := range a.Leaks {
					if probe == f.Scenarios[0] {
						r.Leaks = []string{probe}
					}
				}
				a.Families = append(a.Families, r)
			}
		}
	}
	c.Conclude()
	return c
}

// TestCheckFamilies checks what is said of families that leak where the program goes, that
// leak elsewhere, and that are not known.
func TestCheckFamilies(t *testing.T) {
	c := checkInFamilies()
	for name, write := range map[string]func(io.Writer, Checks) error{
		"  - ": func(w io.Writer, all Checks) error { return Check(w, all, Screen{Width: 200}) }, "- ": CheckMarkdown,
	} {
		got := string(rendered(t, write, c))
		for _, want := range []string{
			"a: if you a, it breaks. That concerns only some. Your program gets there.\n",
			"b: if you b, it breaks. That concerns only some. Your program never gets there.\n",
			"c: if you c, it breaks. That concerns only some.\n",
			"c: what happens if you c is not known.\n", // of the second use
			"d: what happens if you d is not known.\n", // which the results do not have
		} {
			if !strings.Contains(got, "\n"+name+want) {
				t.Errorf("there is no line %q:\n%s", name+want, got)
			}
		}
	}
}

// TestTerminalFits checks that the answer of published results fits a screen of 80 columns
// and 24 lines: all that is above the table.
func TestTerminalFits(t *testing.T) {
	files, err := filepath.Glob("../../results/*/results.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no results: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := codec.Read(file, data)
		if err != nil {
			t.Fatal(err)
		}
		s, err := spec.Load(os.DirFS("../suites/"+r.Suite), r.Suite)
		if err != nil {
			t.Fatal(err)
		}
		r.Families = nil // in the present words, of what was run
		for _, f := range s.Families {
			r.Families = append(r.Families, f.Only(r.Scenarios))
		}
		var out strings.Builder
		if err := Terminal(&out, tables.New(r), Screen{Width: 80}); err != nil {
			t.Fatal(err)
		}
		answer, _, found := strings.Cut(out.String(), "┌")
		answer = strings.TrimSpace(answer)
		if lines := strings.Count(answer, "\n") + 1; !found || lines > 24 {
			t.Errorf("the answer takes %d lines, want up to 24:\n%s", lines, answer)
		}
		for line := range strings.Lines(answer) {
			if n := columns(strings.TrimSuffix(line, "\n")); n > 80 {
				t.Errorf("a line has %d columns, want up to 80: %s", n, line)
			}
		}
	}
}

// TestWayByWay checks that releases that go alike share a line, and that the first column
// of a family on a screen has the family's name.
func TestWayByWay(t *testing.T) {
	g := tables.New(inFamilies())
	var out strings.Builder
	ways(&out, g)
	for _, want := range []string{
		"## Way by way", "| releases | from   | to     | `drop`", "| 1        | v0.9.0 | v0.9.0 | **leak**", "| 4        | v1.3.0 | v1.6.0 | not known",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in:\n%s", want, out.String())
		}
	}
	names := strings.Join(columnNames(g), ", ")
	if !strings.Contains(names, "drop: drop-a, more: drop-b") {
		t.Errorf("the columns are called %s", names)
	}
}
