package grid

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// together is the name of the column of all lists of several patches, if patches
// were also tried one by one.
const together = "all together"

// A backporter makes the tables of patches.
type backporter struct {
	rows      []matrix.RowResult // by version
	untried   matrix.Untried
	scenarios []matrix.Scenario
	columns   []matrix.BackportColumn
	show      func(row, scenario string) string
	words     matrix.Words
}

// Backports makes the tables of patches and releases of a run's results. Every
// list of patches has a column; if single patches were tried, all lists of several
// share one. Show returns the command that shows a cell, or "" if there is none.
// If it is nil, the commands are for the shipped suite and patches below ./patches.
func Backports(r *matrix.Results, show func(row, scenario string) string) *matrix.Backports {
	if show == nil {
		show = func(row, scenario string) string { return "matrixrun show " + row + "/" + scenario }
	}
	m := &backporter{rows: matrix.ByVersion(r.Rows), untried: r.Untried, scenarios: r.Scenarios, columns: backportColumns(r.Rows), show: show, words: r.Words.Complete()}
	b := &matrix.Backports{
		Suite: r.Suite, Target: r.Target, Generated: r.Generated, Matrixrun: r.Matrixrun, Host: r.Host,
		Columns: m.columns,
		Words:   m.words,
		Unknown: m.unknown(),
	}
	var all []shortage
	for i := range m.rows {
		if base := &m.rows[i]; len(base.Patches) == 0 {
			line, short := m.row(base)
			b.Rows = append(b.Rows, line)
			all = append(all, short...)
		}
	}
	b.Answers = append(m.answers(), whereTried(r)...)
	b.Already = m.already()
	b.LeftOut = m.leftOut()
	b.Short = m.shortages(all)
	return b
}

// already returns a sentence for each way in which releases are known to have a patch by
// something else than their content, in the order of rows.
func (m *backporter) already() (all []string) {
	type way struct{ patch, why string }
	ways, releases := said(m.rows, func(p matrix.Applied) (way, bool) { return way{p.Name, p.Why}, p.Why != "" })
	for _, w := range ways {
		all = append(all, fmt.Sprintf("%s is in %s already: %s.", w.patch, releases[w], w.why))
	}
	return all
}

// leftOut returns a sentence for each patch of which something was left out, in the
// order of rows. Variants of a patch may leave out different things, and which tests
// conflict depends on the release.
func (m *backporter) leftOut() (all []string) {
	type sentence struct {
		text   string
		varies bool
	}
	sentences, releases := said(m.rows, func(p matrix.Applied) (sentence, bool) { return sentence{leftOut(p), len(p.Aside) > 0}, p.Partly() })
	for _, s := range sentences {
		if s.varies {
			s.text += " (" + releases[s] + ")"
		}
		all = append(all, s.text+".")
	}
	return all
}

// said returns what is to be said of the patches of rows, each thing once and in the order
// of rows, with the first few releases that it holds for.
func said[T comparable](rows []matrix.RowResult, of func(matrix.Applied) (T, bool)) (all []T, releases map[T]string) {
	in := make(map[T][]string)
	for i := range rows {
		for _, p := range rows[i].Patches {
			thing, ok := of(p)
			if version := rows[i].Version(); ok && !slices.Contains(in[thing], version) {
				in[thing] = append(in[thing], version)
			}
			if ok && !slices.Contains(all, thing) {
				all = append(all, thing)
			}
		}
	}
	releases = make(map[T]string)
	for thing, versions := range in {
		releases[thing] = text.Some(versions, 3)
	}
	return all, releases
}

// backportColumns returns the columns. They are in the order of the longest list of
// patches, which still has the order that was asked for; then in the order of rows.
func backportColumns(rows []matrix.RowResult) []matrix.BackportColumn {
	var single, several []matrix.BackportColumn
	seen := make(map[string]bool)
	for _, row := range matrix.ByVersion(rows) {
		patches := row.PatchNames()
		column := matrix.BackportColumn{Name: strings.Join(patches, " + "), Patches: patches}
		if seen[column.Name] {
			continue
		}
		seen[column.Name] = true
		switch len(patches) {
		case 0:
		case 1:
			single = append(single, column)
		default:
			several = append(several, column)
		}
	}
	if len(single) > 0 && len(several) > 0 {
		several = []matrix.BackportColumn{{Name: together}}
	}
	var order []string
	for i := range rows {
		if len(rows[i].Patches) > len(order) {
			order = rows[i].PatchNames()
		}
	}
	slices.SortStableFunc(single, func(a, b matrix.BackportColumn) int {
		return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name))
	})
	return append(single, several...)
}

