package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// tree parses a page as a browser does.
func tree(t *testing.T, data []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all returns the elements of a tag, in their order.
func all(n *html.Node, tag string) (out []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			out = append(out, d)
		}
	}
	return out
}

// attribute returns an attribute, empty if the element does not have it.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text returns all text within an element.
func text(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}

// TestRows checks that the newest release is first, that patched rows are below their
// release, that each minor version has a group, and that cells have their symbols.
func TestRows(t *testing.T) {
	table := all(tree(t, write(t, sample(), page.Options{})), "table")[0]
	var got []string
	for _, body := range all(table, "tbody") {
		for _, tr := range all(body, "tr") {
			line := text(all(tr, "a")[0]) + ":"
			for _, td := range all(tr, "td")[3:] { // after the date, the rate, and the effect
				line += " " + orElse(attribute(td, "class"), "c") // what is clean needs none
			}
			got = append(got, line)
		}
		got = append(got, "")
	}
	want := []string{
		"v1.3.0: s", "",
		"v1.2.0: c h l h c l c x", "v1.2.0-rc.1: c h l h c x l x u x", "",
		"v1.1.1: e l h v x e x c", "v1.1.0: c h l h k l x c", "+ fix: c h l h c c c", "",
		"v1.0.1: c h l h l d b f b c", "v1.0.0: c h l h c g c g c g", "",
		"v0.9.0: c h l h k k l", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// TestTableSpeaks checks that what places and colours show is there in words too.
func TestTableSpeaks(t *testing.T) {
	doc := tree(t, write(t, sample(), page.Options{}))
	if lang := attribute(all(doc, "html")[0], "lang"); lang != "en" {
		t.Errorf("the language is %q", lang)
	}
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, field := range all(doc, tag) {
			labelled := field.Parent.Data == "label"
			for _, l := range all(doc, "label") {
				labelled = labelled || attribute(l, "for") == attribute(field, "id")
			}
			if !labelled {
				t.Errorf("%s %s has no label", tag, attribute(field, "id"))
			}
		}
	}
}

// TestHeadings checks for published pages and for the index that headings begin with one of
// the first level and leave no level out, and that header cells say what they are the head of.
func TestHeadings(t *testing.T) {
	suites, err := readSuites()
	if err != nil {
		t.Fatal(err)
	}
	var listed []page.Listed
	pages := map[string][]byte{}
	for _, r := range suites {
		pages[r.Suite] = write(t, r, page.Options{})
		listed = append(listed, page.Listed{Folder: r.Suite, Table: grid.New(r)})
	}
	var index bytes.Buffer
	if err := page.WriteIndex(&index, listed); err != nil {
		t.Fatal(err)
	}
	pages["index"] = index.Bytes()
	for name, data := range pages {
		doc, last := tree(t, data), 0
		for d := range doc.Descendants() {
			if level, ok := map[string]int{"h1": 1, "h2": 2, "h3": 3, "h4": 4}[d.Data]; ok && d.Type == html.ElementNode {
				if level > last+1 || (level == 1) != (last == 0) {
					t.Errorf("%s: %q is of level %d, after one of level %d", name, text(d), level, last)
				}
				last = level
			}
		}
		for _, th := range all(doc, "th") {
			if attribute(th, "scope") == "" {
				t.Errorf("%s: the header cell %q has no scope", name, text(th))
			}
		}
	}
}

// TestOneFile checks that the page has nothing in it that a browser would fetch, and
// that its policy allows no fetching.
func TestOneFile(t *testing.T) {
	changes := make(map[string]bool)
	for _, f := range published(t).Families {
		for _, c := range f.Changes {
			changes[c.By] = true
		}
	}
	for name, data := range map[string][]byte{"published": realPage(t), "hostile": write(t, hostile(), page.Options{})} {
		doc := tree(t, data)
		for _, tag := range []string{"img", "iframe", "object", "embed", "video", "audio", "source", "base"} {
			if n := len(all(doc, tag)); n > 0 {
				t.Errorf("%s: the page has %d of %s", name, n, tag)
			}
		}
		for d := range doc.Descendants() {
			for _, a := range d.Attr {
				// A link that people follow may lead anywhere, but only to what the suite names.
				outside := regexp.MustCompile(`^(#|data:image/svg|results\.json$|COMPATIBILITY\.md$)`)
				if a.Key == "href" && d.Data == "a" && changes[a.Val] && strings.HasPrefix(a.Val, "https://") {
					continue
				}
				if (a.Key == "href" || a.Key == "src") && !outside.MatchString(a.Val) {
					t.Errorf("%s: %s has %s=%q", name, d.Data, a.Key, a.Val)
				}
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: %s has the attribute %s", name, d.Data, a.Key)
				}
			}
		}
		if n := len(all(doc, "script")); n != 2 {
			t.Errorf("%s: the page has %d scripts, want the data and the program", name, n)
		}
		policy := attribute(all(doc, "meta")[1], "content")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'sha256-") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", name, policy)
		}
		if bad := regexp.MustCompile(`url\(|@import`).Find([]byte(text(all(doc, "style")[0]))); bad != nil {
			t.Errorf("%s: the style has %s", name, bad)
		}
	}
}

