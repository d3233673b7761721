package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// junitBuilt returns the output of a row's own test case: how far the row came.
func junitBuilt(row *matrix.GridRow) *junitText {
	// The first line is empty, so that readers of the XML see the text apart from its
	// tag. junitSaw does the same.
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s: %s\n", plain(row.ID), plain(string(row.State)))
	if row.Effect != "" {
		fmt.Fprintf(&out, "what the patches do: %s\n", plain(string(row.Effect)))
	}
	for _, p := range row.Patches {
		fmt.Fprintf(&out, "%s applies: %s", plain(p.Name), plain(string(p.Apply)))
		if p.Offset != 0 {
			fmt.Fprintf(&out, ", %d lines away", p.Offset)
		}
		out.WriteString("\n")
	}
	return &junitText{cdata(out.String())}
}

// mostSeen is how many sightings the output of a test case has, and how many frames.
// There can be pages of them that all say the same.
const mostSeen = 8

// junitSaw returns the output of a cell's test case. It has the verdict whatever was
// expected: in a test that passes, nothing else says that the scenario leaks.
func junitSaw(row *matrix.GridRow, s matrix.Scenario, c *matrix.Cell, g *matrix.Grid) *junitText {
	w := g.Words
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s\n%s\n", plain(Numbers(c, w)), plain(s.Title))
	switch {
	case s.Kind == matrix.KindControl:
		fmt.Fprintf(&out, "This is the control: if it %s, nothing in its row can be believed.\n", w.Clean.Not(1))
	case s.Kind == matrix.KindPlanted:
		fmt.Fprintf(&out, "This %s is planted: without it, no cell of its row that %s can be believed.\n", w.Leak.Noun, w.Clean.One)
	case slices.Contains(row.Fixes, s.Name):
		fmt.Fprintf(&out, "With the patches it should %s.\n", w.Clean.Base())
	case c.Expected == "" && len(row.Patches) == 0:
		out.WriteString("Nothing is expected of it.\n")
	case c.Expected == c.Verdict:
		fmt.Fprintf(&out, "This is as expected: %s.\n", w.Name(c.Expected))
	}
	if c.Reason != "" {
		out.WriteString(inLines(c.Reason) + "\n")
	}
	if len(c.Saw) > 0 {
		saw(&out, Screen{}, c.Saw[:min(mostSeen, len(c.Saw))], w)
	}
	wire(&out, Screen{}, c.Frames[:min(mostSeen, len(c.Frames))], w)
	if more := max(0, len(c.Saw)-mostSeen) + max(0, len(c.Frames)-mostSeen); more > 0 {
		fmt.Fprintf(&out, "and %d more, which `matrixrun show %s %s` has\n", more, quoted(row.ID+"/"+s.Name), quoted(g.Suite))
	}
	if c.Unread != "" {
		out.WriteString("\nThe capture does not confirm these trials: " + plain(c.Unread) + "\n")
	}
	if len(c.Evidence) > 0 {
		out.WriteString("\nEvidence, next to results.json:\n")
		for _, name := range c.Evidence {
			out.WriteString("  " + plain(name) + "\n")
		}
	}
	return &junitText{cdata(out.String())}
}
