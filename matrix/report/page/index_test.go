package page_test

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// TestIndex checks what the index says of results with families, and of results without.
func TestIndex(t *testing.T) {
	with := sample()
	with.Question, with.Who = "Does it <leak>?", "Only clients."
	with.Families = []matrix.Family{{Name: "f", Title: "you cancel", Consequence: "it is reset", Scenarios: []string{"probe"}}}
	for _, s := range with.Scenarios {
		if s.Kind == matrix.KindProbe {
			with.Families[0].Scenarios = []string{s.Name}
		}
	}
	with.Advisories = []matrix.Claim{{Advisory: matrix.Advisory{ID: "GO-1"}, Scenarios: []string{"ask-one"}}}
	without := grid.New(sample())
	var out strings.Builder
	err := page.WriteIndex(&out, []page.Listed{
		{Folder: "a", Table: grid.New(with), Texts: []page.Text{{File: "COMPATIBILITY.md", Title: "as text"}}, Beside: []page.Listed{{Folder: "a/forks", Title: "forks"}}},
		{Folder: "b", Table: without},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		page.IndexMark, `<h2><a href="a/index.html">Does it &lt;leak&gt;?</a></h2>`, "<p>Only clients.</p>",
		`<a href="a/index.html#published">Published ranges that disagree with what was measured: 1 of 1</a>`,
		"<tr><td>you cancel<td>it is reset<td", `<a href="a/COMPATIBILITY.md">as text</a>`, `<a href="a/forks/index.html">forks</a>`,
		`<h2><a href="b/index.html">` + without.Suite + ": " + without.Target + "</a></h2>", `location.replace("a/index.html" + location.hash)`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the index has no %q", want)
		}
	}
	if got := strings.Count(out.String(), "<table"); got != 1 {
		t.Errorf("%d tables of families: want one", got)
	}
	out.Reset()
	if err := page.WriteIndex(&out, nil); err != nil || strings.Contains(out.String(), "location") {
		t.Errorf("an index without results goes on to some page: %v", err)
	}
}
