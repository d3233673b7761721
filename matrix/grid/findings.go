package grid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// differences finds what was found out and is not as it was expected: cells
// and states of unpatched rows, and patches that do not do what they are for.
func differences(rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	var out []matrix.Finding
	var said stretches
	for i := range rows {
		row := &rows[i]
		if len(row.Patches) > 0 {
			out = append(out, shortcomings(row, rows, scenarios)...)
			continue
		}
		if row.State == matrix.StateOK && row.ExpectedState != "" && row.ExpectedState != row.State {
			out = append(out, matrix.Finding{
				Row:  row.ID,
				Text: fmt.Sprintf("%s: expected %s, and it builds and runs", row.ID, row.ExpectedState),
			})
		}
		out = said.add(out, unexpected(row))
	}
	return out
}

// stretches tell of releases that stand next to each other once where they
// differ in the same way: dozens of lines that say the same hide those that do
// not.
type stretches struct {
	row   int                 // how many unpatched rows there were
	spans map[string]*stretch // by what is said of them
}

// A stretch is a run of releases of which the same is said.
type stretch struct {
	finding        int // its index
	first          string
	releases, last int // how many; the newest one, as row counts
}

// add appends what is found in the next unpatched row.
func (n *stretches) add(out, found []matrix.Finding) []matrix.Finding {
	if n.spans == nil {
		n.spans = make(map[string]*stretch)
	}
	n.row++
	for _, f := range found {
		said := strings.TrimPrefix(f.Text, f.Row)
		span := n.spans[said]
		if span == nil || span.last != n.row-1 {
			n.spans[said] = &stretch{finding: len(out), first: f.Row, releases: 1, last: n.row}
			out = append(out, f)
			continue
		}
		span.releases++
		span.last = n.row
		out[span.finding].Text = fmt.Sprintf("%s - %s (%d releases)%s", span.first, f.Row, span.releases, said)
	}
	return out
}

// unexpected finds the cells that differ from their expectation, those that
// differ in the same way together. A cell of which nothing was found out does
// not differ: it is unknown.
func unexpected(row *matrix.RowResult) []matrix.Finding {
	var out []matrix.Finding
	for _, group := range alike(row.Cells, func(c matrix.Cell) string {
		if !c.Differs() || c.Verdict.Undecided() {
			return ""
		}
		return fmt.Sprint(c.Verdict, c.Expected, c.Leaks, c.Trials)
	}) {
		first := group[0]
		count := ""
		if first.Trials > 0 {
			count = fmt.Sprintf(" (%d of %d trials leaked)", first.Leaks, first.Trials)
		}
		names := scenarioNames(group)
		out = append(out, matrix.Finding{
			Row: row.ID, Scenarios: names,
			Text: fmt.Sprintf("%s: expected %s, found %s%s: %s", row.ID, first.Expected, first.Verdict, count, text.List(names)),
		})
	}
	return out
}

// shortcomings says how the patches of a row fall short, if they do.
func shortcomings(row *matrix.RowResult, rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
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
			what = "something" // the release without the patch is in another table
		}
		finding.Text = fmt.Sprintf("%s: %s makes %s worse, clean without it", row.ID, patches, what)
	case matrix.EffectStillLeaks:
		finding.Scenarios = leaking(row, scenarios)
		finding.Text = fmt.Sprintf("%s: %s does not fix all that it is for: with it, there are leaks in %s", row.ID, patches, text.List(finding.Scenarios))
	default:
		return nil
	}
	return []matrix.Finding{finding}
}

// worse names the scenarios that are clean in the same release unpatched.
func worse(row *matrix.RowResult, rows []matrix.RowResult, scenarios []matrix.Scenario) []string {
	base := baseOf(row, rows)
	if base == nil {
		return nil
	}
	return matrix.Regressions(scenarios, base, row)
}

// leaking names the probes and workarounds that leak.
func leaking(row *matrix.RowResult, scenarios []matrix.Scenario) []string {
	var out []string
	for _, s := range scenarios {
		if c, _ := row.Cell(s.Name); !s.Kind.Invariant() && c.Verdict.Leaks() {
			out = append(out, s.Name)
		}
	}
	return out
}

// alike groups cells by a key, in the order of their first; those without one
// are left out.
func alike(cells []matrix.Cell, key func(matrix.Cell) string) [][]matrix.Cell {
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

func scenarioNames(cells []matrix.Cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = c.Scenario
	}
	return out
}

// again writes the flags that repeat one row.
func again(row *matrix.RowResult) string {
	flags := []string{"--only " + row.Version()}
	for _, name := range row.PatchNames() {
		flags = append(flags, "--patch "+name)
	}
	if row.Server != "" {
		flags = append(flags, "--server-version "+row.Server)
	}
	return strings.Join(append(flags, "--fresh"), " ")
}
