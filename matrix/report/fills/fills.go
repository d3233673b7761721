// Package fills has the colours of the table's cells, for all formats that have
// any but the terminal's: one place, so that a picture and a page show the same.
//
// A test holds them to two things. Text is readable on its fill (WCAG AA, 4.5 to
// 1). And any two fills that mean different things look different to readers with
// each kind of colour blindness as well: what leaks differs from what is clean in
// lightness, not in hue alone. Colour is never all there is: the symbol says the same.
package fills

import "github.com/matrixrun/matrixrun/matrix"

// A Fill is what a kind of cell looks like, on a light page and on a dark one.
type Fill struct {
	Class       string // a name for style sheets
	Light, Dark Shade
}

// A Shade is two colours as #rrggbb: the fill, and the text on it.
type Shade struct{ Back, Text string }

// The page that cells lie on, and the text beside them.
var Page = Fill{"page", Shade{"#ffffff", "#1f2328"}, Shade{"#0d1117", "#e6edf3"}}

// The fills, by what they mean.
var (
	Clean       = Fill{"clean", Shade{"#d3e8f5", "#1b3a4b"}, Shade{"#123a52", "#cfe8f7"}}
	Leak        = Fill{"leak", Shade{"#c2410c", "#ffffff"}, Shade{"#e8702a", "#1c0a00"}}
	Kills       = Fill{"kills", Shade{"#5b0f3c", "#ffffff"}, Shade{"#ffaad4", "#40001f"}} // a leak that can kill the connection
	Flaky       = Fill{"flaky", Shade{"#f5c84c", "#3d2c00"}, Shade{"#fff0a0", "#221a00"}}
	Vacuous     = Fill{"vacuous", Shade{"#b3b3b3", "#1f1f1f"}, Shade{"#5f6771", "#ffffff"}}
	Error       = Fill{"error", Shade{"#0b4fb3", "#ffffff"}, Shade{"#58a0ff", "#04122e"}}
	Unsupported = Fill{"unsupported", Shade{"#ffffff", "#59636e"}, Shade{"#0d1117", "#9aa4ae"}}

	// Holds is of an invariant that is as it must be. The leak of a planted scenario
	// is no news, and would draw the eye from those that are.
	Holds = Fill{"holds", Shade{"#eef1f4", "#56626d"}, Shade{"#1b222b", "#8b98a5"}}
	// None is of a cell that was not run, and of a row that never came to run.
	None = Fill{"none", Shade{"#ffffff", "#59636e"}, Shade{"#0d1117", "#9aa4ae"}}
)

// All are the fills of cells, in the legend's order.
var All = []Fill{Clean, Leak, Kills, Flaky, Vacuous, Error, Unsupported, Holds, None}

// Of returns the fill of a cell of the table.
func Of(c matrix.GridCell) Fill {
	switch {
	case c.Symbol == " " || c.Symbol == "":
		return None
	case c.Holds:
		return Holds
	case c.Verdict == matrix.VerdictLeak && c.Kills:
		return Kills
	case c.Verdict == matrix.VerdictLeak:
		return Leak
	case c.Verdict == matrix.VerdictFlaky:
		return Flaky
	case c.Verdict == matrix.VerdictClean:
		return Clean
	case c.Verdict == matrix.VerdictError:
		return Error
	case c.Verdict == matrix.VerdictUnsupported:
		return Unsupported
	default:
		return Vacuous // what a later version says is nothing that this one can vouch for
	}
}
