package grid

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// answers says in sentences how the probes and workarounds went: first in the
// releases without patches, then for each list of patches what it did, and how
// they went with it:
//
//	drop-a leaks in v0.1.0 - v0.3.0 (3 releases), clean from v0.4.0
//	drop-b leaks in v0.1.0, clean in v0.4.0; fixed between v0.1.0 and v0.4.0 (2 releases not tried)
//	fix fixes what it is for in v0.1.0 - v0.3.0 (3 releases); with it, nothing leaks
//
// Rows are sorted by version.
func answers(rows []matrix.RowResult, untried matrix.Untried, scenarios []matrix.Scenario, w matrix.Words) []string {
	var out []string
	for _, series := range matrix.AllSeries(rows, untried) {
		s := newSpan(series, rows, w)
		if len(s.Patches) == 0 {
			out = append(out, s.sentences(scenarios)...)
			continue
		}
		out = append(out, s.patches(rows, scenarios)...)
	}
	return out
}

// patches says what the patches of a span did, and how the scenarios went with them.
func (s span) patches(rows []matrix.RowResult, scenarios []matrix.Scenario) []string {
	name := strings.Join(s.Patches, " + ")
	did, open := name+" "+s.effects(rows, scenarios), scenarios
	if s.spotless(scenarios) {
		did += "; with it, nothing " + s.words.Leak.One
		open = s.unclear(scenarios)
	}
	out := []string{did}
	for _, sentence := range s.sentences(open) {
		out = append(out, "with "+name+", "+sentence)
	}
	return out
}

// newestRelease returns the version of the newest release in rows, which are sorted by
// version.
func newestRelease(rows []matrix.RowResult) string {
	for _, row := range slices.Backward(rows) {
		if row.Source.IsRelease() {
			return row.Version()
		}
	}
	return ""
}

// spotless reports whether all rows of a span were run and no probe or workaround
// leaks in any of them.
func (s span) spotless(scenarios []matrix.Scenario) bool {
	for i := range s.Rows {
		row := &s.Rows[i]
		if row.State != matrix.StateOK || len(row.Cells) == 0 || len(leaking(row, scenarios)) > 0 {
			return false
		}
	}
	return true
}

// unclear returns the scenarios that are not clean in every row of a span.
func (s span) unclear(scenarios []matrix.Scenario) []matrix.Scenario {
	return slices.DeleteFunc(slices.Clone(scenarios), func(scenario matrix.Scenario) bool {
		ranges := s.Ranges(scenario.Name)
		return len(ranges) == 1 && ranges[0].Verdict == string(matrix.VerdictClean)
	})
}

// sentences says how each scenario went in a span, in the order of the scenarios.
// Those that went alike share the sentence of the first.
func (s span) sentences(scenarios []matrix.Scenario) []string {
	type group struct {
		names     []string
		one, many string // what follows one name, and several
	}
	var groups []group
	for _, scenario := range scenarios {
		if scenario.Kind.Invariant() {
			continue
		}
		one, many := s.story(scenarioSubject(scenario), 1), s.story(scenarioSubject(scenario), 2)
		if one == "" {
			continue
		}
		// Grouping by the singular keeps kinds apart whose plurals read the same.
		i := slices.IndexFunc(groups, func(g group) bool { return g.one == one })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{one: one, many: many})
		}
		groups[i].names = append(groups[i].names, scenario.Name)
	}
	var out []string
	for _, g := range groups {
		story := g.one
		if len(g.names) > 1 {
			story = g.many
		}
		out = append(out, text.List(g.names)+story)
	}
	return out
}

// A subject is what a sentence is about: a scenario or a family.
type subject struct {
	kind matrix.Kind
	bare bool                           // a colon follows its name, so that no verb needs to
	word func(*matrix.RowResult) string // the verdict in a row, or the state of a row that does not have one
	harm func(*matrix.RowResult) (leaks, kills bool)

	scenarios []string // that it is about
}

// scenarioSubject returns a scenario as the subject of a sentence.
func scenarioSubject(scenario matrix.Scenario) subject {
	return subject{
		kind:      scenario.Kind,
		scenarios: []string{scenario.Name},
		word: func(row *matrix.RowResult) string {
			if c, ok := row.Cell(scenario.Name); ok {
				return string(c.Verdict)
			}
			return string(row.State)
		},
		harm: func(row *matrix.RowResult) (leaks, kills bool) {
			c, _ := row.Cell(scenario.Name)
			return c.Verdict.Leaks(), c.Kills()
		},
	}
}

// story says where a scenario leaks, where it is clean, and where that is not known. It
// goes after the names of n subjects like it: " leaks in v0.1.0, clean from v0.2.0", or
// ": not known for v0.1.0: build-failed". It is empty if there is nothing to say.
func (s span) story(sub subject, n int) string {
	ranges := s.RangesOf(sub.word)
	var clauses []string
	for _, w := range wordings(sub.kind, s.words) {
		if these := with(ranges, string(w.verdict)); len(these) > 0 {
			clauses = append(clauses, w.word(n, len(clauses) == 0 && !sub.bare)+" "+s.places(these))
		}
	}
	known, unknown := strings.Join(clauses, ", "), s.unknown(ranges)
	switch {
	case known == "" && unknown == "":
		return ""
	case known == "":
		return ": " + unknown
	}
	known = " " + known + s.severity(sub) + s.decided(sub.scenarios) + s.raised(sub)
	for _, gap := range matrix.Gaps(ranges) {
		if sub.kind == matrix.KindWorkaround { // what works is not fixed
			gap.Kind = "changed"
		}
		known += "; " + gap.String()
	}
	if unknown != "" {
		known += "; " + unknown
	}
	return known
}

