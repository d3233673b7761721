//go:build proofs

package page_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// A pasted is a case of texts.txtar, which the command is tested with too.
type pasted struct {
	text  string // of all files, one after another
	files int
	want  []string
}

// readTexts returns the cases, results with the releases that they are about, and those
// of forks.
func readTexts(t *testing.T) (cases map[string]*pasted, r, forks *matrix.Results) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/texts.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases, r, forks = make(map[string]*pasted), sample(), sample()
	r.Rows, forks.Rows = nil, nil
	for _, f := range archive.Files {
		lines := strings.FieldsFunc(string(f.Data), func(r rune) bool { return r == '\n' })
		name, file, ok := strings.Cut(f.Name, "/")
		if !ok {
			for _, line := range lines {
				list(name, line, r, forks)
			}
			continue
		}
		c := cases[name]
		if c == nil {
			c = &pasted{}
			cases[name] = c
		}
		if file == "want" {
			c.want = lines
			continue
		}
		c.text += string(f.Data)
		c.files++
	}
	return cases, r, forks
}

// list adds a line of a list in texts.txtar to results.
func list(name, line string, r, forks *matrix.Results) {
	module, version, _ := strings.Cut(line, " ")
	row := testRow(version, "clclc", testScenarios)
	row.Source.Module = module
	switch name {
	case "releases":
		r.Rows = append(r.Rows, row)
	case "unaffected":
		r.Unaffected = append(r.Unaffected, matrix.UnaffectedRelease{Module: module, Version: version, Why: "it has no method A"})
	default:
		row.ID, row.Source.Kind = module+"@"+version, matrix.SourceModule
		forks.Rows = append(forks.Rows, row)
	}
}

// A shown is a card of the answer, as people read it.
type shown struct {
	Title string `json:"title"`
	By    string `json:"by"`
	Row   string `json:"row"` // of the details below the table with the same title, or of the other page that is linked
}

// readCards lists the cards.
const readCards = `(() => { const rows = [...document.querySelectorAll("details.row")], ids = ` + rowIDs + `;
	return [...document.querySelectorAll("#answer .card")].map((e) => { const title = e.querySelector("h2")?.textContent ?? "", i = rows.findIndex((r) => r.querySelector("summary").textContent === title);
		const link = e.querySelector("a[href^='forks/'], a[href^='../']"), id = link ? decodeURIComponent(link.getAttribute("href").split("#")[1]) : "";
		return {title, by: e.querySelector(".by")?.textContent ?? "", row: i < 0 ? id : ids[i]}; }); })()`

// TestTexts checks what the page says of texts about builds: the same as the command.
func TestTexts(t *testing.T) {
	cases, releases, forks := readTexts(t)
	forks.Unaffected = releases.Unaffected
	for name, page := range map[string][]byte{
		"releases": write(t, releases, page.Options{Near: output.NearForks(forks)}),
		"forks":    write(t, forks, page.Options{Near: output.NearReleases(releases)}),
	} {
		b := openPage(t, page, "", desk)
		for title, c := range cases {
			t.Run(name+"/"+title, func(t *testing.T) {
				b.t = t
				fill(b, c.text)
				got := answersOf(b, c.files > 1)
				want := slices.Sorted(slices.Values(c.want))
				if !slices.Equal(want, got) {
					t.Errorf("(-want +got):\n%s\nthe page says:\n%s", gocmp.Diff(want, got), eval[string](b, `document.querySelector("#answer").innerText`))
				}
			})
		}
		b.t = t
	}
}

