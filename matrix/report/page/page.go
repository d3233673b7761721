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
	"slices"
	"strings"
	"unicode"

	"github.com/matrixrun/matrixrun/matrix"
)

// Options are what a page can have beyond the table.
type Options struct {
	// SuiteArg names the suite in commands; empty where matrixrun takes it
	// without being told.
	SuiteArg string
}

// Write writes a table as a page. The same input makes the same bytes.
func Write(w io.Writer, table *matrix.Grid, o Options) error {
	style := assets(".css") + wide(table)
	script := "\"use strict\";\n(() => {\n" + assets(".js") + "})();\n"
	v := newView(table, o)
	v.Style, v.Script = template.CSS(style), template.JS(script)
	v.Policy = fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; img-src data:; base-uri 'none'; form-action 'none'",
		hash(script), hash(style))
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, "page.html", v); err != nil {
		return fmt.Errorf("making the page: %w", err)
	}
	_, err := w.Write(visible(out.Bytes()))
	return err
}

//go:embed assets
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"prose":  prose,
	"legend": legendClass,
	"inc":    func(i int) int { return i + 1 }, // footnotes are numbered from 1
}).ParseFS(files, "assets/*.html"))

// assets returns the files with a suffix as one, in the order of their names.
func assets(suffix string) string {
	entries, err := files.ReadDir("assets")
	if err != nil {
		panic(err) // they are part of the program
	}
	var out strings.Builder
	for _, e := range entries {
		if path.Ext(e.Name()) == suffix {
			text, err := files.ReadFile("assets/" + e.Name())
			if err != nil {
				panic(err)
			}
			out.WriteString(bare(string(text), suffix))
		}
	}
	return out.String()
}

// comments are those of a style sheet.
var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

// bare leaves out what only those who write the assets need: indents and comments,
// which in a program have lines of their own.
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

// wide lets the table's head stick to the window where all columns fit in it.
// Where they do not, the table scrolls in a box of its own, to which its head
// sticks; a style sheet cannot ask which of the two holds.
func wide(g *matrix.Grid) string {
	lead := 24
	if patched(g) {
		lead += 4
	}
	for _, row := range g.Rows { // long names take more than there is for versions
		lead = max(lead, 14+len([]rune(row.Label))*2/3)
	}
	return fmt.Sprintf("@media screen and (min-width: %drem) { .scroll { overflow: visible; max-height: none; } }\n", lead+3*len(g.Columns)/2)
}

// patched reports whether the table has a row with patches.
func patched(g *matrix.Grid) bool {
	return slices.ContainsFunc(g.Rows, func(row matrix.GridRow) bool { return len(row.Patches) > 0 })
}

// hash names a text in a content security policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// visible replaces what would be seen as nothing, or turn the reading direction,
// by a character that shows it. No markup has any of it.
func visible(page []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
			return unicode.ReplacementChar
		}
		return r
	}, page)
}
