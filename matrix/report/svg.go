package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// SVG writes the table as a picture for a README: a heat map of scenarios and
// releases, the newest first. It needs nothing else, neither scripts nor fonts, and
// has the light or dark theme of the reader, even inside an <img>. Every cell has its
// symbol, and in a window of its own, a tip that says what it is. Rows with patches
// are left out; the HTML page has them.
func SVG(w io.Writer, g *matrix.Grid) error {
	bare := *g
	bare.Rows = slices.DeleteFunc(slices.Clone(g.Rows), func(row matrix.GridRow) bool { return len(row.Patches) > 0 })
	p := newPicture(&bare)
	var body strings.Builder
	y := p.top
	for _, group := range p.lines {
		for _, row := range group {
			p.row(&body, y, row)
			y += svgRow
		}
		y += svgGap
	}
	foot := p.foot(y + 10) // sets the height, which comes first in the file
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" aria-labelledby="t d">`+"\n", p.width, p.height)
	fmt.Fprintf(&out, "<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n", markup(plain(p.title)), markup(plain(strings.Join(g.Answers, ". "))))
	out.WriteString(p.style())
	out.WriteString(p.symbols())
	fmt.Fprintf(&out, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", p.width, p.height)
	out.WriteString(p.head())
	out.WriteString(body.String())
	out.WriteString(foot)
	out.WriteString("</svg>\n")
	return emitMarkup(w, out.String())
}

// row draws a row: its name, and its cells or the state that says why it has none.
func (p *picture) row(out *strings.Builder, y int, row matrix.GridRow) {
	fmt.Fprintf(out, "<g transform=\"translate(0,%d)\"><text class=\"rel\" x=\"%d\" y=\"12\">%s%s</text>", y, p.left-6,
		svgTip(svgRowTip(row)), markup(text.Cut(plain(row.Label), svgLabel)))
	if len(row.Cells) == 0 {
		fmt.Fprintf(out, "<text class=\"note\" x=\"%d\" y=\"12\">%s</text>", p.left, markup(plain(row.State.Missing())))
	}
	for i, c := range row.Cells {
		if c.Verdict != "" {
			tip := row.ID + "/" + c.Scenario + ": " + svgNumbers(&c.Cell, p.words)
			fmt.Fprintf(out, "<use href=\"#%s\" x=\"%d\">%s</use>", p.symbol(c), p.x[i], svgTip(tip))
		}
	}
	out.WriteString("</g>\n")
}

// svgNumbers writes a cell in few words, because a picture has thousands of cells:
// "leak 10/10, can kill the connection; expected clean".
func svgNumbers(c *matrix.Cell, w matrix.Words) string {
	text := w.Name(c.Verdict)
	if c.Trials > 0 {
		text += fmt.Sprintf(" %d/%d", c.Leaks, c.Trials)
	}
	if c.Kills() {
		text += ", " + w.Severe.One
	}
	if c.Differs() {
		text += fmt.Sprintf("; expected %s", w.Name(c.Expected))
	}
	return text
}

// svgRowTip returns the tip of a row: what it is made of.
func svgRowTip(row matrix.GridRow) string {
	parts := []string{row.ID}
	if !row.Source.Time.IsZero() {
		parts = append(parts, row.Source.Time.UTC().Format(time.DateOnly))
	}
	for _, text := range []string{row.Toolchain, string(row.Effect)} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// svgTip writes a tip for the element around it.
func svgTip(text string) string { return "<title>" + markup(plain(text)) + "</title>" }

// symbol returns the ID of the drawing of a cell, which is drawn once for all cells
// that look the same.
func (p *picture) symbol(c matrix.GridCell) string {
	key := drawing{fills.Of(c), c.Symbol, c.Differs()}
	i := slices.Index(p.drawn, key)
	if i < 0 {
		i = len(p.drawn)
		p.drawn = append(p.drawn, key)
	}
	return fmt.Sprintf("c%d", i)
}

// A drawing is how a cell looks.
type drawing struct {
	fill    fills.Fill
	symbol  string
	differs bool
}

// symbols defines the drawings.
func (p *picture) symbols() string {
	var out strings.Builder
	out.WriteString("<defs>\n")
	for i, d := range p.drawn {
		fmt.Fprintf(&out, "<g id=\"c%d\" class=\"%s\"><rect width=\"%d\" height=\"%d\" rx=\"2\"/>", i, d.fill.Class, p.cell-1, svgRow-1)
		text := d.symbol
		if d.differs {
			text += "!"
			fmt.Fprintf(&out, "<rect class=\"differs\" x=\"1\" y=\"1\" width=\"%d\" height=\"%d\" rx=\"1\"/>", p.cell-3, svgRow-3)
		}
		fmt.Fprintf(&out, "<text x=\"%d\" y=\"12\">%s</text></g>\n", p.cell/2, markup(plain(text)))
	}
	out.WriteString("</defs>\n")
	return out.String()
}
