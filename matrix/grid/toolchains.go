package grid

import (
	"cmp"
	"fmt"
	"go/version"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A rebuilt is a release, with or without patches, that several toolchains compiled.
type rebuilt struct {
	id   string              // of the row with the usual toolchain
	rows []*matrix.RowResult // first that with the usual toolchain, if there is one, then those with further ones
}

// allRebuilt returns the releases that further toolchains compiled, by version. Rows are
// sorted by version.
func allRebuilt(rows []matrix.RowResult) (all []rebuilt) {
	for i := range rows {
		row := &rows[i]
		if row.Source.Kind != matrix.SourceToolchain {
			continue
		}
		id := matrix.RowID{Version: row.Source.Version, Patches: row.PatchNames()}.String()
		at := slices.IndexFunc(all, func(r rebuilt) bool { return r.id == id && r.rows[0].Server == row.Server })
		if at < 0 {
			at, all = len(all), append(all, rebuilt{id: id})
			if usual := slices.IndexFunc(rows, func(r matrix.RowResult) bool { return r.ID == id && r.Server == row.Server }); usual >= 0 {
				all[at].rows = append(all[at].rows, &rows[usual])
			}
		}
		all[at].rows = append(all[at].rows, row)
	}
	return all
}

// toolchainOf names what compiled a row.
func toolchainOf(row *matrix.RowResult) string {
	return cmp.Or(row.Source.Toolchain, row.Toolchain, "the usual toolchain")
}

// depends reports whether the toolchain decides if a scenario leaks. What is not known
// decides nothing.
func (r rebuilt) depends(scenario string) bool {
	var leaks, clean bool
	for _, row := range r.rows {
		if c, _ := row.Cell(scenario); c.Verdict.Known() {
			leaks, clean = leaks || c.Verdict.Leaks(), clean || !c.Verdict.Leaks()
		}
	}
	return leaks && clean
}

// story says with which toolchains a scenario leaks, and with which it is clean, after the
// names of n scenarios like it: " leaks with go1.21.13, clean with go1.26.8". It is empty if
// the verdict is the same with all of them, or if it is known with none.
func (r rebuilt) story(s matrix.Scenario, n int, w matrix.Words) string {
	with := make(map[matrix.Verdict][]string)
	var rest []string
	for _, row := range r.rows {
		if c, _ := row.Cell(s.Name); c.Verdict.Known() {
			with[c.Verdict] = append(with[c.Verdict], toolchainOf(row))
		} else if row.State == matrix.StateOK {
			rest = append(rest, toolchainOf(row))
		}
	}
	if len(with) == 0 || len(with) == 1 && len(rest) == 0 {
		return ""
	}
	var clauses []string
	for _, one := range wordings(s.Kind, w) {
		if tools := with[one.verdict]; len(tools) > 0 {
			slices.SortFunc(tools, version.Compare)
			clauses = append(clauses, one.word(n, len(clauses) == 0)+" with "+text.List(tools))
		}
	}
	if len(rest) > 0 {
		clauses = append(clauses, "not known with "+text.List(rest))
	}
	return " " + strings.Join(clauses, ", ")
}

// stories says how the toolchain decides: "drop-a and drop-b leak with go1.21.13, clean with
// go1.26.8". It is empty if it decides nothing. Scenarios are those that count.
func (r rebuilt) stories(scenarios []matrix.Scenario, w matrix.Words) string {
	type group struct {
		names     []string
		one, many string
	}
	var groups []group
	for _, s := range scenarios {
		if s.Kind.Invariant() {
			continue
		}
		one := r.story(s, 1, w)
		if one == "" {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.one == one })
		if i < 0 {
			i, groups = len(groups), append(groups, group{one: one, many: r.story(s, 2, w)})
		}
		groups[i].names = append(groups[i].names, s.Name)
	}
	var parts []string
	for _, g := range groups {
		if len(g.names) == 1 {
			parts = append(parts, g.names[0]+g.one)
		} else {
			parts = append(parts, text.List(g.names)+g.many)
		}
	}
	return strings.Join(parts, "; ")
}

// unbuildable reports whether it is known that a further toolchain cannot compile a release,
// which then nobody can build with it. That the reproduction does not compile says nothing,
// and neither does what the toolchain is not the reason for: modules that do not go together,
// or a release that the usual toolchain does not compile either.
func unbuildable(row *matrix.RowResult, rows []matrix.RowResult) bool {
	if row.Source.Kind != matrix.SourceToolchain || row.State != matrix.StateBuildFailed {
		return false
	}
	if matrix.ReleaseNeedsGo(row.Reason) {
		return true
	}
	_, required := matrix.RequirementIn(row.Reason)
	return matrix.TargetFails(row.Reason) && !required && !unrequired(row.Source, row.Reason) &&
		!slices.ContainsFunc(rows, func(usual matrix.RowResult) bool {
			return usual.Source.IsRelease() && usual.State == matrix.StateBuildFailed && usual.Server == row.Server &&
				usual.Source.Version == row.Source.Version && slices.Equal(usual.PatchNames(), row.PatchNames())
		})
}

