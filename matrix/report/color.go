package report

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// A palette colours text for a terminal. The false one leaves text as it is.
type palette bool

// paint colours a text by an SGR parameter, or not at all if that is empty.
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

// change colours the kind of a change.
func (p palette) change(c matrix.Change, text string) string {
	switch {
	case c.Kind == matrix.ChangeWorse:
		return p.paint(fills.Red, text)
	case c.Counts: // something is not known any more
		return p.paint(fills.Yellow, text)
	case c.Kind == matrix.ChangeBetter:
		return p.paint(fills.Green, text)
	default:
		return p.paint(fills.Faint, text)
	}
}
