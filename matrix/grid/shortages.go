package grid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A shortage is one row whose patches fall short.
type shortage struct {
	row    *matrix.RowResult
	cell   matrix.BackportCell
	column int    // its index
	alike  string // neighbouring rows with the same text share a report; see shortOf
}

// digits are left out of the comparison of rows: line numbers differ from release
// to release even if everything else is the same.
var digits = regexp.MustCompile(`\d+`)

// shortOf reports whether the patches of a row fall short, and how. The text alike
// has what two rows must have in common for one sentence and one next step to hold
// for both: the effect, and for a conflict the hunks that do not apply, for a failed
// build the first complaint, and for patches that cure too little what still leaks.
// A row that a patch makes worse, or whose own tests it breaks, is reported alone.
func shortOf(row, base *matrix.RowResult, cell matrix.BackportCell, column int) (shortage, bool) {
	s := shortage{row: row, cell: cell, column: column, alike: string(row.Effect)}
	if s.inVain() {
		s.alike += " for nothing: "
	}
	switch row.Effect {
	case matrix.EffectConflict:
		s.alike += mayBeIn(row)
		for _, line := range conflicting(row.Reason) {
			s.alike += digits.ReplaceAllString(line, "")
		}
	case matrix.EffectUnbuildable:
		if base.State == matrix.StateBuildFailed {
			return s, false // nothing is known of a release that does not build alone
		}
		s.alike += digits.ReplaceAllString(matrix.Gist(row.Reason), "")
	case matrix.EffectStillLeaks:
		how, _, _ := strings.Cut(cell.Applies, " ") // "offset 12" is like "offset 3"
		s.alike += strings.Join(cell.After, " ") + how
	case matrix.EffectRegresses:
		s.alike += row.ID
	default:
		if row.Upstream == nil || len(row.Upstream.Breaks) == 0 {
			return s, false
		}
		s.alike += row.ID
	}
	return s, true
}

// inVain reports whether nothing that the patches are for leaks in the release
// without them.
func (s *shortage) inVain() bool { return s.cell.Asked && s.cell.Based && len(s.cell.Before) == 0 }

// conflicting returns the lines of a conflict that name the hunks which do not
// apply, and why. The lines of the file are left out: they are indented.
func conflicting(reason string) []string {
	var out []string
	for i, line := range strings.Split(reason, "\n") {
		if i > 0 && line != "" && line[0] != ' ' {
			out = append(out, line)
		}
	}
	return out
}

// shortages reports where patches fall short, in the order of the columns.
// Neighbouring releases with the same problem share a report, because they need the
// same variant of the patch: its range of releases is one line of a header.
func (m *backporter) shortages(all []shortage) []matrix.Shortage {
	var out []matrix.Shortage
	for n, column := range m.columns {
		own := slices.DeleteFunc(slices.Clone(all), func(s shortage) bool { return s.column != n })
		rows := m.inColumn(column)
		for len(own) > 0 {
			size := 1
			for size < len(own) && own[size].alike == own[0].alike && m.neighbours(own[size-1].row, own[size].row, rows) {
				size++
			}
			out = append(out, m.report(own[:size], rows))
			own = own[size:]
		}
	}
	return out
}

// neighbours reports whether no row has a version between those of a and b, and no
// release that was not tried.
func (m *backporter) neighbours(a, b *matrix.RowResult, rows []*matrix.RowResult) bool {
	return m.untried.Between(a.Version(), b.Version()) == 0 && !slices.ContainsFunc(rows, func(r *matrix.RowResult) bool {
		return matrix.CompareVersions(r.Version(), a.Version()) > 0 && matrix.CompareVersions(r.Version(), b.Version()) < 0
	})
}

