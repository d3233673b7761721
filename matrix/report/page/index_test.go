package page_test

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
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

// TestIndexFolders checks that each link of an index leads to its folder, whatever the name
// of the folder is, and that no name gets into the page as anything but a name.
func TestIndexFolders(t *testing.T) {
	base, err := url.Parse("https://example.com/all/")
	if err != nil {
		t.Fatal(err)
	}
	hrefs := regexp.MustCompile(`<a href="([^"]*)"`)
	scripts := 0
	for _, folder := range []string{
		"plain", "a<b", "x</script><script>alert(1)", "a&amp;b", "a|b [c](d) `e`", `a"b'c`, "a\nb\x1bc", "javascript:alert(1)", "a:b/c", "50%41", "a?b#c", "ü\u2028\U0001f600",
	} {
		var out strings.Builder
		g := grid.New(sample())
		if err := page.WriteIndex(&out, []page.Listed{{Folder: folder, Table: g, Beside: []page.Listed{{Folder: folder, Title: folder, Table: g}}}}); err != nil {
			t.Fatal(err)
		}
		links := hrefs.FindAllStringSubmatch(out.String(), -1)
		if len(links) < 3 {
			t.Errorf("%q: %d links", folder, len(links))
		}
		script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(out.String())
		goesOn := regexp.MustCompile(`location\.replace\(("[^"]*") \+ location.hash\);\n$`).FindStringSubmatch(script[1])
		if goesOn == nil {
			t.Errorf("%q: the script is %s", folder, script[1])
			continue
		}
		var to string
		if err := json.Unmarshal([]byte(goesOn[1]), &to); err != nil {
			t.Errorf("%q: %v in %s", folder, err, goesOn[1])
		}
		for _, link := range append(links, []string{"", to}) {
			href, err := base.Parse(html.UnescapeString(link[1]))
			if err != nil {
				t.Errorf("%q: %v", folder, err)
			} else if want := "/all/" + folder + "/index.html"; href.Path != want || href.Host != base.Host || href.RawQuery+href.Fragment != "" {
				t.Errorf("%q: the link %q leads to %q, want %q", folder, link[1], href.Path, want)
			}
		}
		if n := strings.Count(out.String(), "<script"); folder == "plain" {
			scripts = n
		} else if n != scripts {
			t.Errorf("%q: %d scripts, want %d", folder, n, scripts)
		}
	}
}
