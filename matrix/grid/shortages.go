package grid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A shortage is one row in which patches fall short.
type shortage struct {
	row    *matrix.RowResult
	cell   matrix.BackportCell
	column int
	alike  string // what neighbouring rows must share with it to be told together
}

// digits differ from release to release where all else is the same.
var digits = regexp.MustCompile(`\d+`)

// shortOf says whether the patches of a row fall short, and how.
func shortOf(row, base *matrix.RowResult, cell matrix.BackportCell, column int) (shortage, bool) {
	s := shortage{row: row, cell: cell, column: column, alike: string(row.Effect)}
	if cell.Based && len(cell.Before) == 0 {
		s.alike += " for nothing: "
	}
	switch row.Effect {
	case matrix.EffectConflict:
		// Which hunk, and why; not what stands in its place.
		for _, line := range conflicting(row.Reason) {
			s.alike += digits.ReplaceAllString(line, "")
		}
	case matrix.EffectUnbuildable:
		if base.State == matrix.StateBuildFailed {
			return s, false // of which nothing is known
		}
		s.alike += digits.ReplaceAllString(matrix.Gist(row.Reason), "")
	case matrix.EffectStillLeaks:
		s.alike += strings.Join(cell.After, " ") + cell.Applies[:min(len(cell.Applies), len("already"))]
	case matrix.EffectRegresses:
		s.alike += row.ID // each is looked at by itself
	default:
		if row.Upstream == nil || len(row.Upstream.Breaks) == 0 {
			return s, false
		}
		s.alike += row.ID
	}
	return s, true
}

// conflicting returns the lines of a conflict that say which hunks do not go on.
func conflicting(reason string) []string {
	var out []string
	for i, line := range strings.Split(reason, "\n") {
		if i > 0 && line != "" && line[0] != ' ' {
			out = append(out, line)
		}
	}
	return out
}

// shortagesOf words shortages, those of neighbouring releases that are alike in
// one, in the order of the columns.
func shortagesOf(all []shortage, columns []matrix.BackportColumn, rows []matrix.RowResult, scenarios []matrix.Scenario, show func(row, scenario string) string) []matrix.Shortage {
	var out []matrix.Shortage
	for n, column := range columns {
		mine := slices.DeleteFunc(slices.Clone(all), func(s shortage) bool { return s.column != n })
		for len(mine) > 0 {
			size := 1
			for size < len(mine) && mine[size].alike == mine[0].alike && neighbours(mine[size-1].row, mine[size].row, column, rows) {
				size++
			}
			out = append(out, worded(mine[:size], column, rows, scenarios, show))
			mine = mine[size:]
		}
	}
	return out
}

// neighbours reports whether a column has no row between two of its rows.
func neighbours(a, b *matrix.RowResult, column matrix.BackportColumn, rows []matrix.RowResult) bool {
	return !slices.ContainsFunc(rows, func(r matrix.RowResult) bool {
		return inColumn(&r, column) && matrix.CompareVersions(r.Version(), a.Version()) > 0 && matrix.CompareVersions(r.Version(), b.Version()) < 0
	})
}