// alike returns results with two releases that have the same advice, and a patched build
// of each.
func alike() *matrix.Results {
	r := &matrix.Results{Words: leaky, Suite: "example", Target: "example.com/lib", Scenarios: testScenarios}
	for _, version := range []string{"v1.0.0", "v1.1.0"} {
		patched := testRow(version, "clccc", testScenarios)
		patched.ID, patched.Patches = version+"+fix", []matrix.Applied{{Name: "fix", Apply: matrix.ApplyExact}}
		r.Rows = append(r.Rows, testRow(version, "cllll", testScenarios), patched)
	}
	return r
}

// TestShared checks that the page has the same sentences once, and that the other rows
// say where.
func TestShared(t *testing.T) {
	var got []string
	for _, row := range all(tree(t, write(t, alike(), page.Options{})), "details")[1:5] {
		for _, tag := range []string{"p", "ul"} {
			for _, e := range all(row, tag) {
				got = append(got, attribute(row, "id")+" "+attribute(e, "class")+": "+text(e))
			}
		}
	}
	want := []string{
		"v1.1.0 do: no later release leaks less" + "or stay, and build with patches: matrixrun fork v1.1.0 --patch fix -o DIR; with it, nothing leaks" + "what does not help: wait",
		"v1.1.0 sure: 2 probes: 10 of 10 proven trials of each leaked (95 % interval: 69.0 - 100.0 %)" + "its checks held",
		"v1.1.0+fix sure: 2 probes: 0 of 30 proven trials of each leaked (excludes more than 12 %)" + "its checks held",
		"v1.0.0 do: as for v1.1.0, with v1.0.0 in its place",
		"v1.0.0 sure: as for v1.1.0",
		"v1.0.0+fix sure: as for v1.1.0 + fix",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

// TestPublishedRanges checks that the page says of each advisory whether it agrees with the
// measurements, and if not, where and what it could say. A page without advisories has no
// such section.
func TestPublishedRanges(t *testing.T) {
	r := sample()
	for i, fixed := range []string{"v0.9.1", "v1.0.1"} {
		affected := matrix.AffectedModule{Module: "example.com/lib", Ranges: []matrix.AffectedRange{{Introduced: matrix.FromStart, Fixed: fixed}}}
		r.Advisories = append(r.Advisories, matrix.Claim{
			Advisory:  matrix.Advisory{ID: fmt.Sprint("GO-", i), Affected: []matrix.AffectedModule{affected}},
			Scenarios: []string{"ask-one"}, Releases: []string{">= 1.0.0, < 1.0.1", ">= 1.0.0, < 1.1"}[i],
		})
	}
	var got []string
	for _, section := range all(tree(t, write(t, r, page.Options{})), "section") {
		if attribute(section, "id") == "published" {
			for _, tag := range []string{"h2", "summary", "pre"} {
				for _, e := range all(section, tag) {
					got = append(got, text(e))
				}
			}
			got = append(got, text(all(section, "li")[0]), text(all(section, "li")[2]))
		}
	}
	want := []string{
		"Published ranges", "GO-1 and ask-one disagree in 2 of the 2 releases that were tried",
		"id: GO-1\nmodules:\n    - module: example.com/lib\n      versions:\n        - introduced: 1.0.1\n      vulnerable_at: 1.0.1\n",
		"GO-0 and ask-one agree in the 1 release that was tried, none of which GO-0 calls affected",
		"example.com/lib: published: before v1.0.1; measured: leaks in v1.0.1, clean in v1.0.0; evidence: v1.0.0 (clean, 0 of 30 trials) and v1.0.1 (leak, 10 of 10 trials)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if strings.Contains(string(write(t, sample(), page.Options{})), `id="published"`) {
		t.Error("a page without advisories has a section for them")
	}
}

// TestHostileTexts checks that hostile texts stay texts, and that none is lost.
func TestHostileTexts(t *testing.T) {
	r := hostile()
	doc := tree(t, write(t, r, page.Options{}))
	if got := len(all(doc, "details")); got != 4+len(r.Rows)+len(r.Scenarios) {
		t.Errorf("the page has %d details: a text has opened or closed some", got)
	}
	var got struct {
		Rows      []struct{}
		Scenarios []struct{ Name string }
	}
	if err := json.Unmarshal([]byte(text(all(doc, "script")[0])), &got); err != nil {
		t.Fatalf("the data is not JSON: %v", err)
	}
	if len(got.Rows) != len(r.Rows) || !strings.Contains(got.Scenarios[0].Name, "</script>") {
		t.Errorf("the data is %+v", got)
	}
	if id := attribute(all(doc, "details")[2], "id"); !strings.Contains(id, "</script>") {
		t.Errorf("the ID of the first row is %q", id)
	}
}

// TestEvidence checks that only names for evidence of the cell become links.
func TestEvidence(t *testing.T) {
	r := sample()
	r.Rows[0].Cells[2].Evidence = []string{"javascript:alert(1)", "evidence/../x", "evidence/v1.0.0/ask-one.x", matrix.EvidencePath("v0.9.0", "ask-one", ".sqlog")}
	var got struct{ Evidence [][]string }
	if err := json.Unmarshal([]byte(text(all(tree(t, write(t, r, page.Options{})), "script")[0])), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{}, {".pcapng"}, {".sqlog"}}, got.Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

// TestSame checks that the same results make the same bytes.
func TestSame(t *testing.T) {
	if !bytes.Equal(realPage(t), write(t, published(t), page.Options{})) {
		t.Fatal("two pages of the same results differ")
	}
}

// TestLittle checks that results without rows or scenarios make a page too.
func TestLittle(t *testing.T) {
	for name, r := range map[string]*matrix.Results{
		"nothing":      {},
		"no rows":      {Suite: "example", Target: "example.com/lib", Scenarios: testScenarios},
		"no scenarios": {Suite: "example", Target: "example.com/lib", Rows: []matrix.RowResult{testRow("v1.0.0", "", nil)}},
		"no version":   {Rows: []matrix.RowResult{{ID: "x", Source: matrix.SourceResult{Version: "master"}, State: matrix.StateOK}}},
	} {
		var out strings.Builder
		if err := page.Write(&out, grid.New(r), page.Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains(out.String(), "</html>") {
			t.Errorf("%s: the page is cut short", name)
		}
	}
}

// TestWriteFails checks that a write error is returned.
func TestWriteFails(t *testing.T) {
	r, w := io.Pipe()
	_ = r.CloseWithError(fmt.Errorf("the disk is full"))
	if err := page.Write(w, grid.New(sample()), page.Options{}); err == nil {
		t.Error("no error")
	}
}

// TestToolchains checks that the card of a release is not good if it leaks with another
// toolchain, and that the rows of toolchains are not said to be forks.
func TestToolchains(t *testing.T) {
	r := sample()
	further := testRow("v1.0.0", "cllcc", testScenarios)
	further.ID, further.Toolchain = "v1.0.0@go1.21.13", "go1.21.13"
	further.Source.Kind, further.Source.Toolchain = matrix.SourceToolchain, further.Toolchain
	r.Rows = append(r.Rows, further)
	doc := tree(t, write(t, r, page.Options{}))
	var got struct {
		Rows []struct{ State, Flags string }
	}
	if err := json.Unmarshal([]byte(text(all(doc, "script")[0])), &got); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, e := range all(doc, "details") {
		if attribute(e, "class") != "row" {
			continue
		}
		row := got.Rows[at]
		at++
		wantState, wantFlags, gist := "", "", text(all(e, "summary")[0])
		switch attribute(e, "id") {
		case "v1.0.0":
			wantState = "open"
			if want := "the rest depends on the toolchain: ask-one leaks with go1.21.13, clean with go1.26.0"; !strings.HasSuffix(gist, want) {
				t.Errorf("its gist is %q, want it to end in %q", gist, want)
			}
		case "v1.0.0@go1.21.13":
			wantFlags = "--only v1.0.0 --toolchain go1.21.13"
		}
		if row.State != wantState || row.Flags != wantFlags {
			t.Errorf("%s: the state is %q and the flags are %q, want %q and %q", attribute(e, "id"), row.State, row.Flags, wantState, wantFlags)
		}
	}
	if at != len(r.Rows) {
		t.Errorf("the page has %d of %d rows", at, len(r.Rows))
	}
	if strings.Contains(text(doc), "build by build") {
		t.Error("the page lists the rows of toolchains as it does forks")
	}
}
