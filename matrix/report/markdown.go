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

// Markdown writes COMPATIBILITY.md: GitHub-flavoured, with footnotes, and laid out
// so that it reads well as plain text too. The answer is first, and the wide table
// comes after everything that fits a screen.
func Markdown(w io.Writer, g *matrix.Grid) error {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: compatibility of %s\n\n", escape(g.Suite), escape(g.Target))
	if question := strings.TrimSpace(g.Question + " " + g.Who); question != "" {
		out.WriteString(wrap(escape(question), "", "") + "\n")
	}
	out.WriteString(wrap(measured(g), "", ""))
	out.WriteString("\n" + wrap(escapeWords(Reading(g)), "", ""))
	bullets(&out, "Answer", g.Answers)
	publishedInMarkdown(&out, g)
	bullets(&out, "How sure", g.Sure)
	bullets(&out, "Not as expected", texts(g.Differences))
	bullets(&out, "Not known", texts(g.Unknown))
	families(&out, g)
	ways(&out, g)
	bullets(&out, "Scenario by scenario", g.Details)
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
	return emit(w, out.String())
}

// measured says what the table holds, and how, where, when and by what version of
// matrixrun it was found out.
func measured(g *matrix.Grid) string {
	var out strings.Builder
	fmt.Fprintf(&out, "Measured: %s of %s", text.List(Builds(g)), escape(g.Target))
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
	out.WriteString(madeBy(g.Generated, g.Matrixrun))
	if g.Toolchain != "" {
		says := "no footnote says"
		if furtherToolchains(g) {
			says = "neither a footnote nor the name of a row says"
		}
		fmt.Fprintf(&out, " The compiler is %s where %s otherwise.", escape(g.Toolchain), says)
	}
	return out.String()
}

// furtherToolchains reports whether a table has rows of further toolchains.
func furtherToolchains(g *matrix.Grid) bool {
	return slices.ContainsFunc(g.Rows, func(row matrix.GridRow) bool { return row.Source.Kind == matrix.SourceToolchain })
}

// madeBy ends a sentence with the day of a run and the version of matrixrun, as far
// as they are known.
func madeBy(generated time.Time, version string) string {
	out := ""
	if !generated.IsZero() {
		out = ", " + generated.UTC().Format(time.DateOnly)
	}
	out += ", by matrixrun"
	if version != "" {
		out += " " + escape(version)
	}
	return out + "."
}

// heading opens a section.
func heading(out *strings.Builder, title string) { fmt.Fprintf(out, "\n## %s\n\n", title) }

// bullets writes a section of sentences, and nothing if there are none.
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
	if why := Invariants(g); why != "" {
		out.WriteString(wrap(escapeWords(why), "", "") + "\n")
	}
	rows := [][]string{{"scenario", "kind", "what happens, and what must not"}}
	for _, s := range g.Columns {
		rows = append(rows, []string{escape(s.Name), escape(string(s.Kind)), escape(s.Title)})
	}
	out.WriteString(text.Table(rows))
}

// releases writes the table itself.
func releases(out *strings.Builder, g *matrix.Grid) {
	if len(g.Rows) == 0 {
		return
	}
	heading(out, "Releases")
	patched := g.Patched() > 0
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
		if len(row.Cells) == 0 { // the first column says why, and the others are empty
			line = append(line, escape(row.State.Missing()))
		}
		for _, c := range row.Cells {
			line = append(line, cell(c))
		}
		rows = append(rows, line)
	}
	out.WriteString(text.Table(rows))
}

// build names a row by its ID, or if it has too many patches for that, by their
// number.
func build(row matrix.GridRow) string {
	short := strings.TrimSpace(row.Label)
	if len(row.Patches) == 0 || row.Label == row.ID || short == "+ "+strings.Join(row.PatchNames(), " + ") {
		return row.ID
	}
	return row.Version() + " " + short
}

// cell writes a cell in words: "**leak**† !" is a leak that can kill the connection and
// was not expected. A leak is bold, unless it is planted.
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

// marks writes references to footnotes: GitHub links them, and in plain text they
// still read as references.
func marks(notes []int) string {
	var out strings.Builder
	for _, note := range slices.Sorted(slices.Values(notes)) {
		fmt.Fprintf(&out, "[^%d]", note+1)
	}
	return out.String()
}

