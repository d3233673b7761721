package grid

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// together is the column of several patches at once, where they were tried one
// by one too.
const together = "all together"

// Backports makes the tables of patches over releases of a run's results. Every
// list of patches is a column of its own; where single patches are, all lists of
// several share one. Show returns how a cell of a row is looked at: a command
// line, or nothing where that is not possible; nil stands for the shipped suite
// and patches below ./patches.
func Backports(r *matrix.Results, show func(row, scenario string) string) *matrix.Backports {
	if show == nil {
		show = func(row, scenario string) string { return "matrixrun show " + row + "/" + scenario }
	}
	rows := matrix.ByVersion(r.Rows)
	b := &matrix.Backports{
		Suite: r.Suite, Target: r.Target, Generated: r.Generated, Matrixrun: r.Matrixrun, Host: r.Host,
		Columns: backportColumns(r.Rows),
		Unknown: backportUnknown(rows, r.Scenarios),
	}
	var shortages []shortage
	for i := range rows {
		if base := &rows[i]; len(base.Patches) == 0 {
			line, short := backportRow(base, b.Columns, rows, r.Scenarios)
			b.Rows = append(b.Rows, line)
			shortages = append(shortages, short...)
		}
	}
	b.Answers = backportAnswers(rows, b.Columns)
	b.Short = shortagesOf(shortages, b.Columns, rows, r.Scenarios, show)
	return b
}

// backportColumns lists the columns in the order in which their patches first come.
func backportColumns(rows []matrix.RowResult) []matrix.BackportColumn {
	var single, several []matrix.BackportColumn
	for _, s := range matrix.AllSeries(rows) {
		column := matrix.BackportColumn{Name: strings.Join(s.Patches, " + "), Patches: s.Patches}
		switch len(s.Patches) {
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
	// Patches were asked for in an order that their longest list still has.
	order := longest(rows)
	slices.SortStableFunc(single, func(a, b matrix.BackportColumn) int {
		return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name))
	})
	return append(single, several...)
}

// longest returns the longest list of patches that a row has.
func longest(rows []matrix.RowResult) (most []string) {
	for i := range rows {
		if len(rows[i].Patches) > len(most) {
			most = rows[i].PatchNames()
		}
	}
	return most
}

// inColumn reports whether a row belongs to a column.
func inColumn(row *matrix.RowResult, c matrix.BackportColumn) bool {
	if len(c.Patches) == 0 {
		return len(row.Patches) > 1
	}
	return slices.Equal(row.PatchNames(), c.Patches)
}

// backportRow makes the row of a release.
func backportRow(base *matrix.RowResult, columns []matrix.BackportColumn, rows []matrix.RowResult, scenarios []matrix.Scenario) (matrix.BackportRow, []shortage) {
	line := matrix.BackportRow{Release: base.Version()}
	var short []shortage
	for n, column := range columns {
		i := slices.IndexFunc(rows, func(r matrix.RowResult) bool { return r.Version() == line.Release && inColumn(&r, column) })
		cell := matrix.BackportCell{Applies: "not for"}
		switch {
		case i >= 0:
			cell = backportCell(&rows[i], base, scenarios)
			if s, falls := shortOf(&rows[i], base, cell, n); falls {
				cell.Short = true
				short = append(short, s)
			}
		case len(column.Patches) == 0:
			cell.Applies = "" // nobody said that all of them are for it
		}
		line.Cells = append(line.Cells, cell)
	}
	return line, short
}

// backportCell sums up a patched row.
func backportCell(row, base *matrix.RowResult, scenarios []matrix.Scenario) matrix.BackportCell {
	c := matrix.BackportCell{ID: row.ID, Patches: row.PatchNames(), For: row.Fixes, Effect: row.Effect, Applies: applies(row), Upstream: upstreamWord(row.Upstream)}
	switch {
	case row.State == matrix.StateBuildFailed:
		c.Builds = "no"
	case row.Binary != "":
		c.Builds = "yes"
	}
	before, after := ran(base), ran(row)
	if before {
		c.Before = leakingOf(base, row.Fixes)
	}
	if after {
		c.After = leakingOf(row, row.Fixes)
	}
	c.Based, c.Judged = before && decided(base, row.Fixes), before && after
	if !c.Judged {
		return c
	}
	for _, s := range scenarios {
		was, before := base.Cell(s.Name)
		is, after := row.Cell(s.Name)
		if before && after && was.Verdict != is.Verdict && !slices.Contains(row.Fixes, s.Name) {
			c.Rest = append(c.Rest, fmt.Sprintf("%s: %s -> %s", s.Name, was.Verdict, is.Verdict))
		}
	}
	return c
}

// ran reports whether a row has cells that were tried.
func ran(row *matrix.RowResult) bool { return row.State == matrix.StateOK && row.Binary != "" }

// decided reports whether it is known of some scenarios, and at least one, how
// they go in a row.
func decided(row *matrix.RowResult, scenarios []string) bool {
	return len(scenarios) > 0 && !slices.ContainsFunc(scenarios, func(name string) bool {
		c, ok := row.Cell(name)
		return !ok || c.Verdict.Undecided()
	})
}

// leakingOf names those of some scenarios that leak in a row.
func leakingOf(row *matrix.RowResult, scenarios []string) []string {
	var out []string
	for _, name := range scenarios {
		if c, ok := row.Cell(name); ok && c.Verdict.Leaks() {
			out = append(out, name)
		}
	}
	return out
}

// applies says how the patches of a row went on: of several what is most
// remarkable, since all must go on.
func applies(row *matrix.RowResult) string {
	offset, ways := 0, map[matrix.Apply]bool{}
	for _, p := range row.Patches {
		ways[p.Apply] = true
		if size := max(p.Offset, -p.Offset); size > max(offset, -offset) {
			offset = p.Offset
		}
	}
	switch {
	case row.State == matrix.StatePatchConflict || ways[matrix.ApplyConflict]:
		return string(matrix.ApplyConflict)
	case ways[matrix.ApplyOffset]:
		return fmt.Sprintf("%s %d", matrix.ApplyOffset, offset)
	case ways[matrix.ApplyExact]:
		return string(matrix.ApplyExact)
	case ways[matrix.ApplyAlready]:
		return string(matrix.ApplyAlready)
	default:
		return ""
	}
}

// upstreamWord says in a few words what the release's own tests say.
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

// backportAnswers says what each column did.
func backportAnswers(rows []matrix.RowResult, columns []matrix.BackportColumn) []string {
	var out []string
	for _, c := range columns {
		s := span{newest: newest(rows), patched: true}
		for i := range rows {
			if inColumn(&rows[i], c) {
				s.rows = append(s.rows, rows[i])
			}
		}
		out = append(out, c.Name+" "+s.effects())
	}
	return out
}

// backportUnknown finds what could not be found out. That a release is not as
// its suite expects is another question than whether a patch cures it, and a
// cell that comes out as open as it was is none of the patch's.
func backportUnknown(rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Finding {
	out := unknown(rows, scenarios)
	for i := range rows {
		if u := rows[i].Upstream; u != nil && u.Unknown != "" {
			out = append(out, matrix.Finding{
				Row:  rows[i].ID,
				Text: fmt.Sprintf("%s: what the release's own tests say is not known: %s. Run again when that is mended", rows[i].ID, matrix.Gist(u.Unknown)),
			})
		}
	}
	return out
}
