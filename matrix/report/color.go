package report

import "github.com/matrixrun/matrixrun/matrix"

// A palette paints for a terminal, or not at all where it is false.
type palette bool

// The colours, as SGR parameters.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
)

func (p palette) paint(code, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// cell paints a cell's symbol. An invariant that holds is faint: the leak of a
// planted scenario is no news, and would draw the eye from those that are.
func (p palette) cell(c matrix.GridCell) string {
	switch {
	case c.Symbol == " ":
		return c.Symbol
	case c.Holds:
		return p.paint(faint, c.Symbol)
	case c.Verdict == matrix.VerdictLeak:
		return p.paint(red, c.Symbol)
	case c.Verdict == matrix.VerdictClean:
		return p.paint(green, c.Symbol)
	default:
		return p.paint(yellow, c.Symbol)
	}
}

func (p palette) state(text string) string { return p.paint(yellow, text) }
