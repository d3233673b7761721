package page

import (
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// A cell is a cell of the table as HTML shows it.
type cell struct {
	Class string
	Label string // what its symbols mean, for those who do not see them; empty where its class tells
	Text  string
	Notes []int
}

// Labels are what the symbols of the cells of each class mean. Thousands of cells
// say the same, so that the page's program gives them their labels.
type labels map[string]string

// labelsOf takes the labels from the cells that mean the same as the first one of
// their class. Others, such as a flaky one with its numbers, keep their own.
func labelsOf(lines []line) labels {
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

// Classes of cells. They are short because a table has thousands.
const (
	classDiffers = "d"
	classBad     = "b" // the first release that leaks, after ones that are clean
	classGood    = "g" // the first one that is clean, after ones that leak
	classOther   = "x" // the verdict changes otherwise
)

// A mark is a bar at the edge of a cell whose verdict is not the one before.
type mark struct{ Class, Meaning, label string }

// marks are all marks, in the legend's order.
var marks = []mark{
	{classBad, "first release that leaks", "the first that leaks"},
	{classGood, "first release that is clean again", "the first that is clean again"},
	{classOther, "the verdict changes otherwise", "another verdict than before"},
}

// newCell makes the HTML of a cell. Changed is the class of its mark, if it has one.
func newCell(g matrix.GridCell, changed string, kind matrix.Kind) cell {
	c := cell{Text: g.Symbol, Label: g.Word, Notes: g.Notes}
	classes := []string{fills.OfVerdict(g.Verdict, g.Kills()).Letter}
	if g.Kills() {
		c.Label += ", can kill the connection"
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
	for _, m := range marks {
		// Of invariants nobody asks since when; that they fail is said elsewhere.
		if changed == m.Class && !kind.Invariant() {
			classes = append(classes, m.Class)
			c.Label += ", " + m.label
		}
	}
	c.Class = strings.Join(classes, " ")
	return c
}

// A place is a cell of a series of rows with the same patches.
type place struct{ scenario, version, patches string }

// changes finds the cells whose verdict is another than that of the release
// before, with the class of the mark.
func changes(g *matrix.Grid) map[place]string {
	out := make(map[place]string)
	for _, in := range g.Intervals {
		for i := 1; i < len(in.Ranges); i++ {
			was, is := matrix.Verdict(in.Ranges[i-1].Verdict), matrix.Verdict(in.Ranges[i].Verdict)
			class := classOther
			switch {
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

// usedMarks returns the marks that some cell has.
func usedMarks(lines []line) (out []mark) {
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
	for _, m := range marks {
		if used[m.Class] {
			out = append(out, m)
		}
	}
	return out
}

// legendClass returns the class of the cells that a sign of the legend is about.
func legendClass(s matrix.Sign) string {
	if s.Verdict == "" {
		return classDiffers
	}
	return fills.OfVerdict(s.Verdict, s.Kills).Letter
}
