package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// howToRead ends the document with the meaning of the words that the table uses.
func howToRead(out *strings.Builder, g *matrix.Grid) {
	heading(out, "How to read this")
	// The page says the same in words of its own, see howTo in package page: it has
	// other signs, and footnotes elsewhere.
	w := g.Words
	for _, text := range []string{
		"A trial without its proof is repeated once, and never counts as " + w.Clean.Name + ".",
		Used(g, matrix.GridCell.Kills,
			fmt.Sprintf("`†`: the %s %s; other %s %s.", w.Leak.Noun, w.Severe.One, w.Leak.Nouns(2), w.Mild.Many)),
		Used(g, Is(matrix.VerdictFlaky),
			fmt.Sprintf("`%s k/n`: k of the n trials that count %s; the footnote has the 95 %% interval of the rate.", w.Flaky.Name, w.Leak.Past)),
		Clean(g),
		Used(g, Is(matrix.VerdictUnsupported), "`unsupported`: the suite has no adapter for the API of that release, or the two sides of its trials cannot talk; the footnote says which."),
		Used(g, matrix.GridCell.Differs, "`!`: not as expected."),
		"Between two releases in this table nothing was measured.",
	} {
		if text != "" {
			out.WriteString(wrap(text, "- ", "  "))
		}
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

// Used returns a text if the table has a cell that it is about, and "" otherwise.
func Used(g *matrix.Grid, about func(matrix.GridCell) bool, text string) string {
	if g.Any(about) {
		return text
	}
	return ""
}

// Is returns the condition of a cell to have a verdict.
func Is(v matrix.Verdict) func(matrix.GridCell) bool {
	return func(c matrix.GridCell) bool { return c.Verdict == v }
}

// Clean says what a clean cell does not exclude, with the numbers of the weakest
// one. It is empty if no cell is clean.
func Clean(g *matrix.Grid) string {
	if g.Weakest == nil {
		return ""
	}
	return fmt.Sprintf("`%s`: no trial %s. That is no proof that none would: %d of %d trials still allow a rate of up to %.0f %% "+
		"(95 %% Clopper-Pearson interval).", g.Words.Clean.Name, g.Words.Leak.Past, g.Weakest.Leaks, g.Weakest.Trials, math.Ceil(100*g.Weakest.Interval[1]))
}
