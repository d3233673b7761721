package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Markdown writes COMPATIBILITY.md: GitHub-flavoured, with footnotes, and laid
// out so that it can be read as the plain text that it is.
func Markdown(w io.Writer, g *matrix.Grid) error {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: compatibility of %s\n\n", escape(g.Suite), escape(g.Target))
	out.WriteString(wrap(measured(g), "", ""))
	// The answer first: most readers need nothing else. The wide table comes
	// after all that fits a screen.
	bullets(&out, "Answer", g.Answers)
	bullets(&out, "Not as expected", texts(g.Differences))
	bullets(&out, "Not known", texts(g.Unknown))
	scenarios(&out, g)
	releases(&out, g)
	intervals(&out, g)
	howToRead(&out, g)
	for i, note := range g.Footnotes {
		if i == 0 {
			out.WriteString("\n")
		}
		out.WriteString(wrap(escape(note), fmt.Sprintf("[^%d]: ", i+1), "    "))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// measured says what the table holds, and how, where, when and by what it was
// found out.
func measured(g *matrix.Grid) string {
	var out strings.Builder
	fmt.Fprintf(&out, "Measured: %s of %s, %s", builds(g), escape(g.Target), text.Count(len(g.Columns), "scenario"))
	if g.Trials[1] > 0 {
		fmt.Fprintf(&out, ", %s for each cell that has a verdict", between(g.Trials, "proven trial"))
	}
	if g.Server != "" {
		fmt.Fprintf(&out, ", all against servers that are built from %s", escape(g.Server))
	}
	out.WriteString(". Each was compiled from source and run")
	if g.Host.GOOS != "" {
		fmt.Fprintf(&out, " on %s/%s", escape(g.Host.GOOS), escape(g.Host.GOARCH))
		if g.Host.CPUs > 0 {
			fmt.Fprintf(&out, " with %s", text.Count(g.Host.CPUs, "CPU"))
		}
	}
	if !g.Generated.IsZero() {
		fmt.Fprintf(&out, ", %s", g.Generated.UTC().Format(time.DateOnly))
	}
	out.WriteString(", by matrixrun")
	if g.Matrixrun != "" {
		out.WriteString(" " + escape(g.Matrixrun))
	}
	out.WriteString(".")
	if g.Toolchain != "" {
		fmt.Fprintf(&out, " The compiler is %s where no footnote says otherwise.", escape(g.Toolchain))
	}
	return out.String()
}

// heading opens a section.
func heading(out *strings.Builder, title string) { fmt.Fprintf(out, "\n## %s\n\n", title) }

// bullets writes a section of sentences, nothing where there are none.
func bullets(out *strings.Builder, title string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	heading(out, title)
	for _, s := range sentences {
		out.WriteString(wrap(escape(s), "- ", "  "))
	}
}

// scenarios writes what the columns mean.
func scenarios(out *strings.Builder, g *matrix.Grid) {
	if len(g.Columns) == 0 {
		return
	}
	heading(out, "Scenarios")
	rows := [][]string{{"scenario", "kind", "what happens, and what must not"}}
	for _, s := range g.Columns {
		rows = append(rows, []string{escape(s.Name), escape(string(s.Kind)), escape(s.Title)})
	}
	out.WriteString(grid(rows))
}

// releases writes the table itself.
func releases(out *strings.Builder, g *matrix.Grid) {
	if len(g.Rows) == 0 {
		return
	}
	heading(out, "Releases")
	patched := slices.ContainsFunc(g.Rows, func(row matrix.GridRow) bool { return len(row.Patches) > 0 })
	head := []string{"build"}
	if patched {
		head = append(head, "effect of the patch")
	}
	for _, s := range g.Columns {
		head = append(head, escape(s.Name))
	}
	rows := [][]string{head}
	for _, row := range g.Rows {
		line := []string{escape(build(row)) + marks(row.Notes)}
		if patched {
			line = append(line, escape(string(row.Effect)))
		}
		// A row without cells says why in the first column, the rest is empty.
		if len(row.Cells) == 0 {
			line = append(line, escape(word(row.State)))
		}
		for _, c := range row.Cells {
			line = append(line, cell(c))
		}
		rows = append(rows, line)
	}
	out.WriteString(grid(rows))
}

// build names a row: by its ID, or as the screen does where that has many patches.
func build(row matrix.GridRow) string {
	short := strings.TrimSpace(row.Label)
	if row.Label == row.ID || short == "+ "+strings.Join(row.PatchNames(), " + ") {
		return row.ID
	}
	return row.Version() + " " + short
}

// cell writes a cell in words. What is no invariant and leaks stands out.
func cell(c matrix.GridCell) string {
	text := escape(c.Word)
	if c.Kills() {
		text += "†"
	}
	if c.Verdict == matrix.VerdictLeak && !c.Holds {
		text = "**" + text + "**"
	}
	if c.Differs() {
		text += " !"
	}
	return text + marks(c.Notes)
}

// marks writes references to footnotes, in the form that GitHub links and
// that still reads as one in plain text.
func marks(notes []int) string {
	var out strings.Builder
	for _, note := range notes {
		fmt.Fprintf(&out, "[^%d]", note+1)
	}
	return out.String()
}

// intervals writes a table of ranges for each list of patches. Every line has
// its scenario, so that one found by searching tells all. With patches, what is as
// it should be throughout is told in one sentence.
func intervals(out *strings.Builder, g *matrix.Grid) {
	for at := 0; at < len(g.Intervals); {
		patches := g.Intervals[at].Patches
		next := at
		for next < len(g.Intervals) && slices.Equal(g.Intervals[next].Patches, patches) {
			next++
		}
		series := g.Intervals[at:next]
		at = next
		title, rest := "Intervals", ""
		if len(patches) > 0 {
			title += " with " + escape(strings.Join(patches, " + "))
			whole := len(series)
			series = slices.DeleteFunc(slices.Clone(series), func(in matrix.Interval) bool { return holds(g, in) })
			if len(series) < whole {
				rest = fmt.Sprintf("%s as it should be in %s.", is(whole-len(series), whole), escape(reach(g.Intervals[next-1].Ranges)))
			}
		}
		rows := [][]string{{"scenario", "verdict", "from", "to", "releases"}}
		for _, in := range series {
			for _, r := range in.Ranges {
				rows = append(rows, []string{escape(in.Scenario), escape(r.Verdict), escape(r.From), escape(r.To), fmt.Sprint(r.Rows)})
			}
		}
		if len(rows) == 1 && rest == "" {
			continue
		}
		heading(out, title)
		if len(rows) > 1 {
			out.WriteString(grid(rows))
		}
		if len(rows) > 1 && rest != "" {
			out.WriteString("\n")
		}
		out.WriteString(wrapped(rest))
	}
}

// wrapped is wrap for a text that may be none.
func wrapped(text string) string {
	if text == "" {
		return ""
	}
	return wrap(text, "", "")
}

// is counts scenarios of which something is true.
func is(n, of int) string {
	switch {
	case n == of:
		return "Every scenario is"
	case n == 1:
		return "One other scenario is"
	default:
		return fmt.Sprintf("The other %d scenarios are each", n)
	}
}

// reach names the releases from the first range to the last.
func reach(ranges []matrix.Range) string {
	first, last := ranges[0].From, ranges[len(ranges)-1].To
	if first == last {
		return first
	}
	return "all of " + first + " - " + last
}

// holds reports whether a scenario has the verdict in all rows that it should have.
func holds(g *matrix.Grid, in matrix.Interval) bool {
	i := slices.IndexFunc(g.Columns, func(s matrix.Scenario) bool { return s.Name == in.Scenario })
	return i >= 0 && in.AsWanted(g.Columns[i].Kind)
}