// inColumn reports whether a row belongs to a column.
func inColumn(row *matrix.RowResult, c matrix.BackportColumn) bool {
	if len(c.Patches) == 0 {
		return len(row.Patches) > 1
	}
	return slices.Equal(row.PatchNames(), c.Patches)
}

// inColumn returns the rows of a column, by version.
func (m *backporter) inColumn(c matrix.BackportColumn) (rows []*matrix.RowResult) {
	for i := range m.rows {
		if inColumn(&m.rows[i], c) {
			rows = append(rows, &m.rows[i])
		}
	}
	return rows
}

// row makes the row of a release, with a cell for each column, and returns where
// patches fall short on it.
func (m *backporter) row(base *matrix.RowResult) (line matrix.BackportRow, short []shortage) {
	line.Release = base.Version()
	for n, column := range m.columns {
		i := slices.IndexFunc(m.rows, func(r matrix.RowResult) bool { return r.Version() == line.Release && inColumn(&r, column) })
		cell := matrix.BackportCell{Applies: "not for"}
		switch {
		case i >= 0:
			cell = m.cell(&m.rows[i], base)
			if s, falls := shortOf(&m.rows[i], base, cell, n); falls {
				cell.Short = true
				short = append(short, s)
			}
		case len(column.Patches) == 0:
			cell.Applies = "" // no patch says that it goes with the others there
		}
		line.Cells = append(line.Cells, cell)
	}
	return line, short
}

// cell sums up a row with patches, compared with the same release without them.
func (m *backporter) cell(row, base *matrix.RowResult) matrix.BackportCell {
	c := matrix.BackportCell{ID: row.ID, Patches: row.PatchNames(), For: row.Fixes, Effect: row.Effect, Says: deedOf(row, m.rows, m.scenarios).String(), Applies: applies(row), Upstream: upstreamWord(row.Upstream)}
	switch {
	case row.State == matrix.StateBuildFailed:
		c.Builds = "no"
	case row.Binary != "":
		c.Builds = "yes"
	}
	before, after := ran(base), ran(row)
	// Without an answer for every scenario that the patches are for, nobody can say
	// that nothing leaks without them.
	c.Asked = len(row.Fixes) > 0
	if c.Asked {
		c.Based = before && decided(base, row.Fixes)
	} else {
		c.For = leaking(base, m.scenarios)
		c.Based = before && (len(c.For) > 0 || decided(base, m.possible(base)))
	}
	c.Judged = before && after && answered(row, base, c.For)
	if before {
		c.Before = leakingOf(base, c.For)
	}
	if after {
		c.After = leakingOf(row, c.For)
	}
	if !c.Judged {
		return c
	}
	for _, s := range m.scenarios {
		was, before := base.Cell(s.Name)
		is, after := row.Cell(s.Name)
		if before && after && was.Verdict != is.Verdict && !slices.Contains(c.For, s.Name) {
			c.Rest = append(c.Rest, fmt.Sprintf("%s: %s -> %s", s.Name, m.words.Name(was.Verdict), m.words.Name(is.Verdict)))
		}
	}
	return c
}

// possible returns the probes and workarounds that a row has cells of and that can happen
// in it.
func (m *backporter) possible(row *matrix.RowResult) []string {
	var names []string
	for _, s := range m.scenarios {
		if c, ok := row.Cell(s.Name); ok && !s.Kind.Invariant() && c.Verdict != matrix.VerdictUnsupported {
			names = append(names, s.Name)
		}
	}
	return names
}

// ran reports whether the scenarios of a row were run.
func ran(row *matrix.RowResult) bool { return row.State == matrix.StateOK && row.Binary != "" }

// decided reports whether a row has an answer for each of some scenarios. Without
// scenarios it has none.
func decided(row *matrix.RowResult, scenarios []string) bool {
	return len(scenarios) > 0 && !slices.ContainsFunc(scenarios, func(name string) bool {
		c, ok := row.Cell(name)
		return !ok || c.Verdict.Undecided()
	})
}

