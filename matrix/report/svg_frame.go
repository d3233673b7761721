package report

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/report/fills"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// head draws the title and the names of the columns. They lean, so that long names
// need little room and can still be read.
func (p *picture) head() string {
	var out strings.Builder
	fmt.Fprintf(&out, "<text class=\"title\" x=\"8\" y=\"22\">%s</text>\n", markup(text.Cut(plain(p.title), 90)))
	for i, line := range p.sub {
		fmt.Fprintf(&out, "<text class=\"note\" x=\"8\" y=\"%d\">%s</text>\n", 40+16*i, markup(line))
	}
	for i, s := range p.columns {
		fmt.Fprintf(&out, "<text class=\"col\" transform=\"translate(%d,%d) rotate(-60)\">%s%s</text>\n",
			p.x[i]+p.cell/2+2, p.top-5, svgTip(string(s.Kind)+": "+s.Title), markup(text.Cut(plain(s.Name), svgHead)))
	}
	return out.String()
}

// foot draws the legend below the rows, and sets the height of the picture. It has to
// be called after the rows, whose drawings it uses.
func (p *picture) foot(y int) string {
	var out strings.Builder
	x := 8
	// item draws one sign and its meaning, on the next line if this one is full. A
	// character of the legend is 7.3 pixels wide.
	item := func(class, symbol, meaning string, differs bool) {
		width := 28 + 73*len([]rune(meaning))/10
		if x > 8 && x+width > svgWidth {
			x, y = 8, y+22
		}
		fmt.Fprintf(&out, "<g transform=\"translate(%d,%d)\"><g class=\"%s\"><rect width=\"18\" height=\"15\" rx=\"2\"/>", x, y, class)
		if differs {
			out.WriteString("<rect class=\"differs\" x=\"2\" y=\"2\" width=\"14\" height=\"11\" rx=\"1\"/>")
		}
		fmt.Fprintf(&out, "<text x=\"9\" y=\"12\">%s</text></g><text class=\"key\" x=\"24\" y=\"12\">%s</text></g>\n", markup(plain(symbol)), markup(plain(meaning)))
		x += width + 14
	}
	for _, s := range p.legend {
		item(fills.OfVerdict(s.Verdict, s.Kills).Class, s.Symbol, s.Meaning, s.Verdict == "")
	}
	// The table's legend has no sign of its own for invariants that hold: they have the
	// symbol of their verdict, and only the fill differs. The legend shows one of them.
	for _, d := range p.drawn {
		if d.fill == fills.Holds {
			item(d.fill.Class, d.symbol, "control or planted "+p.words.Leak.Noun+", as it must be", false)
			break
		}
	}
	p.height = y + 30
	return out.String()
}

// style returns the style sheet, with the colours for a light page, and those for a
// dark one for readers who prefer it.
func (p *picture) style() string {
	var out strings.Builder
	out.WriteString("<style>\ntext{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}\n" +
		"g>text{text-anchor:middle}text.rel{text-anchor:end}text.note,text.key,text.col{text-anchor:start}" +
		"text.title{font-size:16px;font-weight:600}.differs{fill:none;stroke-width:1.5}\n")
	out.WriteString(svgShades(func(f fills.Fill) fills.Shade { return f.Light }))
	out.WriteString("@media (prefers-color-scheme:dark){\n" + svgShades(func(f fills.Fill) fills.Shade { return f.Dark }) + "}\n</style>\n")
	return out.String()
}

// svgShades writes the rules of all fills, for one side of them.
func svgShades(side func(fills.Fill) fills.Shade) string {
	var out strings.Builder
	page := side(fills.Page)
	fmt.Fprintf(&out, ".page{fill:%s}text{fill:%s}.note{fill:%s}\n", page.Back, page.Text, side(fills.Unsupported).Text)
	for _, f := range fills.All() {
		s := side(f)
		fmt.Fprintf(&out, ".%[1]s rect{fill:%[2]s}.%[1]s text{fill:%[3]s}.%[1]s .differs{fill:none;stroke:%[3]s}\n", f.Class, s.Back, s.Text)
	}
	return out.String()
}
