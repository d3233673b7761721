package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// junitBuilt is the output of a row's own test case: how far it came.
func junitBuilt(row *matrix.GridRow) *junitText {
	var out strings.Builder
	fmt.Fprintf(&out, "\n%s: %s\n", plain(row.ID), plain(string(row.State)))
	if row.Effect != "" {
		fmt.Fprintf(&out, "what the patches do: %s\n", plain(string(row.Effect)))
	}
	for _, p := range row.Patches {
		fmt.Fprintf(&out, "%s went on: %s", plain(p.Name), plain(string(p.Apply)))
		if p.Offset != 0 {
			fmt.Fprintf(&out, ", %d lines away", p.Offset)
		}
		out.WriteString("\n")
	}
	return &junitText{xmlText(out.String())}
}

// mostSeen is how many things that were seen in a trial the output of its test case
// has, and how many frames: with ten streams they would be pages, of one story.
const mostSeen = 8

// junitSaw is the output of a cell's test case. It says what is the case whatever
// was expected: of a test that passes, nothing else says that it leaks.
func junitSaw(row *matrix.GridRow, s matrix.Scenario, c *matrix.Cell) *junitText {
	var out strings.Builder
	// The first line is free, so that it is not read as a part of the tag.
	fmt.Fprintf(&out, "\n%s\n%s\n", plain(numbers(c)), plain(s.Title))
	switch {
	case s.Kind == matrix.KindControl:
		out.WriteString("This is the control: where it is not clean, nothing in its row can be believed.\n")
	case s.Kind == matrix.KindPlanted:
		out.WriteString("This leak is planted: without it, no clean cell of its row can be believed.\n")
	case slices.Contains(row.Fixes, s.Name):
		out.WriteString("The patches are to make it clean.\n")
	case c.Expected == "" && len(row.Patches) == 0:
		out.WriteString("Nothing is expected of it.\n")
	case c.Expected == c.Verdict:
		fmt.Fprintf(&out, "This is as expected: %s.\n", plain(string(c.Expected)))
	}
	if c.Reason != "" {
		out.WriteString(inLines(c.Reason) + "\n")
	}
	if len(c.Saw) > 0 {
		saw(&out, c.Saw[:min(mostSeen, len(c.Saw))])
	}
	wire(&out, c.Frames[:min(mostSeen, len(c.Frames))])
	if more := max(0, len(c.Saw)-mostSeen) + max(0, len(c.Frames)-mostSeen); more > 0 {
		fmt.Fprintf(&out, "and %d more, which `matrixrun show %s` has\n", more, plain(row.ID+"/"+s.Name))
	}
	if c.Unread != "" {
		out.WriteString("\nThe wire says nothing of these trials: " + plain(c.Unread) + "\n")
	}
	if len(c.Evidence) > 0 {
		out.WriteString("\nEvidence, beside results.json:\n")
		for _, name := range c.Evidence {
			out.WriteString("  " + plain(name) + "\n")
		}
	}
	return &junitText{xmlText(out.String())}
}

// xmlText replaces what XML 1.0 has no way to write, which encoding/xml does itself
// everywhere but within CDATA.
func xmlText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
