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

// Page is what cells lie on, with the text beside them.
var Page = Fill{"page", Shade{"#ffffff", "#1f2328"}, Shade{"#0d1117", "#e6edf3"}}

// The fills, by what they mean.
var (
	Clean       = Fill{"clean", Shade{"#d9eaf4", "#1d5676"}, Shade{"#173443", "#9dcbe4"}}
	Leak        = Fill{"leak", Shade{"#f0a35e", "#3d1700"}, Shade{"#b3560f", "#ffffff"}}
	Kills       = Fill{"kills", Shade{"#8c1d3f", "#ffffff"}, Shade{"#f28cb1", "#3a0014"}} // a leak that can kill the connection
	Flaky       = Fill{"flaky", Shade{"#f6dd6b", "#3b3000"}, Shade{"#e0c341", "#2b2300"}}
	Vacuous     = Fill{"vacuous", Shade{"#cfcfcc", "#3a3a38"}, Shade{"#43464a", "#dcdddf"}}
	Error       = Fill{"error", Shade{"#101214", "#ffffff"}, Shade{"#f4f4f4", "#111111"}}
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
