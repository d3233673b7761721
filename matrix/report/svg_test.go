package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
)

// A node is an element of an SVG.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (n *node) attr(name string) string {
	i := slices.IndexFunc(n.Attrs, func(a xml.Attr) bool { return a.Name.Local == name })
	if i < 0 {
		return ""
	}
	return n.Attrs[i].Value
}

// walk calls a function for an element and everything in it.
func (n *node) walk(yield func(*node)) {
	yield(n)
	for i := range n.Children {
		n.Children[i].walk(yield)
	}
}

func readSVG(t *testing.T, out string) *node {
	t.Helper()
	root := new(node)
	if err := xml.Unmarshal([]byte(out), root); err != nil {
		t.Fatal(err)
	}
	if root.XMLName.Local != "svg" {
		t.Fatalf("the root is %s", root.XMLName.Local)
	}
	return root
}

// TestSVGIsInert checks that hostile results make a picture with nothing but drawing in
// it: no script, no link, nothing to fetch.
func TestSVGIsInert(t *testing.T) {
	known := []string{"svg", "title", "desc", "style", "defs", "g", "rect", "text", "use", "clipPath"}
	for _, format := range []string{"variety.svg", "variety.badge.svg"} {
		readSVG(t, made(t, format, hostile())).walk(func(n *node) {
			if !slices.Contains(known, n.XMLName.Local) {
				t.Errorf("%s: an element %s", format, n.XMLName.Local)
			}
			for _, a := range n.Attrs {
				bad := strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#c")
				if bad || strings.Contains(a.Value, "url(") && a.Value != "url(#round)" {
					t.Errorf("%s: %s=%q", format, a.Name.Local, a.Value)
				}
			}
			if n.XMLName.Local == "style" && (strings.Contains(n.Text, "@import") || strings.Contains(n.Text, "url(")) {
				t.Errorf("%s: the style fetches something", format)
			}
		})
	}
}

// TestSVGCells checks that each cell is drawn once, with the right fill and tip, that
// its drawing is defined, and that it is inside the picture.
func TestSVGCells(t *testing.T) {
	r := variety()
	root := readSVG(t, made(t, "variety.svg", r))
	if root.attr("role") != "img" || len(root.Children) < 2 || root.Children[0].XMLName.Local != "title" || root.Children[1].XMLName.Local != "desc" {
		t.Error("it has no title and description for those who do not see it")
	}
	defined, tips := map[string]*node{}, map[string]string{}
	root.walk(func(n *node) {
		if id := n.attr("id"); n.XMLName.Local == "g" && id != "" {
			defined[id] = n
		}
		if n.XMLName.Local == "use" {
			id := strings.TrimPrefix(n.attr("href"), "#")
			name, _, _ := strings.Cut(n.Children[0].Text, ":")
			if defined[id] == nil || tips[name] != "" {
				t.Errorf("%s is drawn twice, or as nothing", name)
				return
			}
			tips[name] = defined[id].attr("class") + " " + strings.TrimPrefix(n.Children[0].Text, name+": ")
		}
	})
	cells := 0
	for _, row := range r.Rows {
		if len(row.Patches) == 0 { // the others are not shown
			cells += len(row.Cells)
		}
	}
	if len(tips) != cells {
		t.Errorf("%d cells, want %d", len(tips), cells)
	}
	for name, want := range map[string]string{
		"v1.0.0/planted": "holds leak 10/10",
		"v1.0.0/drop-b":  "kills leak 10/10, can kill the connection",
		"v1.1.0/drop-a":  "leak leak 10/10; expected clean",
		"v1.1.0/drop-b":  "flaky flaky 2/10; expected leak",
		"v0.9.0/drop-b":  "unsupported unsupported",
		"v1.6.0/drop-a":  "vacuous not shown 0/2; expected clean",
		"v1.6.0/drop-b":  "error error 0/3",
	} {
		if tips[name] != want {
			t.Errorf("%s: %q, want %q", name, tips[name], want)
		}
	}
}