// worded says of neighbouring rows how they fall short, and what to do next. The
// newest of them is shown: whoever writes a variant begins there.
func worded(group []shortage, column matrix.BackportColumn, rows []matrix.RowResult, scenarios []matrix.Scenario, show func(row, scenario string) string) matrix.Shortage {
	last := group[len(group)-1]
	out := matrix.Shortage{}
	for _, s := range group {
		out.Rows = append(out.Rows, s.row.ID)
	}
	where := last.row.Version()
	if len(group) > 1 {
		where = fmt.Sprintf("%s - %s (%d releases)", group[0].row.Version(), where, len(group))
	}
	variant := "write a variant: `Releases: " + exactly(group) + "` in its header" + taker(last.row, column, rows)
	if last.cell.Based && len(last.cell.Before) == 0 {
		variant = "nothing that it is to cure leaks there without it, so leave it out of the range"
	}
	switch last.row.Effect {
	case matrix.EffectConflict:
		out.Text = fmt.Sprintf("%s: %s does not apply", where, patchNames(last.row))
		out.Detail = last.row.Reason
		out.Next = variant
	case matrix.EffectUnbuildable:
		out.Text = fmt.Sprintf("%s: %s applies (%s) and does not compile", where, patchNames(last.row), last.cell.Applies)
		out.Detail = firstLines(last.row.Reason)
		out.Next = variant
	case matrix.EffectStillLeaks:
		out.Text = fmt.Sprintf("%s: with %s there are still leaks in %s", where, patchNames(last.row), text.List(last.cell.After))
		if last.cell.Applies == string(matrix.ApplyAlready) {
			out.Text += "; the release has the patch already"
		}
		out.Next = look(show(last.row.ID, last.cell.After[0]))
	case matrix.EffectRegresses:
		what := worse(last.row, rows, scenarios)
		out.Text = fmt.Sprintf("%s: %s makes %s worse, clean without it", where, patchNames(last.row), text.List(what))
		out.Next = look(show(last.row.ID, what[0]))
	}
	if u := last.row.Upstream; u != nil && len(u.Breaks) > 0 {
		broken(&out, u, where, last.row)
	}
	return out
}

// broken adds what a release's own tests say against the patches.
func broken(out *matrix.Shortage, u *matrix.Upstream, where string, row *matrix.RowResult) {
	var tests []string
	for _, t := range u.Breaks {
		tests = append(tests, t.Name())
	}
	text := fmt.Sprintf("%s breaks %s, which the release ships", patchNames(row), text.List(tests))
	if out.Text == "" {
		out.Text = where + ": " + text
	} else {
		out.Text += "; and " + text
	}
	first := u.Breaks[0]
	if first.Output != "" {
		out.Detail = strings.TrimLeft(out.Detail+"\n"+first.Name()+":\n"+indented(first.Output), "\n")
	}
	run := "go test"
	if top, _, _ := strings.Cut(first.Test, "/"); top != "" {
		top, _, _ = strings.Cut(top, ": ")
		run += " -run '^" + top + "$'"
	}
	next := "run `" + run + " ./" + strings.TrimPrefix(first.Package, ".") + "` in the patched tree"
	if out.Next == "" {
		out.Next = next
	} else {
		out.Next += "; " + next
	}
}

// exactly is the constraint that admits just the releases of a group.
func exactly(group []shortage) string {
	first, last := group[0].row.Version(), group[len(group)-1].row.Version()
	if len(group) == 1 {
		return "= " + strings.TrimPrefix(first, "v")
	}
	return ">= " + strings.TrimPrefix(first, "v") + ", <= " + strings.TrimPrefix(last, "v")
}

// taker names the release nearest to a row that the patches go on and compile
// with: what stands there is the best start for a variant.
func taker(row *matrix.RowResult, column matrix.BackportColumn, rows []matrix.RowResult) string {
	var mine []*matrix.RowResult
	at := 0
	for i := range rows {
		if inColumn(&rows[i], column) {
			if rows[i].ID == row.ID {
				at = len(mine)
			}
			mine = append(mine, &rows[i])
		}
	}
	for away := 1; away < len(mine); away++ {
		for _, i := range []int{at + away, at - away} {
			if i >= 0 && i < len(mine) && mine[i].State == matrix.StateOK && mine[i].Binary != "" {
				return "; the nearest release that takes it as it is: " + mine[i].Version()
			}
		}
	}
	return "; no other release here takes it as it is"
}

// look says how a cell is looked at.
func look(command string) string {
	if command == "" {
		return "run it again with -o, which keeps the diff as a file that matrixrun show takes"
	}
	return "see how: `" + command + "`"
}

// complaintLines is how much of a compiler's words is shown.
const complaintLines = 6

func firstLines(text string) string {
	lines := strings.SplitAfter(strings.TrimSpace(text), "\n")
	if len(lines) > complaintLines {
		lines = append(lines[:complaintLines:complaintLines], "...")
	}
	return strings.Join(lines, "")
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
