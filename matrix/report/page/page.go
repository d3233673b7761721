package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"path"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Options are what a page needs beside the table.
type Options struct {
	// SuiteArg names the suite in commands. It is empty for the suite that
	// matrixrun takes by default.
	SuiteArg string

	// Near are the pages next to this one, about the same question. This page answers
	// for their rows too, and links them.
	Near []Near

	// Index is the address of the page that lists this one, relative to this one. It is
	// empty if there is no such page.
	Index string

	// Verified is what came out when rows of the table were built again; nil if that was
	// not done.
	Verified *matrix.Verification
}

// Write writes a table as a page. The same table makes the same bytes.
func Write(w io.Writer, g *matrix.Grid, o Options) error {
	v := newView(g, o)
	style := assets(".css") + wide(g) + v.Timeline.rules()
	script := "\"use strict\";\n(() => {\n" + assets(".js") + "})();\n"
	v.Style, v.Script = template.CSS(style), template.JS(script)
	v.Policy = policy(script, style)
	return execute(w, "page.html", v)
}

// policy is the content security policy of a page with one program and one style sheet.
func policy(script, style string) string {
	return fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; img-src data:; base-uri 'none'; form-action 'none'",
		hash(script), hash(style))
}

// execute writes what a template makes of a view.
func execute(w io.Writer, name string, view any) error {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, name, view); err != nil {
		return fmt.Errorf("making the page: %w", err)
	}
	// The package escapes plus signs because of UTF-7, in which nobody reads a page that says
	// that it is in UTF-8.
	_, err := io.WriteString(w, harmless(strings.ReplaceAll(out.String(), "&#43;", "+")))
	return err
}

//go:embed assets
var files embed.FS

// templates returns the templates of the page. Few commands need them, and to parse them
// takes milliseconds.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"prose":  prose,
		"legend": legendClass,
		"inc":    func(i int) int { return i + 1 }, // footnotes are numbered from 1

		"publishedTitle":  func() string { return report.PublishedTitle },
		"correctionTitle": func() string { return report.CorrectionTitle },
		"disagreements":   report.Disagreements,
		"correction":      report.Correction,
	}).ParseFS(files, "assets/*.html"))
})

// assets returns all files with a suffix as one, in the order of their names.
func assets(suffix string) string {
	entries, err := files.ReadDir("assets")
	if err != nil {
		panic(err) // the files are embedded
	}
	var out strings.Builder
	for _, e := range entries {
		if path.Ext(e.Name()) == suffix {
			data, err := files.ReadFile("assets/" + e.Name())
			if err != nil {
				panic(err)
			}
			out.WriteString(bare(string(data), suffix))
		}
	}
	return out.String()
}

// comments matches the comments of a style sheet.
var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

// bare removes indentation and comments, which only those who edit the assets need.
// Comments in a program must have lines of their own.
func bare(text, suffix string) string {
	if suffix == ".css" {
		text = comments.ReplaceAllString(text, "")
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// wide returns the rule for windows that are wide enough for all columns: there, the
// head of the table sticks to the window. In narrower windows the table scrolls in a
// box of its own and its head sticks to that. A style sheet cannot find out itself
// which of the two is the case. Widths are in rem.
func wide(g *matrix.Grid) string {
	lead := 24
	if g.Patched() > 0 {
		lead += 4
	}
	for _, row := range g.Rows { // long labels need more room than versions
		lead = max(lead, 14+len([]rune(row.Label))*2/3)
	}
	return fmt.Sprintf("@media screen and (min-width: %drem) { .scroll { overflow: visible; max-height: none; } }\n", lead+3*len(g.Columns)/2)
}

// hash returns the name of a text in a content security policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// harmless returns a page without characters that are invisible or change the reading
// direction, and without what a CI system takes for a command in a log: see package
// text. Data is JSON, which has no references to characters.
func harmless(page string) string {
	const begin, end = `<script type="application/json" id="data">`, "</script>"
	before, rest, _ := strings.Cut(page, begin)
	data, after, _ := strings.Cut(rest, end)
	data = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
			return unicode.ReplacementChar // which HarmlessJSON would keep, escaped
		}
		return r
	}, data)
	return text.HarmlessMarkup(before) + begin + text.HarmlessJSON(data) + end + text.HarmlessMarkup(after)
}
