package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// diffLines is how many lines a comparison has on a terminal. What does not fit is
// counted.
const diffLines = 25

// kindWidth is the width of the column of kinds.
const kindWidth = len(matrix.ChangeLessCertain) + 2

// Diff writes a comparison for a terminal: one screen with the worst changes first,
// and a last line that says what was left out.
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
	left := diffLines - strings.Count(out.String(), "\n") - 2 // for the last sentence
	for i, change := range c.Changes {
		lines := diffLine(change, screen)
		if n := strings.Count(lines, "\n"); n > left {
			out.WriteString(screen.wrap(leftOut(c.Changes[i:]), "", "  "))
			break
		}
		left -= strings.Count(lines, "\n")
		out.WriteString(lines)
	}
	return screen.show(w, out.String())
}

// side names one of the two results.
func side(c matrix.Compared) string {
	about := text.Count(c.Rows, "row")
	if c.Generated != "" {
		about += " of " + c.Generated
	}
	return fmt.Sprintf("%s (%s)", c.Name, about)
}

// diffLine writes a change, with its kind coloured.
func diffLine(change matrix.Change, screen Screen) string {
	first := pad(string(change.Kind), kindWidth)
	text := screen.wrap(plain(change.Brief), first, strings.Repeat(" ", kindWidth))
	return palette(screen.Color).change(change, string(change.Kind)) + strings.TrimPrefix(text, string(change.Kind))
}

// leftOut counts the changes that do not fit the screen, by kind.
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
	return writeJSON(w, struct {
		Schema int  `json:"schema"`
		Worse  bool `json:"worse"` // the exit status is 1
		*matrix.Comparison
	}{matrix.SchemaVersion, c.Worse(), c})
}
