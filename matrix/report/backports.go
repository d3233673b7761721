package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// Backports writes the tables of patches for a screen: what each patch did, a table
// of the releases for each, and where they fall short, with what to do next. If
// there are several patches, a table of all of them comes first.
func Backports(w io.Writer, b *matrix.Backports, screen Screen) error {
	var out strings.Builder
	out.WriteString(screen.wrap(plain(b.Suite+": "+b.Target), "", "  "))
	section(&out, screen, "", b.Answers)
	section(&out, screen, "Not known:", texts(b.Unknown))
	section(&out, screen, "Already in:", b.Already)
	section(&out, screen, "Left out:", b.LeftOut)
	if len(b.Columns) > 1 {
		out.WriteString("\n")
		aligned(&out, plainGrid(b), palette(screen.Color))
	}
	for i, column := range b.Columns {
		out.WriteString("\n")
		if len(b.Columns) > 1 {
			out.WriteString(plain(column.Name) + ":\n")
		}
		rows, notes := details(b, i, plain)
		aligned(&out, rows, palette(screen.Color))
		for n, note := range notes {
			out.WriteString(screen.wrap(plain(note), fmt.Sprintf("(%d) ", n+1), "    "))
		}
		out.WriteString(screen.wrap(plain(purpose(b, i)), "", "  "))
	}
	for i, s := range b.Short {
		if i == 0 {
			out.WriteString("\nFalls short:\n")
		}
		out.WriteString("\n" + screen.wrap(plain(s.Text), "  ", "    "))
		for line := range strings.Lines(s.Detail) {
			out.WriteString(strings.TrimRight("    "+verbatim(line), " ") + "\n")
		}
		if s.Next != "" {
			out.WriteString(screen.fill(unbroken(plain(s.Next)), "    Next: ", "      "))
		}
	}
	return screen.show(w, out.String())
}

// detailHead returns the header of a patch's table.
func detailHead(w matrix.Words) []string {
	return []string{"release", "applies", "builds", before(w), "after", "all else", "upstream's tests", "effect"}
}

// before is the header of the scenarios that show the defect without a patch.
func before(w matrix.Words) string { return w.Leak.After(1) + " before" }

// details makes the table of one patch, without columns that are empty in all rows,
// and the notes that its cells refer to by number:
//
//	release  applies    builds  leaks before  after   all else     effect
//	v1.0.0   exact      yes     2 of 2        0 of 2  unchanged    fixes
//	v1.1.0   offset 12  yes     2 of 2        1 of 2  unchanged    still-leaks
//
// Text is plain or escape. A column of all lists of several patches names its rows
// by their IDs.
func details(b *matrix.Backports, column int, text func(string) string) (rows [][]string, notes []string) {
	rows = [][]string{detailHead(b.Words)}
	several := len(b.Columns[column].Patches) == 0
	for _, row := range b.Rows {
		c := row.Cells[column]
		name := row.Release
		if several {
			name = c.ID
		}
		switch {
		case c.ID == "" && several:
			// Nobody asked for all patches together on this release.
		case c.ID == "":
			rows = append(rows, []string{text(name), text(c.Applies), "", "", "", "", "", "no variant names it"})
		default:
			rows = append(rows, []string{
				text(name), text(c.Applies), c.Builds, leakCount(c, c.Before, c.Based),
				leakCount(c, c.After, c.Judged), text(rest(c, &notes)), text(c.Upstream), text(effectOf(c)),
			})
		}
	}
	return withoutEmpty(rows), notes
}

// withoutEmpty removes columns, other than the first, that are empty below the header.
func withoutEmpty(rows [][]string) [][]string {
	used := make([]bool, len(rows[0]))
	for _, row := range rows[1:] {
		for i, text := range row {
			used[i] = used[i] || text != ""
		}
	}
	out := make([][]string, len(rows))
	for n, row := range rows {
		for i, text := range row {
			if used[i] || i == 0 {
				out[n] = append(out[n], text)
			}
		}
	}
	return out
}

