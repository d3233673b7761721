package page

import (
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
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
	classHolds   = "h" // an invariant that is as it must be
	classDiffers = "d"
	classBad     = "b" // the first release that leaks, after ones that are clean
	classGood    = "g" // the first one that is clean, after ones that leak
	classOther   = "x" // the verdict changes otherwise
)

// verdictClasses are the fills. A verdict of a later version is like none: what
// cannot be vouched for.
var verdictClasses = map[matrix.Verdict]string{
	matrix.VerdictLeak:        "l",
	matrix.VerdictFlaky:       "f",
	matrix.VerdictClean:       "c",
	matrix.VerdictVacuous:     "v",
	matrix.VerdictError:       "e",
	matrix.VerdictUnsupported: "u",
	"":                        "o",
}

// classKills is the fill of a leak that can kill the connection.
const classKills = "k"

// markWords say what the marks mean, in the legend's order.
var markWords = []struct{ class, legend, label string }{
	{classBad, "first release that leaks", "the first that leaks"},
	{classGood, "first release that is clean again", "the first that is clean again"},
	{classOther, "the verdict changes otherwise", "another verdict than before"},
}

func newCell(g matrix.GridCell, changed string, kind matrix.Kind) cell {
	c := cell{Text: g.Symbol, Label: g.Word, Notes: g.Notes}
	fill, ok := verdictClasses[g.Verdict]
	if !ok {
		fill = verdictClasses[matrix.VerdictVacuous]
	}
	if g.Kills && g.Verdict == matrix.VerdictLeak {
		fill = classKills
	}
	classes := []string{fill}
	if g.Kills {
		c.Label += ", can kill the connection"
	}
	if g.Holds {
		classes = append(classes, classHolds)
		c.Label += ", as it must be"
	}
	if g.Differs {
		classes = append(classes, classDiffers)
		c.Text += unexpected
		c.Label += ", not as expected"
	}
	for _, m := range markWords {
		// Of invariants nobody asks since when; that they fail is said elsewhere.
		if changed == m.class && !kind.Invariant() {
			classes = append(classes, m.class)
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

// marks returns the marks that some cell has.
func marks(lines []line) (out []matrix.Sign) {
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
	for _, m := range markWords {
		if used[m.class] {
			out = append(out, matrix.Sign{Symbol: m.class, Meaning: m.legend})
		}
	}
	return out
}

// legendClass returns the class of the cells that a sign of the legend is about.
func legendClass(s matrix.Sign) string {
	for verdict, class := range verdictClasses {
		if verdict != "" && s.Meaning == string(verdict) {
			return class
		}
	}
	if s.Symbol == unexpected {
		return classDiffers
	}
	return classKills
}

// unexpected is the table's sign for a cell that differs from its expectation.
const unexpected = "!"