// answered reports whether a row has an answer for each of some scenarios, or for none that its
// base has one for.
func answered(row, base *matrix.RowResult, scenarios []string) bool {
	return !slices.ContainsFunc(scenarios, func(name string) bool {
		was, _ := base.Cell(name)
		is, _ := row.Cell(name)
		return is.Verdict.Undecided() || was.Verdict.Known() && !is.Verdict.Known()
	})
}

// leakingOf returns those of some scenarios that leak in a row.
func leakingOf(row *matrix.RowResult, scenarios []string) []string {
	var out []string
	for _, name := range scenarios {
		if c, ok := row.Cell(name); ok && c.Verdict.Leaks() {
			out = append(out, name)
		}
	}
	return out
}

// applies says how the patches of a row were applied: "exact", or "offset 12" for the
// largest distance in lines, and what conflicts all the same. A row needs all of its
// patches, so the least exact way of any of them is that of the row.
func applies(row *matrix.RowResult) string {
	offset, ways := 0, map[matrix.Apply]bool{}
	var aside []string
	for _, p := range row.Patches {
		aside = append(aside, p.AsideFiles()...)
		ways[p.Apply] = true
		if size := max(p.Offset, -p.Offset); size > max(offset, -offset) {
			offset = p.Offset
		}
	}
	switch {
	case row.State == matrix.StatePatchConflict || ways[matrix.ApplyConflict]:
		return string(matrix.ApplyConflict) + mayBeIn(row)
	case ways[matrix.ApplyOffset]:
		return fmt.Sprintf("%s %d", matrix.ApplyOffset, offset) + conflictAside(aside)
	case ways[matrix.ApplyExact]:
		return string(matrix.ApplyExact) + conflictAside(aside)
	case ways[matrix.ApplyAlready]:
		return string(matrix.ApplyAlready)
	default:
		return ""
	}
}

// mayBeIn marks a conflict of a patch that the release may have in another form.
func mayBeIn(row *matrix.RowResult) string {
	if mayHave(row) == "" {
		return ""
	}
	return ", may be in"
}

// mayHave returns why a release may have a patch that conflicts, or "".
func mayHave(row *matrix.RowResult) string {
	for _, p := range row.Patches {
		if p.May != "" {
			return p.May
		}
	}
	return ""
}

// conflictAside counts the files that conflict without keeping a patch from being applied:
// ", 2 test files conflict".
func conflictAside(files []string) string {
	tests := 0
	for _, name := range files {
		if matrix.IsTest(name) {
			tests++
		}
	}
	what := "file"
	if tests == len(files) {
		what = "test file"
	}
	switch len(files) {
	case 0:
		return ""
	case 1:
		return ", 1 " + what + " conflicts"
	default:
		return fmt.Sprintf(", %d %ss conflict", len(files), what)
	}
}

// upstreamWord sums up what the release's own tests say of patches: "same, 120 pass",
// "breaks 2". Tests that fail with and without the patches do not count against them.
func upstreamWord(u *matrix.Upstream) string {
	switch {
	case u == nil:
		return ""
	case u.Unknown != "":
		return "not known"
	case len(u.Breaks) > 0:
		return fmt.Sprintf("breaks %d", len(u.Breaks))
	case u.Passed+len(u.Fails)+len(u.Flaky)+len(u.Mends) == 0:
		return "none compared"
	}
	text := fmt.Sprintf("same, %d pass", u.Passed)
	if n := len(u.Mends); n > 0 {
		text = fmt.Sprintf("mends %d, %d pass", n, u.Passed)
	}
	if n := len(u.Fails); n > 0 {
		text += fmt.Sprintf(", %d fail either way", n)
	}
	if n := len(u.Flaky); n > 0 {
		text += fmt.Sprintf(", %d flaky", n)
	}
	return text
}

// answers says what each column did on releases, a sentence each, and then how the rest
// went.
func (m *backporter) answers() []string {
	var out []string
	for _, c := range m.columns {
		s := span{newest: newestRelease(m.rows), words: m.words}
		for _, row := range m.inColumn(c) {
			if row.Source.IsRelease() {
				s.Rows = append(s.Rows, *row)
			}
		}
		if len(s.Rows) > 0 {
			out = append(out, c.Name+" "+s.effects(m.rows, m.scenarios))
		}
	}
	return append(out, otherEffects(m.rows, m.scenarios)...)
}
