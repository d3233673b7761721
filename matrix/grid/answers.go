package grid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// answers says in sentences how the probes and workarounds went, those that
// went alike in one, in the order of their first scenarios: of the releases as
// they are, then of each list of patches what it did and how they went with it.
func answers(rows []matrix.RowResult, scenarios []matrix.Scenario) []string {
	var out []string
	for _, s := range matrix.AllSeries(rows) {
		span := span{rows: s.Rows, newest: newest(rows), patched: len(s.Patches) > 0}
		// What patches did is not the answer on the releases, and says so.
		prefix, told := "", scenarios
		if span.patched {
			name := strings.Join(s.Patches, " + ")
			prefix = "with " + name + ", "
			did := name + " " + span.effects()
			if span.spotless(scenarios) {
				did += "; with it, nothing leaks"
				told = span.unclear(scenarios)
			}
			out = append(out, did)
		}
		for _, sentence := range span.sentences(told) {
			out = append(out, prefix+sentence)
		}
	}
	return out
}

// spotless reports whether all rows of a span were tried, and nothing leaks in any
// of them that is not to.
func (s span) spotless(scenarios []matrix.Scenario) bool {
	for i := range s.rows {
		row := &s.rows[i]
		if row.State != matrix.StateOK || len(row.Cells) == 0 {
			return false
		}
		for _, scenario := range scenarios {
			if c, _ := row.Cell(scenario.Name); !scenario.Kind.Invariant() && c.Verdict.Leaks() {
				return false
			}
		}
	}
	return true
}

// unclear returns the scenarios that are not clean throughout a span.
func (s span) unclear(scenarios []matrix.Scenario) []matrix.Scenario {
	return slices.DeleteFunc(slices.Clone(scenarios), func(scenario matrix.Scenario) bool {
		ranges := matrix.Series{Rows: s.rows}.Ranges(scenario.Name)
		return len(ranges) == 1 && ranges[0].Verdict == string(matrix.VerdictClean)
	})
}

// newest is the version that no row goes beyond.
func newest(rows []matrix.RowResult) string {
	if len(rows) == 0 {
		return ""
	}
	last := matrix.ByVersion(rows)[len(rows)-1]
	return last.Version()
}

// sentences says how each scenario went over a span.
func (s span) sentences(scenarios []matrix.Scenario) []string {
	type alike struct {
		names     []string
		one, many string // what is said of one scenario, and of several
	}
	var groups []alike
	for _, scenario := range scenarios {
		if scenario.Kind.Invariant() {
			continue
		}
		one, many := s.story(scenario, false), s.story(scenario, true)
		if one == "" {
			continue
		}
		// The words for one tell kinds apart that read the same of many.
		i := slices.IndexFunc(groups, func(a alike) bool { return a.one == one })
		if i < 0 {
			i = len(groups)
			groups = append(groups, alike{one: one, many: many})
		}
		groups[i].names = append(groups[i].names, scenario.Name)
	}
	var out []string
	for _, group := range groups {
		said := group.one
		if len(group.names) > 1 {
			said = group.many
		}
		out = append(out, text.List(group.names)+said)
	}
	return out
}

// story says of one scenario where it leaks, where it is clean, and where
// nothing is known of it; nothing where there is no row to tell of.
func (s span) story(scenario matrix.Scenario, plural bool) string {
	ranges := matrix.Series{Rows: s.rows}.Ranges(scenario.Name)
	var clauses []string
	for _, w := range wordings[scenario.Kind] {
		if these := with(ranges, string(w.verdict)); len(these) > 0 {
			clauses = append(clauses, w.word(plural, len(clauses) == 0)+" "+s.places(these))
		}
	}
	said, unknown := strings.Join(clauses, ", "), s.unknown(ranges)
	switch {
	case said == "" && unknown == "":
		return ""
	case said == "":
		return ": " + unknown
	case unknown != "":
		return " " + said + s.deaths(scenario.Name) + "; " + unknown
	default:
		return " " + said + s.deaths(scenario.Name)
	}
}

// unknown says of which rows, and why, nothing is known. Where patches did not
// go on, or nothing compiled with them, that was said as their effect.
func (s span) unknown(ranges []matrix.Range) string {
	var reasons, clauses []string
	for _, r := range ranges {
		state := matrix.State(r.Verdict)
		told := s.patched && (state == matrix.StatePatchConflict || state == matrix.StateBuildFailed)
		if !matrix.Verdict(r.Verdict).Known() && !told && !slices.Contains(reasons, r.Verdict) {
			reasons = append(reasons, r.Verdict)
			clauses = append(clauses, text.List(s.each(with(ranges, r.Verdict)))+": "+stateWord(state))
		}
	}
	if len(clauses) == 0 {
		return ""
	}
	return "not known for " + strings.Join(clauses, ", ")
}

// deaths says where the leak can take the whole connection with it.
func (s span) deaths(scenario string) string {
	ranges := matrix.RangesOf(s.rows, func(row *matrix.RowResult) string {
		c, _ := row.Cell(scenario)
		switch {
		case c.Kills():
			return "kills"
		case c.Verdict.Leaks():
			return "leaks"
		default:
			return ""
		}
	})
	deadly, mild := with(ranges, "kills"), with(ranges, "leaks")
	switch {
	case len(deadly) == 0:
		return ""
	case len(mild) == 0:
		return "; the leak can kill the connection"
	case len(deadly) <= 3:
		return "; the leak can kill the connection " + s.places(deadly)
	default:
		// Where it changes from release to release, no list is of use.
		return fmt.Sprintf("; the leak can kill the connection in %d of %d releases", total(deadly), total(deadly)+total(mild))
	}
}

// effects says what a list of patches did.
func (s span) effects() string {
	ranges := matrix.RangesOf(s.rows, func(row *matrix.RowResult) string { return string(row.Effect) })
	var clauses []string
	for _, e := range effectWords {
		if these := with(ranges, string(e.effect)); len(these) > 0 {
			clauses = append(clauses, e.words+" "+s.places(these))
		}
	}
	return strings.Join(clauses, ", ")
}
