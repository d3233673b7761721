package page

import (
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// A cell is a cell of the table in HTML.
type cell struct {
	Class string
	Label string // what its symbol and marks mean, for screen readers; empty if it is the label of its class
	Text  string
	Notes []int // indexes of footnotes
}

// labels are what the symbols of most cells mean, by class. Thousands of cells mean
// the same, so the page has each label once, and its program gives it to the cells.
type labels map[string]string

// takeLabels returns the label of the first cell of each class, and removes it from
// all cells that have it. A flaky cell with other numbers, for instance, keeps its
// own.
func takeLabels(lines []line) labels {
	usual := make(labels)
	for _, l := range lines {
		for _, r := range l.Rows {
			for i := range r.Cells {
				c := &r.Cells[i]
				if _, ok := usual[c.Class]; !ok {
					usual[c.Class] = c.Label
				}
				if c.Label == usual[c.Class] {
					c.Label = ""
				}
			}
		}
	}
	return usual
}

// Classes of cells, next to the letters of their fills.
const (
	classDiffers = "d" // not as expected
	classBad     = "b" // the marks: see there
	classGood    = "g"
	classOther   = "x"
)

// A mark is a bar at the edge of a cell whose verdict is not that of the release
// before.
type mark struct{ Class, Meaning, label string }

// marks returns all marks, in the legend's order.
func marks(w matrix.Words) []mark {
	return []mark{
		{classBad, "first release that " + w.Leak.One, "the first that " + w.Leak.One},                          // after one that is clean
		{classGood, "first release that " + w.Clean.One + " again", "the first that " + w.Clean.One + " again"}, // after one that leaks
		{classOther, "the verdict changes otherwise", "another verdict than before"},                            // any other change
	}
}

// newCell makes a cell. Changed is the class of its mark, if it has one.
func newCell(g matrix.GridCell, changed string, kind matrix.Kind, w matrix.Words) cell {
	c := cell{Text: g.Symbol, Label: g.Word, Notes: g.Notes}
	classes := []string{fills.OfVerdict(g.Verdict, g.Kills()).Letter}
	if g.Kills() {
		c.Label += ", " + w.Severe.One
	}
	if g.Holds {
		classes = append(classes, fills.Holds.Letter)
		c.Label += ", as it must be"
	}
	if g.Differs() {
		classes = append(classes, classDiffers)
		c.Text += "!"
		c.Label += ", not as expected"
	}
	for _, m := range marks(w) {
		// Since when an invariant fails is of no interest.
		if changed == m.Class && !kind.Invariant() {
			classes = append(classes, m.Class)
			c.Label += ", " + m.label
		}
	}
	c.Class = strings.Join(classes, " ")
	return c
}

// A place is a cell: its scenario, and the version and the patches of its row.
type place struct{ scenario, version, patches string }

// changes returns the class of the mark of each cell whose verdict is not that of the
// release before with the same patches.
func changes(g *matrix.Grid) map[place]string {
	out := make(map[place]string)
	for _, in := range g.Intervals {
		for i := 1; i < len(in.Ranges); i++ {
			was, is := matrix.Verdict(in.Ranges[i-1].Verdict), matrix.Verdict(in.Ranges[i].Verdict)
			class := classOther
			switch {
			case in.Ranges[i-1].After > 0: // nobody knows which release is the first
			case is.Leaks() && was == matrix.VerdictClean:
				class = classBad
			case was.Leaks() && is == matrix.VerdictClean:
				class = classGood
			}
			out[place{in.Scenario, in.Ranges[i].From, strings.Join(in.Patches, " ")}] = class
		}
	}
	return out
}

// usedMarks returns the marks that any cell has.
func usedMarks(lines []line, w matrix.Words) (out []mark) {
	used := make(map[string]bool)
	for _, l := range lines {
		for _, r := range l.Rows {
			for _, c := range r.Cells {
				for class := range strings.FieldsSeq(c.Class) {
					used[class] = true
				}
			}
		}
	}
	for _, m := range marks(w) {
		if used[m.Class] {
			out = append(out, m)
		}
	}
	return out
}

// legendClass returns the class of a sign in the legend.
func legendClass(s matrix.Sign) string {
	if s.Verdict == "" {
		return classDiffers
	}
	return fills.OfVerdict(s.Verdict, s.Kills).Letter
}
