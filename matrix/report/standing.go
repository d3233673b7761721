package report

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A standing compares something with what is expected of it, for formats that know
// little more than passed and failed.
type standing string

// The standings. The words are those of the column standing in CSV.
const (
	asExpected standing = "as expected" // or nothing is expected
	differs    standing = "differs"     // it was found out, and is not as expected
	unknown    standing = "unknown"     // it could not be found out
	noAnswer   standing = "no answer"   // there is no answer, and none is expected
)

// standings look up the findings of the table on each row and cell. What differs
// and what is unknown was decided with the table.
type standings struct {
	differences, unknown map[string][]matrix.Finding // by the row's ID
	words                matrix.Words
}

// standingsOf returns the standings of a table.
func standingsOf(g *matrix.Grid) standings {
	s := standings{map[string][]matrix.Finding{}, map[string][]matrix.Finding{}, g.Words}
	for _, f := range g.Differences {
		s.differences[f.Row] = append(s.differences[f.Row], f)
	}
	for _, f := range g.Unknown {
		s.unknown[f.Row] = append(s.unknown[f.Row], f)
	}
	return s
}

// ofRow returns the standing of a row as a whole, and a sentence about it.
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
		return noAnswer, fmt.Sprintf("%s: %s%s: %s", row.ID, row.State.Missing(), expected, row.Reason)
	}
	return asExpected, ""
}

// ofCell returns the standing of a cell, and a sentence about it.
func (s standings) ofCell(row *matrix.GridRow, c *matrix.Cell) (standing, string) {
	if text, ok := s.isUnknown(row.ID, c.Scenario); ok {
		return unknown, text
	}
	about := func(f matrix.Finding) bool { return slices.Contains(f.Scenarios, c.Scenario) }
	if len(row.Patches) > 0 {
		if i := slices.IndexFunc(s.differences[row.ID], about); i >= 0 {
			return differs, s.differences[row.ID][i].Text
		}
	} else if c.Differs() && !c.Verdict.Undecided() {
		// The findings do not have every cell: neighbours that differ in the same
		// way share the finding of the first. The sentence is made here instead,
		// without an expectation of its own.
		found := *c
		found.Expected = ""
		return differs, fmt.Sprintf("%s/%s: expected %s, found %s", row.ID, c.Scenario, s.words.Name(c.Expected), Numbers(&found, s.words))
	}
	if c.Verdict.Undecided() || c.Verdict == matrix.VerdictUnsupported {
		expected := ""
		if c.Expected == c.Verdict {
			expected = ", as expected"
		}
		return noAnswer, fmt.Sprintf("%s%s: %s", s.words.Name(c.Verdict), expected, c.Reason)
	}
	return asExpected, ""
}

// isUnknown reports whether a scenario of a row could not be found out, and the
// sentence that says so. The row need not have the cell.
func (s standings) isUnknown(row, scenario string) (string, bool) {
	for _, f := range s.unknown[row] {
		if slices.Contains(f.Scenarios, scenario) {
			return f.Text, true
		}
	}
	return "", false
}