// answersOf returns the answer of the page in the words of texts.txtar, sorted.
func answersOf(b *tab, several bool) (lines []string) {
	const none = "This text names no release of example.com/lib, but that is no all-clear"
	cards := eval[[]shown](b, readCards)
	said := eval[string](b, `document.querySelector("#answer").innerText`)
	if len(cards) == 0 {
		b.t.Error("there is no answer")
	}
	for _, card := range cards {
		module, line := "example.com/lib", "0"
		if title, at, ok := strings.Cut(card.By, ", by line "); ok || title != "" {
			module, _, _ = strings.Cut(title, " ")
			line = cmp.Or(at, "0")
		}
		at := module + ":" + line
		if several {
			at = module
		}
		switch {
		case card.Title == none || card.Title == "":
		case card.Row != "":
			lines = append(lines, at+" row "+card.Row)
		case strings.HasSuffix(card.Title, " cannot be affected"):
			lines = append(lines, at+" unaffected")
		case card.By == "":
			lines = append(lines, "refused")
		case strings.HasSuffix(card.Title, " may be a fork of example.com/lib, which was not measured"):
			lines = append(lines, at+" maybe")
		default:
			lines = append(lines, at+" unknown")
		}
	}
	if strings.Contains(said, "Paste what “go list -m all” prints.") {
		lines = append(lines, "partial")
	}
	if len(lines) == 0 && !strings.Contains(said, none) {
		b.t.Errorf("this sounds like an all-clear:\n%s", said)
	}
	slices.Sort(lines)
	return lines
}

// TestHostileTextsInBox pastes texts that try to be more than texts, or that are very
// long. The page answers them in a moment, and shows only some of a long list.
func TestHostileTextsInBox(t *testing.T) {
	bad := `"'><img/src=x/onerror=alert(1)><script>alert(2)</script>`
	cases := map[string]string{
		"a path":           "module m\ngo 1.26\nrequire " + bad + "/lib v1.0.0\n",
		"a folder":         "module m\ngo 1.26\nrequire example.com/lib v1.0.0\nreplace example.com/lib => ./" + bad + "\n",
		"a line":           "module m\n" + bad + " x\n",
		"a word":           bad,
		"JSON":             `{"Path": "-x/` + "`$(id)`" + `/lib", "Version": "v1.0.0", "__proto__": {"Main": true}}`,
		"JSON of numbers":  `{"Path": 7}`,
		"JSON of lists":    `{"Path": "example.com/lib", "Version": ["v1.0.0"], "Replace": "x"}`,
		"many braces":      strings.Repeat("{", 500_000) + " \n",
		"one long word":    strings.Repeat("a", 1_000_000),
		"one long line":    strings.Repeat("a ", 500_000),
		"one long string":  `{"Path": "` + strings.Repeat(`\\`, 500_000),
		"many blanks":      "module" + strings.Repeat(" ", 1_000_000) + "\nx",
		"many lines":       strings.Repeat("\n", 300_000) + "x y",
		"many forks":       "module m\ngo 1.26\nrequire (\n" + forks(30_000) + ")\n",
		"more than enough": strings.Repeat("module m\n", 400_000),
	}
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			b.t = t
			// The time of the page's own program, without that of the browser's box.
			took := eval[float64](b, fmt.Sprintf(`(() => { const box = document.querySelector("#box"); box.value = %s; const start = performance.now();
				box.dispatchEvent(new Event("input")); return performance.now() - start; })()`, quoteJS(text)))
			if limit := 10 * time.Second; time.Duration(took)*time.Millisecond > limit {
				t.Errorf("%.0f ms, want less than %v", took, limit)
			}
			cards := eval[[]shown](b, readCards)
			if len(cards) == 0 || len(cards) > 25 {
				t.Errorf("%d cards", len(cards))
			}
			if n := eval[int](b, `document.querySelectorAll("#answer img, #answer script").length`); n > 0 {
				t.Errorf("%d elements were made from the text", n)
			}
			if said := eval[string](b, `document.querySelector("#answer").innerText`); len(said) > 20_000 {
				t.Errorf("the answer has %d bytes", len(said))
			} else if strings.Contains(said, "check -x") {
				t.Errorf("a path became a flag:\n%s", said)
			}
		})
	}
	b.t = t
	fill(b, "")
}

// forks returns lines that require modules which may be forks.
func forks(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "\texample.com/fork%d/lib v1.0.0\n", i)
	}
	return out.String()
}

// quoteJS returns an expression with the value of a text.
func quoteJS(text string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`", "$", "\\$").Replace(text) + "`"
}
