package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// SummaryLimit is how many bytes the summary of a step on GitHub may have. GitHub
// drops a longer one as a whole.
const SummaryLimit = 1 << 20

// Summary writes the summary of a GitHub job, as Markdown of at most limit bytes. It
// has what differs and what could not be found out, the answers, the rows that differ
// from the release before them, and folded, as much of the table as there is room
// for, the newest releases first. It says what was cut.
//
// If limit has no room for the title and a sentence of each section, the summary is
// longer.
func Summary(w io.Writer, g *matrix.Grid, limit int) error {
	b := &budget{left: limit - summaryReserve}
	b.must(fmt.Sprintf("## %s: %s\n\n%s\n\n%s\n", escape(text.Cut(g.Suite, 200)), escape(text.Cut(g.Target, 200)), summaryGist(g), text.Cut(measured(g), 2000)))
	b.bullets("Not as expected", "sentences on what differs", texts(withFamilies(g, g.Differences)))
	b.bullets("Not known", "sentences on what is not known", texts(withFamilies(g, g.Unknown)))
	b.bullets("Answers", "answers", g.Answers)
	b.bullets("Ways", "ways", waysInWords(g))
	b.bullets("How sure", "sentences on how sure that is", g.Sure)
	b.bullets("Where something changes", "rows that change", changes(g))
	b.table(g) // last, and with all the bytes that are left
	if len(b.cuts) > 0 {
		b.left += summaryReserve
		b.must(fmt.Sprintf("\n> This summary is cut to the %d bytes that it may have. Missing are %s. The other reports of this run have them.\n",
			limit, strings.Join(b.cuts, ", ")))
	}
	return emit(w, b.out.String())
}

// summaryReserve is the room for the sentence that says what was cut.
const summaryReserve = 1000

// summaryGist returns the one sentence that most readers need.
func summaryGist(g *matrix.Grid) string {
	switch g.Exit() {
	case matrix.ExitUnknown:
		also := ""
		if n := len(g.Differences); n > 0 {
			also = fmt.Sprintf(", and %s not as expected", are(n, "thing"))
		}
		return fmt.Sprintf("❓ **%s could not be found out**%s.", text.Count(len(g.Unknown), "thing"), also)
	case matrix.ExitDiffers:
		return fmt.Sprintf("❌ **%s not as expected**; all was found out.", are(len(g.Differences), "thing"))
	default:
		return "✅ **All was found out, and nothing differs from what is expected.** " + upper(g.Words.Leak.A()) + " that is expected is not a failure."
	}
}

// A budget is a text with a limited number of bytes.
type budget struct {
	out  strings.Builder
	left int      // bytes
	cuts []string // what did not fit
}

// add writes a text and reports whether there was room for it.
func (b *budget) add(text string) bool {
	if len(text) > b.left {
		return false
	}
	b.must(text)
	return true
}

// must writes a text even if there is no room for it.
func (b *budget) must(text string) {
	b.out.WriteString(text)
	b.left -= len(text)
}

// longest is how many characters a sentence has at most. Some quote compilers.
const longest = 2000

// bullets writes a section of sentences, and nothing if there are none. It takes at
// most half of the bytes that are left, so that there is room for the next section.
func (b *budget) bullets(title, what string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	rest := b.left / 2
	b.left -= rest
	n := 0
	if b.add("\n### " + title + "\n\n") {
		for n < len(sentences) && b.add("- "+escape(text.Cut(sentences[n], longest))+"\n") {
			n++
		}
	}
	if n < len(sentences) {
		b.cuts = append(b.cuts, fmt.Sprintf("%d of %d %s", len(sentences)-n, len(sentences), what))
	}
	b.left += rest
}

// table writes as much of the table as there is room for, folded.
func (b *budget) table(g *matrix.Grid) {
	if len(g.Rows) == 0 {
		return
	}
	rows := g.NewestFirst()
	const closing = "\n</details>\n"
	var signs []string
	for _, s := range g.Legend {
		signs = append(signs, "`"+s.Symbol+"` "+s.Meaning)
	}
	opening := fmt.Sprintf("\n<details>\n<summary>The table: %s, %s</summary>\n\n", markup(plain(text.List(Builds(g)))), text.Count(len(g.Columns), "scenario"))
	if len(signs) > 0 {
		opening += strings.Join(signs, ", ") + "\n\n"
	}
	head, rule := "| build |", "|---|"
	for _, s := range g.Columns {
		head, rule = head+" "+escape(s.Name)+" |", rule+":-:|"
	}
	shown := 0
	if b.left -= len(closing); b.add(opening + head + "\n" + rule + "\n") {
		for shown < len(rows) && b.add(summaryRow(g, rows[shown])) {
			shown++
		}
		b.must(closing)
	}
	if b.left += len(closing); shown < len(rows) {
		b.cuts = append(b.cuts, fmt.Sprintf("%d of %d rows of the table", len(rows)-shown, len(rows)))
	}
}

// summaryRow writes a row with symbols. With words, the table would be too wide.
func summaryRow(g *matrix.Grid, row matrix.GridRow) string {
	var out strings.Builder
	out.WriteString("| " + escape(build(row)) + " |")
	if len(row.Cells) == 0 {
		why := row.State.Missing()
		if len(row.Notes) > 0 {
			why = g.Footnotes[row.Notes[0]] // which begins with the state
		}
		out.WriteString(" " + escape(text.Cut(why, 100)) + " |")
	}
	for _, c := range row.Cells {
		text := escape(c.Symbol)
		if c.Verdict == matrix.VerdictLeak && !c.Holds {
			text = "**" + text + "**"
		}
		if c.Verdict == matrix.VerdictFlaky {
			text += strings.TrimPrefix(escape(c.Word), escape(g.Words.Flaky.Name))
		}
		if c.Differs() {
			text += " !"
		}
		out.WriteString(" " + text + " |")
	}
	return out.String() + "\n"
}