// intervals writes a table of ranges for each list of patches. The intervals of one
// list follow each other.
func intervals(out *strings.Builder, g *matrix.Grid) {
	for at := 0; at < len(g.Intervals); {
		next := at
		for next < len(g.Intervals) && slices.Equal(g.Intervals[next].Patches, g.Intervals[at].Patches) {
			next++
		}
		series(out, g, g.Intervals[at:next])
		at = next
	}
}

// series writes the table of ranges of one list of patches. Every line repeats its
// scenario, so that a line found by a search can be read alone. With patches, one
// sentence counts the scenarios that are as they should be in all rows.
func series(out *strings.Builder, g *matrix.Grid, all []matrix.Interval) {
	title, rest, shown := "Intervals", "", all
	if patches := all[0].Patches; len(patches) > 0 {
		title += " with " + escape(strings.Join(patches, " + "))
		shown = slices.DeleteFunc(slices.Clone(all), func(in matrix.Interval) bool { return asWanted(g, in) })
		if n := len(all) - len(shown); n > 0 {
			rest = fmt.Sprintf("%s as it should be in %s.", scenariosAre(n, len(all)), escape(reach(all[len(all)-1].Ranges)))
		}
	}
	rows := [][]string{{"scenario", "verdict", "from", "to", "releases", "at least"}}
	for _, in := range shown {
		for _, r := range in.Ranges {
			releases := fmt.Sprint(r.Rows)
			if r.Untried > 0 {
				releases += fmt.Sprintf(" of %d", r.Rows+r.Untried)
			}
			rows = append(rows, []string{escape(in.Scenario), escape(g.Words.NameOf(r.Verdict)), escape(r.From), escape(r.To), releases, escape(atLeast(g, in, r))})
		}
	}
	var parts []string
	if len(rows) > 1 {
		is := "An interval is releases next to each other with one verdict."
		if furtherToolchains(g) {
			is += " It is about the builds whose names have no toolchain."
		}
		parts = append(parts, wrap(is, "", ""), text.Table(rows))
	}
	if rest != "" {
		parts = append(parts, wrap(rest, "", ""))
	}
	if len(parts) > 0 {
		heading(out, title)
		out.WriteString(strings.Join(parts, "\n"))
	}
}

// atLeast says how sure the weakest cell of a range is: "0 of 72, excludes more than
// 5 %" if it is clean, and "10 of 10" if it leaks. It is empty for other verdicts.
func atLeast(g *matrix.Grid, in matrix.Interval, r matrix.Range) string {
	var weakest *matrix.Cell
	for i := range g.Rows {
		row := &g.Rows[i]
		if !row.Source.IsRelease() || !slices.Equal(row.PatchNames(), in.Patches) || matrix.CompareVersions(row.Version(), r.From) < 0 || matrix.CompareVersions(row.Version(), r.To) > 0 {
			continue
		}
		c, ok := row.Cell(in.Scenario)
		if ok && string(c.Verdict) == r.Verdict && (weakest == nil || c.Trials < weakest.Trials) {
			weakest = &c
		}
	}
	switch {
	case weakest == nil || weakest.Interval == nil:
		return ""
	case weakest.Verdict == matrix.VerdictClean:
		return fmt.Sprintf("0 of %d, excludes more than %s", weakest.Trials, text.PercentUp(weakest.Interval[1]))
	case weakest.Verdict == matrix.VerdictLeak:
		return fmt.Sprintf("%d of %d", weakest.Leaks, weakest.Trials)
	default:
		return ""
	}
}

// scenariosAre begins a sentence about n of all scenarios.
func scenariosAre(n, all int) string {
	switch n {
	case all:
		return "Every scenario is"
	case 1:
		return "One other scenario is"
	default:
		return fmt.Sprintf("The other %d scenarios are each", n)
	}
}

// reach names the releases from the first range to the last: "all of v1.0.0 - v1.4.2".
func reach(ranges []matrix.Range) string {
	first, last := ranges[0].From, ranges[len(ranges)-1].To
	if first == last {
		return first
	}
	return "all of " + first + " - " + last
}

// asWanted reports whether a scenario has the verdict in all rows that it should
// have.
func asWanted(g *matrix.Grid, in matrix.Interval) bool {
	i := slices.IndexFunc(g.Columns, func(s matrix.Scenario) bool { return s.Name == in.Scenario })
	return i >= 0 && in.AsWanted(g.Columns[i].Kind)
}