// mostRebuilt is how many releases a sentence about toolchains names.
const mostRebuilt = 8

// aboutToolchains says in sentences what depends on the toolchain, then with which nothing
// does, and what cannot be built with which:
//
//	v1.1.0: drop-a leaks with go1.21.13, clean with go1.26.8
//	with go1.21.13, all verdicts on v1.0.0 and v1.2.0 are the same as with go1.26.8
//	v1.3.0 cannot be built with go1.21.13
func aboutToolchains(all []rebuilt, rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) []string {
	var differ, same, never sharing
	for _, r := range all {
		if stories := r.stories(scenarios, w); stories != "" {
			differ.add(stories, r.id)
		}
		usual := r.rows[0]
		for _, row := range r.rows {
			switch {
			case row.Source.Kind != matrix.SourceToolchain:
			case unbuildable(row, rows):
				never.add(" cannot be built with "+toolchainOf(row), r.id)
			case usual != row && sameVerdicts(usual, row, scenarios):
				same.add(fmt.Sprintf("with %s, all verdicts on %%s are the same as with %s", toolchainOf(row), toolchainOf(usual)), r.id)
			}
		}
	}
	var out []string
	for _, one := range differ {
		out = append(out, text.Some(one.ids, mostRebuilt)+": "+one.text)
	}
	for _, one := range same {
		out = append(out, strings.Replace(one.text, "%s", text.Some(one.ids, mostRebuilt), 1))
	}
	for _, one := range never {
		out = append(out, text.Some(one.ids, mostRebuilt)+one.text)
	}
	return out
}

// sameVerdicts reports whether two rows were tried and came out alike.
func sameVerdicts(a, b *matrix.RowResult, scenarios []matrix.Scenario) bool {
	known := false
	for _, s := range scenarios {
		was, _ := a.Cell(s.Name)
		is, _ := b.Cell(s.Name)
		if was.Verdict != is.Verdict {
			return false
		}
		known = known || is.Verdict.Known() && !s.Kind.Invariant()
	}
	return known
}

// A sharing has texts that several rows share, in the order of the first row of each.
type sharing []struct {
	text string
	ids  []string
}

func (s *sharing) add(text, id string) {
	for i := range *s {
		if one := &(*s)[i]; one.text == text {
			one.ids = append(one.ids, id)
			return
		}
	}
	*s = append(*s, struct {
		text string
		ids  []string
	}{text, []string{id}})
}

// elsewise returns a footnote for a cell of a row with the usual toolchain, about the
// toolchains with which it comes out otherwise: "bad with go1.21.13".
func elsewise(all []rebuilt, row *matrix.RowResult, c matrix.Cell, w matrix.Words) string {
	var parts []string
	for _, r := range all {
		if r.rows[0] != row {
			continue
		}
		for _, other := range r.rows[1:] {
			if is, _ := other.Cell(c.Scenario); is.Verdict.Known() && is.Verdict.Leaks() != c.Verdict.Leaks() {
				parts = append(parts, w.Name(is.Verdict)+" with "+toolchainOf(other))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// withoutDependent returns the rows without the cells that hold for one toolchain only, and
// what depends on the toolchain, a clause by the ID of the row. Rows of further toolchains
// stay as they are.
func withoutDependent(all []rebuilt, rows []matrix.RowResult, scenarios []matrix.Scenario, w matrix.Words) (careful []matrix.RowResult, clauses map[string]string) {
	careful, clauses = rows, make(map[string]string)
	for _, r := range all {
		dependent := slices.DeleteFunc(slices.Clone(scenarios), func(s matrix.Scenario) bool { return s.Kind.Invariant() || !r.depends(s.Name) })
		i := slices.IndexFunc(rows, func(row matrix.RowResult) bool { return row.ID == r.id && row.Server == r.rows[0].Server })
		if i < 0 || len(dependent) == 0 {
			continue
		}
		if &careful[0] == &rows[0] {
			careful = slices.Clone(rows)
		}
		careful[i].Cells = slices.DeleteFunc(slices.Clone(rows[i].Cells), func(c matrix.Cell) bool {
			return slices.ContainsFunc(dependent, func(s matrix.Scenario) bool { return s.Name == c.Scenario })
		})
		clauses[r.id] = r.stories(dependent, w)
	}
	return careful, clauses
}
