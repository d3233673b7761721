package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A standing is how something stands to what is expected of it, in the words of
// reports that only know passed and failed.
type standing string

const (
	stands   standing = "as expected" // or nothing is expected
	differs  standing = "differs"     // it was found out, and is not as expected
	unknown  standing = "unknown"     // it could not be found out
	notAsked standing = "no answer"   // there is no answer, and none is missed
)

// standings know what the table's findings say of each row and cell. What differs
// and what is unknown was decided with the table; here it is only looked up.
type standings struct {
	differences, unknown map[string][]matrix.Finding // by row
}

func standingsOf(g *matrix.Grid) standings {
	s := standings{map[string][]matrix.Finding{}, map[string][]matrix.Finding{}}
	for _, f := range g.Differences {
		s.differences[f.Row] = append(s.differences[f.Row], f)
	}
	for _, f := range g.Unknown {
		s.unknown[f.Row] = append(s.unknown[f.Row], f)
	}
	return s
}

// ofRow says how a row as a whole stands, and the sentence for it.
func (s standings) ofRow(row *matrix.GridRow) (standing, string) {
	whole := func(f matrix.Finding) bool { return len(f.Scenarios) == 0 }
	if i := slices.IndexFunc(s.unknown[row.ID], whole); i >= 0 {
		return unknown, s.unknown[row.ID][i].Text
	}
	if i := slices.IndexFunc(s.differences[row.ID], whole); i >= 0 {
		return differs, s.differences[row.ID][i].Text
	}
	if row.State != matrix.StateOK {
		expected := ""
		if row.ExpectedState == row.State {
			expected = ", as expected"
		}
		return notAsked, fmt.Sprintf("%s: %s%s: %s", row.ID, word(row.State), expected, row.Reason)
	}
	return stands, ""
}

// ofCell says how a cell stands, and the sentence for it.
func (s standings) ofCell(row *matrix.GridRow, c *matrix.Cell) (standing, string) {
	is := func(f matrix.Finding) bool { return slices.Contains(f.Scenarios, c.Scenario) }
	if i := slices.IndexFunc(s.unknown[row.ID], is); i >= 0 {
		return unknown, s.unknown[row.ID][i].Text
	}
	open := c.Verdict.Undecided()
	switch {
	case len(row.Patches) > 0:
		if i := slices.IndexFunc(s.differences[row.ID], is); i >= 0 {
			return differs, s.differences[row.ID][i].Text
		}
	case c.Differs() && !open:
		// The findings tell of neighbours that differ alike once, in the first's name.
		return differs, fmt.Sprintf("%s/%s: expected %s, found %s", row.ID, c.Scenario, c.Expected, numbers(&matrix.Cell{
			Verdict: c.Verdict, Severity: c.Severity, Leaks: c.Leaks, Trials: c.Trials, Inconclusive: c.Inconclusive, Interval: c.Interval,
		}))
	}
	if open || c.Verdict == matrix.VerdictUnsupported {
		expected := ""
		if c.Expected == c.Verdict {
			expected = ", as expected"
		}
		return notAsked, fmt.Sprintf("%s%s: %s", c.Verdict, expected, c.Reason)
	}
	return stands, ""
}

// absent returns the sentence for a cell that the row should have and has not,
// and whether there is one.
func (s standings) absent(row, scenario string) (string, bool) {
	for _, f := range s.unknown[row] {
		if slices.Contains(f.Scenarios, scenario) {
			return f.Text, true
		}
	}
	return "", false
}

// inLines makes harmless lines of a text that came from outside and may have
// several, indented, as a compiler's words are.
func inLines(text string) string {
	lines := strings.Split(strings.ToValidUTF8(strings.TrimRight(text, "\r\n"), "\uFFFD"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return harmless(r)
		}, strings.TrimRight(line, "\r")), " \t")
	}
	return strings.Join(lines, "\n")
}
