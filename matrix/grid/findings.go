package grid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// differences returns what was found out and is not as expected: cells and states
// of rows without patches, and patches that do not do what they are for.
func differences(rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) []matrix.Finding {
	var out []matrix.Finding
	var merged stretches
	for i := range rows {
		row := &rows[i]
		if len(row.Patches) > 0 {
			out = append(out, shortcomings(row, rows, scenarios, w)...)
			continue
		}
		if row.State == matrix.StateOK && row.ExpectedState != "" && row.ExpectedState != row.State {
			out = append(out, matrix.Finding{
				Row:  row.ID,
				Text: fmt.Sprintf("%s: expected %s, and it builds and runs", row.ID, row.ExpectedState),
			})
		}
		if row.Source.Kind == matrix.SourceToolchain { // it is between two releases that are neighbours
			out = append(out, unexpected(row, w)...)
			continue
		}
		out = merged.add(out, unexpected(row, w))
	}
	return out
}

// stretches merges the findings of releases next to each other that differ in the
// same way. Dozens of lines that say the same would hide those that do not. The
// findings
//
//	v0.2.0: expected clean, found leak (10 of 10 trials leaked): drop-a
//	v0.3.0: expected clean, found leak (10 of 10 trials leaked): drop-a
//
// become "v0.2.0 - v0.3.0 (2 releases): expected clean, ...".
type stretches struct {
	row   int                 // the number of rows without patches so far
	spans map[string]*stretch // by the text after the row's ID
}

// A stretch is a run of releases with the same finding.
type stretch struct {
	finding  int    // the index of the finding
	first    string // the ID of the oldest release
	releases int    // how many they are
	last     int    // the newest one, in the count of stretches.row
}

// add appends the findings of the next row without patches to out, or extends
// those of the row before.
func (n *stretches) add(out, found []matrix.Finding) []matrix.Finding {
	if n.spans == nil {
		n.spans = make(map[string]*stretch)
	}
	n.row++
	for _, f := range found {
		what := strings.TrimPrefix(f.Text, f.Row) // ": expected clean, ...", the same for all rows of a stretch
		span := n.spans[what]
		if span == nil || span.last != n.row-1 {
			n.spans[what] = &stretch{finding: len(out), first: f.Row, releases: 1, last: n.row}
			out = append(out, f)
			continue
		}
		span.releases++
		span.last = n.row
		out[span.finding].Text = fmt.Sprintf("%s - %s (%d releases)%s", span.first, f.Row, span.releases, what)
	}
	return out
}

// unexpected returns the cells of a row that differ from their expectation, with
// one finding for those that differ in the same way. Undecided cells do not
// differ: nothing is known of them.
func unexpected(row *matrix.RowResult, w matrix.Words) []matrix.Finding {
	var out []matrix.Finding
	for _, group := range groupCells(row.Cells, func(c matrix.Cell) string {
		if !c.Differs() || c.Verdict.Undecided() {
			return ""
		}
		return fmt.Sprint(c.Verdict, c.Expected, c.Leaks, c.Trials)
	}) {
		first := group[0]
		count := ""
		if first.Trials > 0 {
			count = fmt.Sprintf(" (%d of %d trials %s)", first.Leaks, first.Trials, w.Leak.Past)
		}
		names := scenarioNames(group)
		out = append(out, matrix.Finding{
			Row: row.ID, Scenarios: names,
			Text: fmt.Sprintf("%s: expected %s, found %s%s: %s", row.ID, w.Name(first.Expected), w.Name(first.Verdict), count, text.List(names)),
		})
	}
	return out
}

// shortcomings says how the patches of a row fall short, if they do. The effect was
// judged with the results; here it gets the scenarios that show it.
func shortcomings(row *matrix.RowResult, rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) []matrix.Finding {
	finding := matrix.Finding{Row: row.ID}
	patches := patchNames(row)
	switch row.Effect {
	case matrix.EffectConflict:
		finding.Text = fmt.Sprintf("%s: %s does not apply: %s", row.ID, patches, matrix.Gist(row.Reason))
	case matrix.EffectUnbuildable:
		finding.Text = fmt.Sprintf("%s: with %s it does not compile: %s", row.ID, patches, matrix.Gist(row.Reason))
	case matrix.EffectRegresses:
		finding.Scenarios = worse(row, rows, scenarios)
		what := text.List(finding.Scenarios)
		if what == "" {
			what = "something" // these results do not have the release without the patch
		}
		finding.Text = fmt.Sprintf("%s: %s makes %s worse: %s without it", row.ID, patches, what, w.Clean.Name)
	case matrix.EffectStillLeaks:
		finding.Scenarios = leaking(row, scenarios)
		finding.Text = fmt.Sprintf("%s: %s does not fix all that it is for: there are still %s in %s", row.ID, patches, w.Leak.Nouns(2), text.List(finding.Scenarios))
	default:
		return nil
	}
	return []matrix.Finding{finding}
}

// worse returns the scenarios of a row that are clean in the same release without
// patches.
func worse(row *matrix.RowResult, rows []matrix.RowResult, scenarios []matrix.Scenario) []string {
	base := matrix.BaseOf(row, rows)
	if base == nil {
		return nil
	}
	return matrix.Regressions(scenarios, base, row)
}

// leaking returns the probes and workarounds that leak in a row.
func leaking(row *matrix.RowResult, scenarios []matrix.Scenario) []string {
	var out []string
	for _, s := range scenarios {
		if c, _ := row.Cell(s.Name); !s.Kind.Invariant() && c.Verdict.Leaks() {
			out = append(out, s.Name)
		}
	}
	return out
}

// groupCells groups cells by a key, in the order of the first cell of each group.
// It leaves out cells with an empty key.
func groupCells(cells []matrix.Cell, key func(matrix.Cell) string) [][]matrix.Cell {
	var keys []string
	var groups [][]matrix.Cell
	for _, c := range cells {
		k := key(c)
		if k == "" {
			continue
		}
		i := slices.Index(keys, k)
		if i < 0 {
			i = len(keys)
			keys, groups = append(keys, k), append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

// scenarioNames returns the scenarios of cells.
func scenarioNames(cells []matrix.Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.Scenario
	}
	return out
}
