package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// BackportsMarkdown writes BACKPORTS.md: what each patch did, the table of releases
// and patches, where patches fall short, and a table for each patch.
func BackportsMarkdown(w io.Writer, b *matrix.Backports) error {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: patches for %s\n\n", escape(b.Suite), escape(b.Target))
	out.WriteString(wrap(tried(b), "", ""))
	bullets(&out, "Answer", b.Answers)
	bullets(&out, "Not known", texts(b.Unknown))
	bullets(&out, "Already in", b.Already)
	bullets(&out, "Left out", b.LeftOut)
	if len(b.Columns) > 1 {
		heading(&out, "Releases and patches")
		out.WriteString(wrap("What each patch did, and how many of the scenarios that it is for "+b.Words.Leak.Many+" without it and with it. An empty cell: the patch is not for that release.", "", "") + "\n")
		rows := plainGrid(b)
		for i := range rows {
			for j := range rows[i] {
				rows[i][j] = escape(rows[i][j])
			}
		}
		out.WriteString(text.Table(rows))
	}
	shortages(&out, b)
	for i, column := range b.Columns {
		heading(&out, escape(column.Name))
		out.WriteString(wrap(escape(purpose(b, i)), "", "") + "\n")
		rows, notes := details(b, i, escape)
		out.WriteString(text.Table(rows))
		for n, note := range notes {
			out.WriteString("\n" + wrap(escape(note), fmt.Sprintf("(%d) ", n+1), "    "))
		}
	}
	howBackportsRead(&out, b)
	return emit(w, out.String())
}

// tried is the line below the title. It says how much was tried, where, when and by what version of matrixrun.
func tried(b *matrix.Backports) string {
	builds := 0 // cells without an ID are releases that the patch is not for
	for _, row := range b.Rows {
		for _, c := range row.Cells {
			if c.ID != "" {
				builds++
			}
		}
	}
	what := fmt.Sprintf("%d patches and lists of patches", len(b.Columns))
	if len(b.Columns) == 1 {
		what = escape(b.Columns[0].Name)
	}
	out := fmt.Sprintf("Tried: %s on %s of %s, %s. Each was applied to the release's own source, compiled and run, and so was the release without it",
		what, text.Count(len(b.Rows), "release"), escape(b.Target), text.Count(builds, "patched build"))
	if b.Host.GOOS != "" {
		out += fmt.Sprintf(", on %s/%s", escape(b.Host.GOOS), escape(b.Host.GOARCH))
	}
	return out + madeBy(b.Generated, b.Matrixrun)
}

// shortages writes where patches fall short and what to do next. The output of a
// compiler or of tests is shown unchanged, in a block of code inside the list.
func shortages(out *strings.Builder, b *matrix.Backports) {
	if len(b.Short) == 0 {
		return
	}
	heading(out, "Falls short")
	for _, s := range b.Short {
		out.WriteString(wrap(escape(s.Text), "- ", "  "))
		if s.Detail != "" {
			// The text cannot close a fence that is longer than any in it.
			fence := "```"
			for strings.Contains(s.Detail, fence) {
				fence += "`"
			}
			out.WriteString("\n  " + fence + "text\n")
			for line := range strings.Lines(s.Detail) {
				out.WriteString(strings.TrimRight("  "+verbatim(line), " ") + "\n")
			}
			out.WriteString("  " + fence + "\n")
		}
		if s.Next != "" {
			out.WriteString("\n")
			out.WriteString(fill(unbroken("Next: "+s.Next), "  ", "  ")) // with its backquotes
		}
	}
}

// effects returns the meanings of the effects. A patch has the first that is true of it.
func effects(w matrix.Words) []effectMeaning {
	return []effectMeaning{
		{matrix.EffectConflict, "its context is not there, or is there several times: there is no fuzz"},
		{matrix.EffectUnbuildable, "it applies, and the release does not compile with it"},
		{matrix.EffectRegresses, "a scenario is worse than without it"},
		{matrix.EffectStillLeaks, "something that it is for still " + w.Leak.One},
		{matrix.EffectFixes, fmt.Sprintf("what it is for %[1]s, and %[2]s with it; if nobody says what it is for, something that %[1]s %[2]s", w.Leak.Past, w.Clean.One)},
		{matrix.EffectNotNeeded, "nothing that it is for " + w.Leak.One + " without it, or the release has it already"},
		{matrix.EffectUnmeasured, "it changes no scenario, and nobody says that it should"},
	}
}

// An effectMeaning is an effect, and when a patch has it.
type effectMeaning struct {
	effect matrix.Effect
	means  string
}

// howBackportsRead ends the document with the meaning of the words that it uses.
func howBackportsRead(out *strings.Builder, b *matrix.Backports) {
	heading(out, "How to read this")
	bullet := func(text string) { out.WriteString(wrap(text, "- ", "  ")) }
	used := func(about func(matrix.BackportCell) bool) bool {
		return slices.ContainsFunc(b.Rows, func(row matrix.BackportRow) bool { return slices.ContainsFunc(row.Cells, about) })
	}
	bullet("`applies`: `exact` at the lines that the patch names; `offset N` at others, up to N lines away, with the same context; " +
		"`already` where the release has it; `not for` where no variant of the patch names the release.")
	bullet(fmt.Sprintf("%#q and `after`: of the scenarios that the patch should cure, those that %s. `all else`: every other scenario.", before(b.Words), b.Words.Leak.Many))
	// The rest is explained only if the document has it.
	for _, e := range effects(b.Words) {
		if used(func(c matrix.BackportCell) bool { return c.Effect == e.effect }) {
			bullet("`" + string(e.effect) + "`: " + e.means + ".")
		}
	}
	if used(func(c matrix.BackportCell) bool { return strings.HasSuffix(effectOf(c), "!") }) {
		bullet("`!`: it falls short all the same, see above.")
	}
	if used(func(c matrix.BackportCell) bool { return c.Upstream != "" }) {
		bullet("`upstream's tests`: the tests that the release ships with the packages that the patch touches, compared with and without it. " +
			"A test that fails without it too does not count against it; what differs was run again on both sides.")
	}
}
