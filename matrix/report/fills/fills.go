// Package fills defines the colours of every report: those of the table's cells on
// a light page, on a dark page and on a terminal. Nothing else defines any, except
// the style sheet of the HTML page, which a test compares with this package.
//
// Tests check two things. Text is readable on its fill: its contrast is at least
// 4.5 to 1 (WCAG 2.1, success criterion 1.4.3). And fills with different meanings
// look different with each kind of colour blindness: a leak differs from a clean
// cell in lightness, not in hue alone. Colour is never the only sign of a verdict,
// because each cell has its symbol too.
package fills

import "github.com/matrixrun/matrixrun/matrix"

// A Fill is how cells of one kind look.
type Fill struct {
	Class       string // the name in style sheets
	Letter      string // the same in the HTML page, whose table has thousands of cells
	Light, Dark Shade
	Terminal    string // an SGR parameter; empty for the terminal's own colour
}

// A Shade is two colours as #rrggbb: the fill, and the text on it.
type Shade struct{ Back, Text string }

// Colours of a terminal, as SGR parameters. Terminals choose the exact colours.
const (
	Red    = "31"
	Green  = "32"
	Yellow = "33"
	Faint  = "2"
)

// Colours that call something bad or good in a few words, on a light page or
// below white text.
const (
	Bad  = "#a5380a"
	Good = "#17607a"
)

// Page is what cells lie on, and the text next to them.
var Page = Fill{Class: "page", Light: Shade{"#ffffff", "#1f2328"}, Dark: Shade{"#0d1117", "#e6edf3"}}

// The fills of cells.
var (
	Clean       = Fill{"clean", "c", Shade{"#d9eaf4", "#1d5676"}, Shade{"#173443", "#9dcbe4"}, Green}
	Leak        = Fill{"leak", "l", Shade{"#f0a35e", "#3d1700"}, Shade{"#b3560f", "#ffffff"}, Red}
	Kills       = Fill{"kills", "k", Shade{"#8c1d3f", "#ffffff"}, Shade{"#f28cb1", "#3a0014"}, Red} // a leak that can kill the connection
	Flaky       = Fill{"flaky", "f", Shade{"#f6dd6b", "#3b3000"}, Shade{"#e0c341", "#2b2300"}, Yellow}
	Vacuous     = Fill{"vacuous", "v", Shade{"#cfcfcc", "#3a3a38"}, Shade{"#43464a", "#dcdddf"}, Yellow}
	Error       = Fill{"error", "e", Shade{"#101214", "#ffffff"}, Shade{"#f4f4f4", "#111111"}, Yellow}
	Unsupported = Fill{"unsupported", "u", Shade{"#ffffff", "#59636e"}, Shade{"#0d1117", "#9aa4ae"}, Yellow}

	// Holds is for an invariant that has the verdict it must have. The leak of a
	// planted scenario is not news, and must not draw the eye from leaks that are.
	Holds = Fill{"holds", "h", Shade{"#eef1f4", "#56626d"}, Shade{"#1b222b", "#8b98a5"}, Faint}
	// None is for a cell that was not run.
	None = Fill{"none", "o", Shade{"#ffffff", "#59636e"}, Shade{"#0d1117", "#9aa4ae"}, ""}
)

// All returns the fills of cells in the legend's order.
func All() []Fill {
	return []Fill{Clean, Leak, Kills, Flaky, Vacuous, Error, Unsupported, Holds, None}
}

// Of returns the fill of a cell of the table.
func Of(c matrix.GridCell) Fill {
	if c.Holds {
		return Holds
	}
	return OfVerdict(c.Verdict, c.Kills())
}

// OfVerdict returns the fill of a verdict. The empty verdict is that of a cell
// that was not run. Kills is about leaks alone: a flaky cell is a doubt first.
func OfVerdict(v matrix.Verdict, kills bool) Fill {
	switch v {
	case "":
		return None
	case matrix.VerdictLeak:
		if kills {
			return Kills
		}
		return Leak
	case matrix.VerdictFlaky:
		return Flaky
	case matrix.VerdictClean:
		return Clean
	case matrix.VerdictError:
		return Error
	case matrix.VerdictUnsupported:
		return Unsupported
	default:
		return Vacuous // also for verdicts of later versions, which this one cannot vouch for
	}
}