// report says how the patches of neighbouring releases fall short, and what to do
// next. It shows the newest of them, from which a new variant is best made.
// Rows are those of the column.
func (m *backporter) report(group []shortage, rows []*matrix.RowResult) matrix.Shortage {
	last := &group[len(group)-1]
	out := matrix.Shortage{}
	for _, s := range group {
		out.Rows = append(out.Rows, s.row.ID)
	}
	where, patches := last.row.Version(), patchNames(last.row)
	if len(group) > 1 {
		where = fmt.Sprintf("%s - %s (%d releases)", group[0].row.Version(), where, len(group))
	}
	variant := "write a variant: `Releases: " + exactly(group) + "` in its header" + nearest(last.row, rows)
	if last.inVain() {
		variant = "what it should cure " + m.words.Leak.Not(1) + " there without it: leave that out of its range"
	}
	switch last.row.Effect {
	case matrix.EffectConflict:
		out.Text = fmt.Sprintf("%s: %s does not apply", where, patches)
		out.Detail = last.row.Reason
		out.Next = variant
		if may := mayHave(last.row); may != "" {
			out.Text = fmt.Sprintf("%s: %s does not apply, and may be in %s already: %s", where, patches, last.row.Version(), may)
			out.Next = "look whether it is; if it is not, " + variant
		}
	case matrix.EffectUnbuildable:
		out.Text = fmt.Sprintf("%s: %s applies (%s) but does not compile", where, patches, last.cell.Applies)
		out.Detail = firstLines(last.row.Reason)
		out.Next = variant + "; " + m.write(last)
	case matrix.EffectStillLeaks:
		out.Text = fmt.Sprintf("%s: with %s there are still %s in %s", where, patches, m.words.Leak.Nouns(2), text.List(last.cell.After))
		if last.row.Already() {
			out.Text += "; the release has the patch already"
		}
		out.Next = look(m.show(last.row.ID, last.cell.After[0]))
	case matrix.EffectRegresses:
		what := worse(last.row, m.rows, m.scenarios)
		out.Text = fmt.Sprintf("%s: %s makes %s worse: %s without it", where, patches, text.List(what), m.words.Clean.Name)
		out.Next = look(m.show(last.row.ID, what[0]))
	}
	if u := last.row.Upstream; u != nil && len(u.Breaks) > 0 {
		addBroken(&out, u, where, patches, m.write(last))
	}
	return out
}

// write says how to write the patched tree of a row to a folder.
func (m *backporter) write(s *shortage) string {
	const folder = "patched"
	scenario := m.scenarios[0].Name
	if command := m.show(s.row.ID, scenario); command != "" {
		return "`" + command + " -o " + folder + "` writes that tree to " + folder + "/" + matrix.RowFolder(s.row.ID)
	}
	return look("")
}

// addBroken adds the release's own tests that patches break.
func addBroken(out *matrix.Shortage, u *matrix.Upstream, where, patches, write string) {
	var tests []string
	for _, t := range u.Breaks {
		tests = append(tests, t.Name())
	}
	broken := fmt.Sprintf("%s breaks %s, which the release ships", patches, text.List(tests))
	if out.Text == "" {
		out.Text = where + ": " + broken
	} else {
		out.Text += "; and " + broken
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
	next := "run `" + run + " ./" + strings.TrimPrefix(first.Package, ".") + "` in the patched tree; " + write
	if out.Next == "" {
		out.Next = next
	} else {
		out.Next += "; " + next
	}
}

// exactly returns the constraint that admits the releases of a group and no others
// that were tried.
func exactly(group []shortage) string {
	first, last := group[0].row.Version(), group[len(group)-1].row.Version()
	if len(group) == 1 {
		return "= " + strings.TrimPrefix(first, "v")
	}
	return ">= " + strings.TrimPrefix(first, "v") + ", <= " + strings.TrimPrefix(last, "v")
}

// nearest names the release nearest to a row that the patches apply to and compile
// with, and that did not have them. Its variant is the best one to start from. Rows are
// those of the column.
func nearest(row *matrix.RowResult, rows []*matrix.RowResult) string {
	at := slices.Index(rows, row)
	for away := 1; away < len(rows); away++ {
		for _, i := range []int{at + away, at - away} {
			if i >= 0 && i < len(rows) && ran(rows[i]) && !rows[i].Already() {
				return "; the nearest release that it applies to unchanged: " + rows[i].Version()
			}
		}
	}
	return "; it applies to no other release here unchanged"
}

// look says how to look at a cell. Without a command, the patches cannot be named together.
func look(command string) string {
	if command == "" {
		return "try these patches by themselves, for which there is a command that shows it"
	}
	return "see how: `" + command + "`"
}

// complaintLines is how many lines of a compiler's output are shown.
const complaintLines = 6

// firstLines returns the first lines of a compiler's output, and a mark if there
// are more.
func firstLines(text string) string {
	lines := strings.SplitAfter(strings.TrimSpace(text), "\n")
	if len(lines) > complaintLines {
		lines = append(lines[:complaintLines:complaintLines], "...")
	}
	return strings.Join(lines, "")
}

// indented indents every line of a text.
func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