// unknown says of which rows nothing is known, and why: the verdict, or the state of a
// row without cells. If patches did not apply or did not compile, their effect says
// so already.
func (s span) unknown(ranges []matrix.Range) string {
	var reasons, clauses []string
	for _, r := range ranges {
		state := matrix.State(r.Verdict)
		effect := len(s.Patches) > 0 && (state == matrix.StatePatchConflict || state == matrix.StateBuildFailed)
		if !matrix.Verdict(r.Verdict).Known() && !effect && !slices.Contains(reasons, r.Verdict) {
			reasons = append(reasons, r.Verdict)
			clauses = append(clauses, text.List(each(with(ranges, r.Verdict)))+": "+s.words.NameOf(state.Missing()))
		}
	}
	if len(clauses) == 0 {
		return ""
	}
	if where, ok := strings.CutSuffix(strings.Join(clauses, ", "), ": "+matrix.NotShown); ok && len(clauses) == 1 {
		return matrix.NotShown + " for " + where
	}
	return "not known for " + strings.Join(clauses, ", ")
}

// fewSevere is how many ranges of releases a sentence lists in which a leak is severe. If
// there are more, it only counts the releases.
const fewSevere = 3

// severity says where the leak of a subject is severe, as the end of a sentence.
func (s span) severity(sub subject) string {
	ranges := s.RangesOf(func(row *matrix.RowResult) string {
		switch leaks, kills := sub.harm(row); {
		case kills:
			return "severe"
		case leaks:
			return "mild"
		default:
			return ""
		}
	})
	severe, mild := with(ranges, "severe"), with(ranges, "mild")
	does := fmt.Sprintf("; the %s %s", s.words.Leak.Noun, s.words.Severe.One)
	switch {
	case len(severe) == 0:
		return ""
	case len(mild) == 0:
		return does
	case len(severe) <= fewSevere:
		return does + " " + s.places(severe)
	default:
		return fmt.Sprintf("%s in %d of %d releases", does, total(severe), total(severe)+total(mild))
	}
}

// effects says what the patches of a span did, and where: "fixes what it is for from
// v0.3.0, does not apply in v0.1.0 and v0.2.0". Rows are those of the table.
func (s span) effects(rows []matrix.RowResult, scenarios []matrix.Scenario) string {
	kinds := make(map[string]string) // of deeds, by the ID of the row
	deeds := make(map[string]deed)   // by kind
	for i := range s.Rows {
		d := deedOf(&s.Rows[i], rows, scenarios)
		kind := d.kind()
		kinds[s.Rows[i].ID], deeds[kind] = kind, d.join(deeds[kind])
	}
	ranges := s.RangesOf(func(row *matrix.RowResult) string { return kinds[row.ID] })
	var clauses []string
	for _, e := range effectWords {
		var said []string
		for _, r := range ranges {
			if d := deeds[r.Verdict]; d.effect == e.effect && !slices.Contains(said, r.Verdict) {
				said = append(said, r.Verdict)
				clauses = append(clauses, d.String()+" "+s.places(with(ranges, r.Verdict)))
			}
		}
	}
	return strings.Join(clauses, ", ")
}

// mostCured is how many scenarios a sentence names that patches cure.
const mostCured = 8

// A deed describes what patches did in some rows. All of these rows have the same kind of deed.
type deed struct {
	effect matrix.Effect
	cured  []string // the scenarios that leak only without them, if nobody said which they should cure
	worse  []string // the scenarios that are worse with them
	leaked [2]int   // the fewest and the most scenarios that leak without them
}

// deedOf returns what the patches of a row did.
func deedOf(row *matrix.RowResult, rows []matrix.RowResult, scenarios []matrix.Scenario) deed {
	base := matrix.BaseOf(row, rows)
	if len(row.Fixes) > 0 || base == nil || !ran(row) {
		return deed{effect: row.Effect}
	}
	n := len(leaking(base, scenarios))
	return deed{row.Effect, matrix.Cures(scenarios, base, row), worse(row, rows, scenarios), [2]int{n, n}}
}

// kind is equal for deeds that differ at most in how many scenarios leak.
func (d deed) kind() string { return fmt.Sprintf("%q", []any{d.effect, d.cured, d.worse}) }

// join returns the deed of the rows of both. The other one is of the same kind, or the zero
// deed.
func (d deed) join(other deed) deed {
	if other.effect != "" {
		d.leaked = [2]int{min(d.leaked[0], other.leaked[0]), max(d.leaked[1], other.leaked[1])}
	}
	return d
}

// String returns what patches did: "cures drop and wait (2 of 3 to 5)", if between 3 and 5
// scenarios leak without them.
func (d deed) String() string {
	var words []string
	if len(d.cured) > 0 {
		of := strconv.Itoa(d.leaked[0])
		if d.leaked[1] > d.leaked[0] {
			of += " to " + strconv.Itoa(d.leaked[1])
		}
		words = append(words, fmt.Sprintf("cures %s (%d of %s)", text.Some(d.cured, mostCured), len(d.cured), of))
	}
	if len(d.worse) > 0 {
		words = append(words, "makes "+text.Some(d.worse, mostCured)+" worse")
	}
	return cmp.Or(strings.Join(words, " and "), effectWord(d.effect))
}
