package report

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// A palette colours text for a terminal; false leaves it as it is.
type palette bool

// paint colours text by an SGR parameter. An empty one leaves it as it is.
func (p palette) paint(code, text string) string {
	if !p || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// cell colours the symbol of a cell.
func (p palette) cell(c matrix.GridCell) string { return p.paint(fills.Of(c).Terminal, c.Symbol) }

// state colours the state of a row that has no cells.
func (p palette) state(text string) string { return p.paint(fills.Yellow, text) }
