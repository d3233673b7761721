package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// diffLines is how many lines a comparison takes on a terminal: what does not fit
// one screen is counted.
const diffLines = 25

// kindWidth is the width of the column of kinds.
const kindWidth = len(matrix.ChangeLessCertain) + 2

// Diff prints a comparison for a terminal: one screen, the worst first, and a last
// line that says what was left out.
func Diff(w io.Writer, c *matrix.Comparison, screen Screen) error {
	var out strings.Builder
	out.WriteString(screen.wrap(plain(fmt.Sprintf("%s: %s -> %s", c.Suite, side(c.Was), side(c.Is))), "", "  "))
	out.WriteString(screen.wrap(plain(tally(c)), "", "  "))
	if len(c.Across) > 0 {
		out.WriteString(screen.wrap(plain("compared across: "+strings.Join(c.Across, ", ")), "", "  "))
	}
	if len(c.Changes) > 0 {
		out.WriteString("\n")
	}
	left := diffLines - strings.Count(out.String(), "\n") - 2 // which the last sentence takes
	for i, change := range c.Changes {
		lines := diffLine(change, screen)
		if n := strings.Count(lines, "\n"); n > left {
			out.WriteString(screen.wrap(leftOut(c.Changes[i:]), "", "  "))
			break
		}
		left -= strings.Count(lines, "\n")
		out.WriteString(lines)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// side names one of the two that are compared.
func side(c matrix.Compared) string {
	about := text.Count(c.Rows, "row")
	if c.Generated != "" {
		about += " of " + c.Generated
	}
	return fmt.Sprintf("%s (%s)", c.Name, about)
}

// diffLine prints a change, its kind painted.
func diffLine(change matrix.Change, screen Screen) string {
	first := pad(string(change.Kind), kindWidth)
	text := screen.wrap(plain(change.Brief), first, strings.Repeat(" ", kindWidth))
	return palette(screen.Color).change(change, string(change.Kind)) + strings.TrimPrefix(text, string(change.Kind))
}

// change paints the kind of a change: red what is worse, green what is better, and
// yellow what is not known any more.
func (p palette) change(c matrix.Change, text string) string {
	switch {
	case c.Kind == matrix.ChangeWorse:
		return p.paint(fills.Red, text)
	case c.Counts:
		return p.paint(fills.Yellow, text)
	case c.Kind == matrix.ChangeBetter:
		return p.paint(fills.Green, text)
	}
	return p.paint(fills.Faint, text)
}

// leftOut counts the changes that a screen has no room for.
func leftOut(changes []matrix.Change) string {
	var parts []string
	for _, kind := range matrix.ChangeKinds {
		n := 0
		for _, c := range changes {
			if c.Kind == kind {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind))
		}
	}
	return fmt.Sprintf("and %s (%s), which --format markdown has too", text.Count(len(changes), "more line"), strings.Join(parts, ", "))
}

// tally says in a line how much changed.
func tally(c *matrix.Comparison) string {
	if len(c.Tallies) == 0 {
		return "nothing changed in " + text.Count(c.Unchanged, "cell")
	}
	var parts []string
	for _, t := range c.Tallies {
		var of []string
		for _, n := range []struct {
			n     int
			thing string
		}{{t.Cells, "cell"}, {t.Rows, "row"}, {t.Scenarios, "scenario"}} {
			if n.n > 0 {
				of = append(of, text.Count(n.n, n.thing))
			}
		}
		parts = append(parts, string(t.Kind)+": "+strings.Join(of, " and "))
	}
	return strings.Join(parts, ", ") + "; unchanged: " + text.Count(c.Unchanged, "cell")
}

// DiffJSON writes a comparison as one document.
func DiffJSON(w io.Writer, c *matrix.Comparison) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Schema int  `json:"schema"`
		Worse  bool `json:"worse"` // the exit status is 1
		*matrix.Comparison
	}{matrix.SchemaVersion, c.Worse(), c})
}
