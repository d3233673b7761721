package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Style says how a document shows a table.
type Style struct {
	Severe string // the sign of a severe leak
	Rates  bool   // flaky cells have their rate, and footnotes explain cells
}

// HowTo explains the words and signs that the table uses, in the style of a document. Words
// and signs are between backquotes.
func HowTo(g *matrix.Grid, style Style) []string {
	w, footnote, flaky := g.Words, "", ""
	if style.Rates {
		footnote = "; the footnote says which"
		flaky = fmt.Sprintf("`%s k/n`: k of the n trials that count %s; the footnote has the 95 %% interval of the rate.", w.Flaky.Name, w.Leak.Past)
	}
	all := []string{
		"A trial without its proof is repeated once, and never counts as " + w.Clean.Name + ".",
		used(g, matrix.GridCell.Kills, fmt.Sprintf("%#q: the %s %s; other %s %s.", style.Severe, w.Leak.Noun, w.Severe.One, w.Leak.Nouns(2), w.Mild.Many)),
		used(g, is(matrix.VerdictFlaky), flaky),
		clean(g),
		used(g, is(matrix.VerdictUnsupported), "`unsupported`: "+Meaning("unsupported", w)+footnote+"."),
		used(g, matrix.GridCell.Differs, "`!`: not as expected."),
		"Between two releases in this table nothing was measured.",
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}

// howToRead ends the document with the meaning of the words that the table uses.
func howToRead(out *strings.Builder, g *matrix.Grid) {
	heading(out, "How to read this")
	for _, text := range HowTo(g, Style{Severe: "†", Rates: true}) {
		out.WriteString(wrap(text, "- ", "  "))
	}
}

// SeenBy says which side must have seen a leak, after a verb: ", as the server saw it". It
// is empty if no side need have.
func SeenBy(g *matrix.Grid) string {
	if i := slices.IndexFunc(g.Columns, func(s matrix.Scenario) bool { return s.Seen != "" }); i >= 0 {
		return ", as the " + g.Columns[i].Seen + " saw it"
	}
	return ""
}

// used returns a text if the table has a cell that it is about, and "" otherwise.
func used(g *matrix.Grid, about func(matrix.GridCell) bool, text string) string {
	if g.Any(about) {
		return text
	}
	return ""
}

// is returns the condition of a cell to have a verdict.
func is(v matrix.Verdict) func(matrix.GridCell) bool {
	return func(c matrix.GridCell) bool { return c.Verdict == v }
}

// clean says what a clean cell does not exclude, with the numbers of the weakest
// one. It is empty if no cell is clean.
func clean(g *matrix.Grid) string {
	if g.Weakest == nil {
		return ""
	}
	return fmt.Sprintf("`%s`: no trial %s. That is no proof that none would: %d of %d trials still allow a rate of up to %.0f %% "+
		"(95 %% Clopper-Pearson interval).", g.Words.Clean.Name, g.Words.Leak.Past, g.Weakest.Leaks, g.Weakest.Trials, math.Ceil(100*g.Weakest.Interval[1]))
}
