package report

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	tables "github.com/matrixrun/matrixrun/matrix/grid"
)

// otherWords matches the words of another suite than that of the tests below. The codes of
// results.json, such as a key of JSON, are not among them.
var otherWords = regexp.MustCompile(`(?i)\b(leak(s|ed)?|clean|kill|connection)\b`)

// codesOf matches what has the same name in all suites: the type of a failure in JUnit, the
// class of a fill, a key or a severity of OSV, an effect.
var codesOf = regexp.MustCompile(`type="(leak|clean)"|class="(leak|clean)"|\.(leak|clean) |"leaks":|"worst_seen": "connection"|still-leaks`)

// TestWords checks that people read the words of the suite in every format: all verbs that
// it gives, those made of them, and none of another suite.
func TestWords(t *testing.T) {
	all := map[string]func(io.Writer, *matrix.Grid) error{
		"terminal": func(w io.Writer, g *matrix.Grid) error { return Terminal(w, g, Screen{}) },
		"markdown": Markdown,
	}
	for name, write := range formats {
		if name != "variety.csv" { // which is for programs
			all[name] = write
		}
	}
	own := matrix.Words{
		Leak: matrix.Phrase{One: "accepts it", Past: "accepted it", Noun: "hole", Sign: "A"}, Clean: matrix.Phrase{One: "refuses it"},
		Severe: matrix.Phrase{One: "opens all doors", Name: "all doors"}, Mild: matrix.Phrase{One: "opens one door", Name: "door"}, Part: "door", All: "house",
	}
	for name, write := range all {
		for _, test := range []struct {
			words matrix.Words
			want  string // in most formats
		}{{own, "accept"}, {matrix.Words{}, "bad"}} {
			r := variety()
			r.Words = test.words
			for i := range r.Rows {
				for k := range r.Rows[i].Cells {
					r.Rows[i].Cells[k].Saw = nil // in the words of the target
				}
			}
			var out bytes.Buffer
			if err := write(&out, tables.New(r)); err != nil {
				t.Fatal(err)
			}
			text := codesOf.ReplaceAllString(out.String(), "")
			if other := otherWords.FindStringIndex(text); other != nil {
				t.Errorf("%s: it has the words of another suite: %q", name, text[max(0, other[0]-80):min(len(text), other[1]+80)])
			}
			if !strings.Contains(text, test.want) && name != "variety.badge.svg" {
				t.Errorf("%s: it does not have %q:\n%s", name, test.want, text)
			}
		}
	}
}

// TestTexts checks which findings become one sentence.
func TestTexts(t *testing.T) {
	got := texts([]matrix.Finding{
		{Row: "v0.1.0", Text: "v0.1.0: a is vacuous. Run it again with --only v0.1.0"},
		{Row: "v0.2.0", Text: "v0.2.0: it does not build"},
		{Row: "v0.3.0", Text: "v0.3.0 - v0.4.0 (2 releases): expected clean"},
		{Row: "v0.5.0", Text: "v0.5.0: a is vacuous. Run it again with --only v0.5.0"},
	})
	want := []string{
		"v0.1.0 and v0.5.0: a is vacuous. Run it again with --only v0.1.0,v0.5.0",
		"v0.2.0: it does not build",
		"v0.3.0 - v0.4.0 (2 releases): expected clean",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestHowTo checks that all documents explain the same words and signs of a table, each with
// its own sign for a severe leak.
func TestHowTo(t *testing.T) {
	g := tables.New(variety())
	markdown, page := HowTo(g, Style{Severe: "†", Rates: true}), HowTo(g, Style{Severe: "C"})
	if len(markdown) != 7 || len(page) != 6 {
		t.Fatalf("%d and %d sentences, want 7 and, without rates, 6", len(markdown), len(page))
	}
	said := strings.Join(markdown, "\n")
	said = strings.NewReplacer("`†`", "`C`", "; the footnote says which", "").Replace(said)
	for _, sentence := range page {
		if !strings.Contains(said, sentence) {
			t.Errorf("the document does not say: %s", sentence)
		}
	}
}
