package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// howToRead ends the document with what its words are worth, those alone that
// the table uses.
func howToRead(out *strings.Builder, g *matrix.Grid) {
	heading(out, "How to read this")
	for _, text := range []string{
		"A trial counts when it proves that it did what its scenario says; others are repeated once, and never counted as clean.",
		invariants(g),
		"`leak`: every trial that counts leaked, as the peer saw it.",
		ifUsed(g, func(c matrix.GridCell) bool { return c.Kills() },
			"`†`: the leak can kill the connection, where otherwise it harms one stream of it."),
		ifUsed(g, verdictIs(matrix.VerdictFlaky),
			"`flaky k/n`: k of the n trials that count leaked; the footnote has the 95 % interval of the rate."),
		clean(g),
		ifUsed(g, verdictIs(matrix.VerdictVacuous), "`vacuous`: too few trials counted to say anything."),
		ifUsed(g, verdictIs(matrix.VerdictError), "`error`: the reproduction crashed or hung, or its control failed."),
		ifUsed(g, verdictIs(matrix.VerdictUnsupported), "`unsupported`: the suite has no adapter for the API of that release, or the two sides of its trials cannot talk; the footnote says which."),
		ifUsed(g, func(c matrix.GridCell) bool { return c.Differs() }, "`!`: not what the suite expects."),
		"A workaround is `clean` where it works. Between two releases in this table nothing was measured.",
	} {
		if text != "" {
			out.WriteString(wrap(text, "- ", "  "))
		}
	}
}

// invariants explains why a clean cell can be believed.
func invariants(g *matrix.Grid) string {
	var controls, planted []string
	for _, s := range g.Columns {
		switch s.Kind {
		case matrix.KindControl:
			controls = append(controls, "`"+escape(s.Name)+"`")
		case matrix.KindPlanted:
			planted = append(planted, "`"+escape(s.Name)+"`")
		}
	}
	var text []string
	if len(controls) > 0 {
		text = append(text, fmt.Sprintf("In every build %s must be clean, else all its cells are errors.", strings.Join(controls, ", ")))
	}
	if len(planted) > 0 {
		text = append(text, fmt.Sprintf("In every build %s must leak, on purpose: it shows that a leak would be seen. Else no cell of it counts as clean.",
			strings.Join(planted, ", ")))
	}
	return strings.Join(text, " ")
}

// clean says what a clean cell does not exclude, by the weakest there is.
func clean(g *matrix.Grid) string {
	if g.Weakest == nil {
		return ""
	}
	return fmt.Sprintf("`clean`: no trial leaked. That is no proof that none would: %d of %d trials still allow a rate of up to %.0f %% "+
		"(95 %% Clopper-Pearson interval).", g.Weakest.Leaks, g.Weakest.Trials, math.Ceil(100*g.Weakest.Interval[1]))
}

// ifUsed returns a text if the table has a cell that it is about.
func ifUsed(g *matrix.Grid, about func(matrix.GridCell) bool, text string) string {
	for _, row := range g.Rows {
		for _, c := range row.Cells {
			if about(c) {
				return text
			}
		}
	}
	return ""
}

func verdictIs(v matrix.Verdict) func(matrix.GridCell) bool {
	return func(c matrix.GridCell) bool { return c.Verdict == v }
}
