package grid

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A wording is the words for one verdict.
type wording struct {
	verdict matrix.Verdict
	phrase  matrix.Phrase
}

// word chooses the words for n scenarios, at the beginning of a sentence or after a
// clause that has its verb already, as in "drop-a leaks in v0.1.0, clean from v0.2.0".
func (w wording) word(n int, first bool) string {
	if first {
		return w.phrase.Verb(n)
	}
	return w.phrase.After(n)
}

// wordings returns the words for the known verdicts on a kind of scenario, in the order of
// a sentence. It returns none for kinds that are not part of the answer.
func wordings(kind matrix.Kind, w matrix.Words) []wording {
	switch kind {
	case matrix.KindProbe:
		return []wording{{matrix.VerdictLeak, w.Leak}, {matrix.VerdictFlaky, w.Flaky}, {matrix.VerdictClean, w.Clean}}
	case matrix.KindWorkaround:
		return []wording{
			{matrix.VerdictLeak, matrix.Phrase{One: "does not work", Many: "do not work"}},
			{matrix.VerdictFlaky, matrix.Phrase{One: "works only at times", Many: "work only at times"}},
			{matrix.VerdictClean, matrix.Phrase{One: "works", Many: "work"}},
		}
	}
	return nil
}

// effectWords are the words for what patches did, in the order of a sentence: the
// good first.
var effectWords = []struct {
	effect matrix.Effect
	words  string
}{
	{matrix.EffectFixes, "fixes what it is for"},
	{matrix.EffectNotNeeded, "is not needed"},
	{matrix.EffectUnmeasured, "changes nothing that is measured"},
	{matrix.EffectStillLeaks, "does not fix all that it is for"},
	{matrix.EffectRegresses, "makes something worse"},
	{matrix.EffectUnbuildable, "does not compile"},
	{matrix.EffectConflict, "does not apply"},
	{"", "could not be judged"},
}

// A span is the rows that a sentence is about: all that have the same patches.
type span struct {
	matrix.Series
	newest string // the newest version of the table: "from" needs a range that ends there
	words  matrix.Words

	rebuilt []rebuilt // with the same patches
}

// newSpan returns the span of a series. Rows are all rows, sorted by version.
func newSpan(series matrix.Series, rows []matrix.RowResult, w matrix.Words) span {
	s := span{Series: series, newest: newestRelease(rows), words: w}
	for _, r := range allRebuilt(rows) {
		if slices.Equal(r.rows[0].PatchNames(), series.Patches) {
			s.rebuilt = append(s.rebuilt, r)
		}
	}
	return s
}

// decided says of which releases the toolchain decides, as the end of a sentence about
// scenarios: "; in v1.1.0, the toolchain decides".
func (s span) decided(scenarios []string) string {
	var ids []string
	for _, r := range s.rebuilt {
		if slices.ContainsFunc(scenarios, r.depends) {
			ids = append(ids, r.rows[0].Source.Version)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return "; in " + text.Some(ids, mostRebuilt) + ", the toolchain decides"
}

// raised says in which releases a verdict changes together with the go line of the
// reproduction, as the end of a sentence: "; the go line changes too in v1.1.0, which may
// decide".
func (s span) raised(sub subject) string {
	var ids []string
	var before *matrix.RowResult // the last row of which the verdict is known
	for i := range s.Rows {
		row := &s.Rows[i]
		if !matrix.Verdict(sub.word(row)).Known() {
			continue
		}
		if before != nil && row.GoLine != before.GoLine && matrix.Verdict(sub.word(row)).Leaks() != matrix.Verdict(sub.word(before)).Leaks() {
			ids = append(ids, row.Version())
		}
		before = row
	}
	if len(ids) == 0 {
		return ""
	}
	return "; the go line changes too in " + text.Some(ids, mostRebuilt) + ", which may decide"
}

// places says where ranges are: "in vA, vB - vC (3 releases) and from vD".
func (s span) places(ranges []matrix.Range) string {
	if len(ranges) == 1 && ranges[0].Rows == len(s.Rows) && len(s.Rows) > 1 {
		r, tried := ranges[0], ""
		if len(s.Untried) > 0 {
			tried = " that were tried"
		}
		if r.Rows == 2 { // nobody says "all 2"
			return fmt.Sprintf("in both releases%s, %s and %s", tried, r.From, r.To)
		}
		return fmt.Sprintf("in all %d releases%s, %s - %s", r.Rows, tried, r.From, r.To)
	}
	// "from" after a single release would promise more than was found out, and so would it
	// before releases that were not tried.
	last := ranges[len(ranges)-1]
	if last.Rows == 1 || last.To != s.newest || last.Untried+last.After > 0 {
		return "in " + text.List(each(ranges))
	}
	open := "from " + last.From
	if len(ranges) == 1 {
		return open
	}
	return "in " + strings.Join(each(ranges[:len(ranges)-1]), ", ") + " and " + open
}

// each writes every range on its own: "vA", "vB - vC (3 releases)" or "vD - vE (2 of 5
// releases)", if 3 were not tried.
func each(ranges []matrix.Range) []string {
	out := make([]string, len(ranges))
	for i, r := range ranges {
		out[i] = r.String()
	}
	return out
}

// with returns the ranges of one verdict.
func with(ranges []matrix.Range, verdict string) []matrix.Range {
	return slices.DeleteFunc(slices.Clone(ranges), func(r matrix.Range) bool { return r.Verdict != verdict })
}

// total returns the number of rows in ranges.
func total(ranges []matrix.Range) int {
	sum := 0
	for _, r := range ranges {
		sum += r.Rows
	}
	return sum
}
