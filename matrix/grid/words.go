package grid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A wording is how a sentence tells of one verdict: of one scenario or of
// many, and after another clause, which has given the sentence its verb.
type wording struct {
	verdict                    matrix.Verdict
	one, many, after, afterAll string
}

func (w wording) word(plural, first bool) string {
	switch {
	case first && plural:
		return w.many
	case first:
		return w.one
	case plural:
		return w.afterAll
	default:
		return w.after
	}
}

// wordings tell of the verdicts in the order in which they are told.
var wordings = map[matrix.Kind][]wording{
	matrix.KindProbe: {
		{matrix.VerdictLeak, "leaks", "leak", "leaks", "leak"},
		{matrix.VerdictFlaky, "is flaky", "are flaky", "flaky", "flaky"},
		{matrix.VerdictClean, "is clean", "are clean", "clean", "clean"},
	},
	matrix.KindWorkaround: {
		{matrix.VerdictLeak, "does not work", "do not work", "does not work", "do not work"},
		{matrix.VerdictFlaky, "works only at times", "work only at times", "works only at times", "work only at times"},
		{matrix.VerdictClean, "works", "work", "works", "work"},
	},
}

// effectWords tell what a list of patches did, the good first.
var effectWords = []struct {
	effect matrix.Effect
	words  string
}{
	{matrix.EffectFixes, "fixes what it is for"},
	{matrix.EffectNotNeeded, "is not needed"},
	{matrix.EffectStillLeaks, "does not fix all that it is for"},
	{matrix.EffectRegresses, "makes something worse"},
	{matrix.EffectUnbuildable, "does not compile"},
	{matrix.EffectConflict, "does not apply"},
	{"", "could not be judged"},
}

// stateWord writes a state or a verdict. A row that is ok and still has not
// the cell was not asked for it.
func stateWord(s matrix.State) string {
	if s == matrix.StateOK || s == "" {
		return "not run"
	}
	return string(s)
}

// A span is some rows of which sentences are told; newest is the version after
// which there are no more, so that "from" can be said of what reaches it.
type span struct {
	rows    []matrix.RowResult
	newest  string
	patched bool
}

// places says where ranges are: "in vA, vB - vC (3 releases) and from vD".
func (s span) places(ranges []matrix.Range) string {
	if len(ranges) == 1 && ranges[0].Rows == len(s.rows) && len(s.rows) > 1 {
		r := ranges[0]
		if r.Rows == 2 { // "all 2" is no English
			return fmt.Sprintf("in both releases, %s and %s", r.From, r.To)
		}
		return fmt.Sprintf("in all %d releases, %s - %s", r.Rows, r.From, r.To)
	}
	// One release at the end is no range yet: "from" would promise more.
	last := ranges[len(ranges)-1]
	if last.Rows == 1 || last.To != s.newest {
		return "in " + text.List(s.each(ranges))
	}
	open := "from " + last.From
	if len(ranges) == 1 {
		return open
	}
	return "in " + strings.Join(s.each(ranges[:len(ranges)-1]), ", ") + " and " + open
}

// each writes every range by itself.
func (s span) each(ranges []matrix.Range) []string {
	out := make([]string, len(ranges))
	for i, r := range ranges {
		out[i] = r.From
		if r.Rows > 1 {
			out[i] = fmt.Sprintf("%s - %s (%d releases)", r.From, r.To, r.Rows)
		}
	}
	return out
}

// with selects the ranges of one verdict.
func with(ranges []matrix.Range, verdict string) []matrix.Range {
	return slices.DeleteFunc(slices.Clone(ranges), func(r matrix.Range) bool { return r.Verdict != verdict })
}

// total counts the rows of ranges.
func total(ranges []matrix.Range) int {
	sum := 0
	for _, r := range ranges {
		sum += r.Rows
	}
	return sum
}