// TestSVGFits checks that a picture is as wide as a README if its columns fit, and
// wider if they do not.
func TestSVGFits(t *testing.T) {
	for _, test := range []struct{ columns, rows, width int }{{1, 1, 800}, {5, 88, 800}, {34, 88, 800}, {100, 3, 0}, {0, 2, 800}} {
		r := &matrix.Results{Words: leaky, Suite: "demo"}
		for i := range test.columns {
			r.Scenarios = append(r.Scenarios, matrix.Scenario{Name: fmt.Sprintf("scenario-%d", i), Kind: matrix.KindProbe})
		}
		for i := range test.rows {
			row := matrix.RowResult{ID: fmt.Sprintf("v0.%d.0", i), State: matrix.StateOK, Source: matrix.SourceResult{Version: fmt.Sprintf("v0.%d.0", i)}}
			for _, s := range r.Scenarios {
				row.Cells = append(row.Cells, matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictClean, Trials: 10})
			}
			r.Rows = append(r.Rows, row)
		}
		root := readSVG(t, made(t, "variety.svg", r))
		width, _ := strconv.Atoi(root.attr("width"))
		if test.width != 0 && width != test.width || width < 800 {
			t.Errorf("%d columns: %d pixels wide", test.columns, width)
		}
		p := newPicture(tables.New(r))
		if n := len(p.x); n > 0 && p.x[n-1]+p.cell > width {
			t.Errorf("%d columns: the last ends at %d of %d", test.columns, p.x[n-1]+p.cell, width)
		}
	}
}

func TestBadge(t *testing.T) {
	tests := []struct {
		advice matrix.Advice
		want   string
	}{
		{matrix.Advice{Row: "v1.0.0", State: "ok", Clean: []string{"a", "b"}}, "v1.0.0 clean"},
		{matrix.Advice{Row: "v1.0.0", State: "ok", Clean: []string{"a"}, Unknown: []string{"b"}}, "v1.0.0 clean in 1 of 2"},
		{matrix.Advice{Row: "v1.0.0", State: "ok", Affected: true, Leaks: []string{"a"}, Clean: []string{"b", "c"}}, "v1.0.0 leaks in 1 of 3"},
		{matrix.Advice{Row: "v1.0.0", State: "ok", Unknown: []string{"a"}}, "v1.0.0 unknown"},
		{matrix.Advice{Row: "v1.0.0", State: "build-failed"}, "v1.0.0 unknown"},
	}
	for _, test := range tests {
		var out bytes.Buffer
		g := &matrix.Grid{Suite: "demo", Words: leaky.Complete(), Rows: []matrix.GridRow{{RowResult: matrix.RowResult{ID: test.advice.Row}, Advice: test.advice}}}
		if err := Badge(&out, g, test.advice.Row); err != nil {
			t.Fatal(err)
		}
		var texts []string
		readSVG(t, out.String()).walk(func(n *node) {
			if n.XMLName.Local == "text" {
				texts = append(texts, n.Text)
			}
		})
		if got := strings.Join(texts, ": "); got != "demo: "+test.want {
			t.Errorf("%q, want %q", got, "demo: "+test.want)
		}
	}
}

func TestNewest(t *testing.T) {
	row := func(id, version string, patches ...matrix.Applied) matrix.RowResult {
		return matrix.RowResult{ID: id, Source: matrix.SourceResult{Version: version}, Patches: patches}
	}
	for want, rows := range map[string][]matrix.RowResult{
		"":            nil,
		"v1.10.0":     {row("v1.10.0", "v1.10.0"), row("v1.9.0", "v1.9.0"), row("v1.11.0-rc.1", "v1.11.0-rc.1"), row("v1.12.0+p", "v1.12.0", matrix.Applied{})},
		"v1.0.0-rc.2": {row("v1.0.0-rc.1", "v1.0.0-rc.1"), row("v1.0.0-rc.2", "v1.0.0-rc.2")},
		"v0.1.0":      {row("v0.2.0-rc.1", "v0.2.0-rc.1"), row("v0.1.0", "v0.1.0")},
	} {
		if got := Newest(tables.New(&matrix.Results{Words: leaky, Rows: rows})); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
