package page_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// TestTimeline checks the stripe of a family: its parts, and the release with which each
// begins, with what changed it.
func TestTimeline(t *testing.T) {
	r := &matrix.Results{Suite: "example", Target: "example.com/lib", Scenarios: testScenarios, Question: "Is it there?", Who: "Only callers can be affected."}
	for _, of := range []struct{ version, cells string }{{"v1.0.0", "cllcc"}, {"v1.1.0", "clccc"}, {"v1.2.0", "clvcc"}, {"v1.3.0", "clcfc"}} {
		r.Rows = append(r.Rows, testRow(of.version, of.cells, testScenarios))
	}
	r.Families = []matrix.Family{{
		Name: "ask", Title: "you ask", Consequence: "it breaks", Condition: "callers", Scenarios: []string{"ask-one", "ask-two"},
		Changes: []matrix.FamilyChange{{Release: "v1.1.0", By: "https://example.com/pull/7"}, {Release: "v1.3.0", By: "javascript:alert(1)"}},
	}}
	r.Untried = matrix.Untried{"v1.1.1"}
	doc := tree(t, write(t, r, page.Options{}))
	var got []string
	for _, div := range all(doc, "div") {
		switch attribute(div, "class") {
		case "says":
			got = append(got, text(div))
		case "stripe":
			got = append(got, attribute(div, "aria-label"))
		}
	}
	for _, ul := range all(doc, "ul") {
		if strings.HasPrefix(attribute(ul, "class"), "turns") {
			for _, li := range all(ul, "li") {
				got = append(got, attribute(li, "class")+" "+text(li)+" "+attribute(all(li, "a")[len(all(li, "a"))-1], "href"))
			}
		}
	}
	word := r.Words.Complete().NameOf("leak")
	want := []string{
		"If you ask, it breaks. Only callers.",
		word + ": v1.0.0; clean: v1.1.0; not known: v1.2.0; flaky: v1.3.0",
		"at25 v1.1.0 2026-01-02 #7 https://example.com/pull/7", "at50 low by v1.2.0 2026-01-02 #v1.2.0", "at75 v1.3.0 2026-01-02 the change #ZgotmplZ",
	}
	want[1] = strings.Replace(want[1], "clean", r.Words.Complete().NameOf("clean"), 1)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, d := range all(doc, "details") {
		id := attribute(d, "id")
		if in := strings.Contains(text(d), "It shows what happens if you ask."); strings.HasPrefix(id, "s/") && in != strings.HasPrefix(id, "s/ask-") {
			t.Errorf("%s says %q", id, text(d))
		}
	}
	if header := text(all(doc, "header")[0]); !strings.Contains(header, "Is it there? Only callers can be affected.") {
		t.Errorf("the page begins with %q", header)
	}
}

// TestTimelineToolchains checks that no stripe calls a release clean if that depends on the
// toolchain, with families and without.
func TestTimelineToolchains(t *testing.T) {
	r := &matrix.Results{Suite: "example", Target: "example.com/lib", Scenarios: testScenarios, Rows: []matrix.RowResult{
		testRow("v1.0.0", "cllcc", testScenarios), testRow("v1.1.0", "ccccc", testScenarios), testRow("v1.1.0", "cllcc", testScenarios),
	}}
	further := &r.Rows[2]
	further.ID, further.Toolchain = "v1.1.0@go1.21.13", "go1.21.13"
	further.Source.Kind, further.Source.Toolchain = matrix.SourceToolchain, further.Toolchain
	stripes := func() (says []string) {
		for _, div := range all(tree(t, write(t, r, page.Options{})), "div") {
			if attribute(div, "class") == "stripe" {
				says = append(says, attribute(div, "aria-label"))
			}
		}
		return says
	}
	check := func(how string, want int) {
		says, open := stripes(), 0
		for _, s := range says {
			if strings.HasSuffix(s, "; not known: v1.1.0") {
				open++
			}
		}
		if open != want {
			t.Errorf("%s: the stripes say %q, want %d of them not to know v1.1.0", how, says, want)
		}
	}
	check("without families", 1)
	r.Families = []matrix.Family{{Name: "ask", Title: "you ask", Consequence: "it breaks", Condition: "callers", Scenarios: []string{"ask-one", "ask-two"}}}
	check("with a family", 1)
	var out strings.Builder
	if err := page.WriteIndex(&out, []page.Listed{{Folder: "a", Table: grid.New(r)}}); err != nil || !strings.Contains(out.String(), "not known in 1 release") || strings.Contains(out.String(), ">clean") {
		t.Errorf("the index says (%v):\n%s", err, out.String())
	}
}

// TestNews checks that changes in builds with patches alone share a line.
func TestNews(t *testing.T) {
	r := since(sample(), matrix.News{Kind: "worse", Counts: true, Text: "the patch", Rows: []string{"v1.1.0+fix"}},
		matrix.News{Kind: "new", Text: "the release", Rows: []string{"v1.1.0+fix", "v1.3.0"}})
	doc := string(write(t, r, page.Options{}))
	_, section, _ := strings.Cut(doc, `<section id="since">`)
	section, _, _ = strings.Cut(section, "</section>")
	if strings.Contains(section, "the patch") || !strings.Contains(section, "the release") || !strings.Contains(section, "And 1 change in builds with patches alone, some for the worse.") {
		t.Errorf("the page says:\n%s", section)
	}
}

// TestHere checks that pages about the same question say what sets them apart.
func TestHere(t *testing.T) {
	of := func(change func(r *matrix.Results)) string {
		r := sample()
		r.Question = "Is it there?"
		change(r)
		return text(all(tree(t, write(t, r, page.Options{})), "header")[0])
	}
	for want, change := range map[string]func(r *matrix.Results){
		"Is it there?": func(*matrix.Results) {},
		"On this page all servers are those of v1.2.0.": func(r *matrix.Results) {
			for i := range r.Rows {
				r.Rows[i].Server = "v1.2.0"
			}
		},
		"This page is about forks, and":                   func(r *matrix.Results) { r.Rows[0].Source.Kind = matrix.SourceModule },
		"This page is about code that is no release, and": func(r *matrix.Results) { r.Rows[0].Source.Kind = matrix.SourceDir },
	} {
		if got := of(change); !strings.Contains(got, want) || (want == "Is it there?") == strings.Contains(got, "his page") {
			t.Errorf("the page begins with %q, want %q", got, want)
		}
	}
}

// TestOthersFirst checks that the answer of a page about forks begins with how each fork
// fares, without its patched builds.
func TestOthersFirst(t *testing.T) {
	r := sample()
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Source.Version == "v1.1.0" {
			row.Source.Kind = matrix.SourceModule
		}
	}
	for _, section := range all(tree(t, write(t, r, page.Options{})), "section") {
		if attribute(section, "id") == "answers" {
			want := "The answer, build by build\nv1.1.0 leaks in 2 of 2 probes, and 1 of them can kill the connection\n\nThe newest release that these are nearest to: v1.3.0 was not tried"
			if got := text(section); !strings.HasPrefix(got, want) {
				t.Errorf("the answer begins with %.200q, want %q", got, want)
			}
		}
	}
}
