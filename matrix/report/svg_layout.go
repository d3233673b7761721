package report

import (
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// Lengths, in pixels at the picture's own size, and in characters.
const (
	svgWidth = 800 // what a README shows; a table of many columns is wider
	svgRow   = 16  // a row's height
	svgGap   = 3   // between release lines, and between kinds of scenarios
	svgHead  = 30  // characters of a scenario's name
	svgLabel = 28  // of a row's
	svgChar  = 7   // pixels of a character
)

// A picture is where everything is in an SVG, and how it is drawn.
type picture struct {
	title   string
	sub     []string // lines below the title
	columns []matrix.Scenario
	x       []int // of each column
	lines   [][]matrix.GridRow
	legend  []matrix.Sign

	left, top, cell int // where the cells begin, and how wide one is
	width, height   int
	headHeight      int
	drawn           []drawing
}

func newPicture(g *matrix.Grid) *picture {
	p := &picture{
		title:   g.Suite + ": " + g.Target,
		columns: g.Columns,
		lines:   releaseLines(newestFirst(g.Rows)),
		legend:  g.Legend,
	}
	sub := measure(g)
	if !g.Generated.IsZero() {
		sub += ", " + g.Generated.UTC().Format(time.DateOnly)
	}
	p.sub = strings.Split(strings.TrimSpace(wrap(plain(sub), "", "")), "\n")
	longest := 8
	for _, row := range g.Rows {
		longest = max(longest, min(svgLabel, utf8.RuneCountInString(plain(row.Label))))
	}
	p.left = longest*svgChar + 12
	names := make([]int, len(g.Columns)) // how far each leans over its column's right, at 60 degrees
	for i, s := range g.Columns {
		names[i] = min(svgHead, utf8.RuneCountInString(plain(s.Name)))
		p.headHeight = max(p.headHeight, names[i]*svgChar*9/10+14)
	}
	room := svgWidth - p.left - 3*2*svgGap - 20
	if n := len(names); n > 0 {
		p.cell = min(44, max(18, (room-names[n-1]*svgChar/2)/n))
	}
	at := p.left
	p.width = svgWidth
	for i := range g.Columns {
		at += svgGap * 2 * len(gap(g.Columns, i))
		p.x = append(p.x, at)
		p.width = max(p.width, at+p.cell+10, at+p.cell/2+names[i]*svgChar/2+14)
		at += p.cell
	}
	p.top = 34 + 16*len(p.sub) + p.headHeight
	return p
}

// releaseLines groups rows by release line, such as v1.2.0 and v1.2.1.
func releaseLines(rows []matrix.GridRow) (lines [][]matrix.GridRow) {
	before := ""
	for i, row := range rows {
		if line := semver.MajorMinor(row.Version()); i == 0 || line != before || line == "" {
			lines, before = append(lines, nil), line
		}
		last := &lines[len(lines)-1]
		*last = append(*last, row)
	}
	return lines
}
