package report

import (
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// Lengths, in pixels unless they are in characters.
const (
	svgWidth = 800 // the width of a README; tables with many columns are wider
	svgRow   = 16  // the height of a row
	svgGap   = 3   // between release lines, and between kinds of scenarios
	svgHead  = 30  // of the name of a scenario, in characters
	svgLabel = 28  // of the name of a row, in characters
	svgChar  = 7   // the width of a character
)

// A picture is where everything is in an SVG, and what is drawn so far.
type picture struct {
	title   string
	sub     []string // lines below the title
	columns []matrix.Scenario
	x       []int              // by column
	lines   [][]matrix.GridRow // the rows of each release line
	legend  []matrix.Sign
	words   matrix.Words

	left, top, cell int // where the cells begin, and the width of one
	width, height   int
	headHeight      int // of the names of the columns
	drawn           []drawing
}

// newPicture lays out a table.
func newPicture(g *matrix.Grid) *picture {
	p := &picture{
		title:   g.Suite + ": " + g.Target,
		columns: g.Columns,
		lines:   releaseLines(g.NewestFirst()),
		legend:  g.Legend,
		words:   g.Words,
	}
	sub := measure(g)
	if !g.Generated.IsZero() {
		sub += ", " + g.Generated.UTC().Format(time.DateOnly)
	}
	p.sub = strings.Split(strings.TrimSpace(wrap(plain(sub), "", "")), "\n")
	// On the left are the labels of the rows, which align to the right.
	longest := 8
	for _, row := range g.Rows {
		longest = max(longest, min(svgLabel, utf8.RuneCountInString(plain(row.Label))))
	}
	p.left = longest*svgChar + 12
	// Above the cells are the names of the columns, at 60 degrees. A name needs 0.87
	// of its length in height, and leans half of it over the columns to its right.
	names := make([]int, len(g.Columns)) // by column, the length of its name
	for i, s := range g.Columns {
		names[i] = min(svgHead, utf8.RuneCountInString(plain(s.Name)))
		p.headHeight = max(p.headHeight, names[i]*svgChar*9/10+14)
	}
	// Cells get the width that is left, up to 44 pixels. The last name must fit too, and
	// there are at most three gaps between kinds of scenarios.
	room := svgWidth - p.left - 3*2*svgGap - 20
	if n := len(names); n > 0 {
		p.cell = min(44, max(18, (room-names[n-1]*svgChar/2)/n))
	}
	// If cells of 18 pixels are still too wide, the picture grows.
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

// releaseLines groups rows by release line: v1.2.0 and v1.2.1 are in one. A row whose
// version is not semantic is a line of its own.
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