// leakCount says how many of the scenarios that a patch is for leak: "2 of 3". It is
// empty if that is not known.
func leakCount(c matrix.BackportCell, leaking []string, known bool) string {
	switch {
	case !known, len(c.For) == 0 && !c.Based:
		return ""
	case len(c.For) == 0:
		return "none"
	}
	return fmt.Sprintf("%d of %d", len(leaking), len(c.For))
}

// rest says what else changed: "wait: clean -> leak". Several changes become a note,
// which most rows share: "4 changes (1)".
func rest(c matrix.BackportCell, notes *[]string) string {
	switch {
	case !c.Judged:
		return ""
	case len(c.Rest) == 0:
		return "unchanged"
	case len(c.Rest) == 1:
		return c.Rest[0]
	}
	note := strings.Join(c.Rest, ", ")
	i := slices.Index(*notes, note)
	if i < 0 {
		i = len(*notes)
		*notes = append(*notes, note)
	}
	return fmt.Sprintf("%d changes (%d)", len(c.Rest), i+1)
}

// effectOf writes the effect of a patch. A mark says that the patch falls short even
// though its effect is good.
func effectOf(c matrix.BackportCell) string {
	text := string(c.Effect)
	if c.ID != "" && text == "" {
		text = "not judged"
	}
	if c.Short && (c.Effect == matrix.EffectFixes || c.Effect == matrix.EffectNotNeeded) {
		text += " !"
	}
	return text
}

// purpose says which scenarios a patch is for, and whether that depends on the
// release.
func purpose(b *matrix.Backports, column int) string {
	var of []string
	same, asked, based := true, false, false
	for _, row := range b.Rows {
		c := row.Cells[column]
		asked, based = asked || c.Asked, based || c.Based
		if len(c.For) == 0 {
			continue
		}
		same = same && (of == nil || slices.Equal(of, c.For))
		for _, name := range c.For {
			if !slices.Contains(of, name) {
				of = append(of, name)
			}
		}
	}
	switch {
	case !asked && len(of) == 0 && !based:
		return "Nobody says what it should cure, and what " + b.Words.Leak.One + " without it is not known."
	case !asked && len(of) == 0:
		return "Nobody says what it should cure, and nothing " + b.Words.Leak.One + " without it."
	case !asked:
		return fmt.Sprintf("Nobody says what it should cure. Counted are those of these that %s without it: %s.", b.Words.Leak.Many, strings.Join(of, ", "))
	case len(of) == 0:
		return "What it should cure is not known."
	case same:
		return fmt.Sprintf("To cure: %s.", strings.Join(of, ", "))
	default:
		return fmt.Sprintf("To cure in each release, those of these that %s: %s.", b.Words.Leak.Many, strings.Join(of, ", "))
	}
}

// plainGrid makes the table of all patches and releases.
func plainGrid(b *matrix.Backports) [][]string {
	rows := [][]string{{"release"}}
	for _, c := range b.Columns {
		rows[0] = append(rows[0], plain(c.Name))
	}
	for _, row := range b.Rows {
		line := []string{plain(row.Release)}
		for _, c := range row.Cells {
			line = append(line, plain(gist(c)))
		}
		rows = append(rows, line)
	}
	return rows
}

// gist returns a cell of the table of all patches: what the patch did, and how many of
// the scenarios that it is for leak before and after it, as in "fixes 3 -> 0". It is
// empty if the patch is not for the release.
func gist(c matrix.BackportCell) string {
	switch {
	case c.ID == "":
		return ""
	case !c.Judged:
		return effectOf(c)
	default:
		return fmt.Sprintf("%s %d -> %d", effectOf(c), len(c.Before), len(c.After))
	}
}

// aligned writes a table in columns, its header faint.
func aligned(out *strings.Builder, rows [][]string, p palette) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], columns(text))
		}
	}
	for n, row := range rows {
		var line strings.Builder
		for i, text := range row {
			line.WriteString(pad(text, widths[i]+2))
		}
		text := strings.TrimRight(line.String(), " ")
		if n == 0 {
			text = p.paint(fills.Faint, text)
		}
		out.WriteString(text + "\n")
	}
}
