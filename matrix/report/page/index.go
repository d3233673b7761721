package page

import (
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// IndexMark is in every index, so that a page knows one when it is next to it.
const IndexMark = `<meta name="generator" content="matrixrun index">`

// Listed are results in an index.
type Listed struct {
	Folder string // of their page, relative to the index, with slashes
	Title  string // "forks" or "servers of v1.2.3"; empty for those that the others are beside
	Table  *matrix.Grid
	Texts  []Text   // what else is in the folder
	Beside []Listed // results of the same suite in folders of this one
}

// Address is the folder in links: names of folders can have any character. The template
// leaves an & in a link as it is, which HTML takes for the beginning of a character.
func (l Listed) Address() string {
	return strings.ReplaceAll((&url.URL{Path: l.Folder}).String(), "&", "%26")
}

// A Text is a document in the folder of results.
type Text struct{ File, Title string }

// A section is what the index says of results.
type section struct {
	Listed
	Question, Who string
	Measured      string
	Newest        string // the newest release, about which the last column is; empty for none
	Ways          []way
	Answers       []string // in place of ways
	Published     string   // how many advisories disagree; empty without advisories
}

// A way is how a program meets a defect, and where that happens.
type way struct {
	If, Then string
	In       string // releases
	Now      string // in the newest release, in the suite's words
	Class    string // of Now: the letter of its fill
}

// WriteIndex writes the page that lists results. An address of a row, such as #v1.2.3, goes
// on to the page of the first ones: it was there before there was an index.
func WriteIndex(w io.Writer, all []Listed) error {
	var v struct {
		Style    template.CSS
		Script   template.JS
		Policy   string
		Mark     template.HTML
		Sections []section
	}
	for _, l := range all {
		v.Sections = append(v.Sections, newSection(l))
	}
	style, script := assets(".css"), ""
	if len(all) > 0 {
		script = fmt.Sprintf("\"use strict\";\nif (location.hash.length > 1) location.replace(%q + location.hash);\n", all[0].Address()+"/index.html")
	}
	v.Style, v.Script, v.Mark, v.Policy = template.CSS(style), template.JS(script), IndexMark, policy(script, style)
	return execute(w, "index.html", v)
}

// compiled says what was built, and when.
func compiled(g *matrix.Grid) string {
	line := strings.Join(report.Builds(g), ", ") + " of " + g.Target + ", each compiled from source and run"
	if !g.Generated.IsZero() {
		line += " on " + g.Generated.UTC().Format(time.DateOnly)
	}
	return line + "."
}

// newSection puts results into words.
func newSection(l Listed) section {
	g := l.Table
	e := section{Listed: l, Question: g.Question, Who: g.Who, Measured: compiled(g), Answers: g.Answers}
	if e.Question == "" {
		e.Question = g.Suite + ": " + g.Target
	}
	wrong := 0
	for _, p := range g.Published {
		if len(p.Modules) > 0 {
			wrong++
		}
	}
	if n := len(g.Published); n > 0 {
		e.Published = fmt.Sprintf("%s that disagree with what was measured: %d of %d", report.PublishedTitle, wrong, n)
	}
	newest := report.NewestRelease(g)
	if newest != nil {
		e.Newest = newest.ID
	}
	for i := range g.Families {
		f := &g.Families[i]
		one := way{If: f.Title, Then: f.Consequence, In: report.LeaksIn(f)}
		if newest != nil {
			now := report.FamilyIn(f, newest)
			one.Now, one.Class = report.FamilyWord(now.Verdict, g.Words), fills.OfVerdict(now.Verdict, now.Kills).Letter
		}
		e.Ways, e.Answers = append(e.Ways, one), nil
	}
	return e
}
