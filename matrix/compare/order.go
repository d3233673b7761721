package compare

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// cells returns how a cell changed, empty if it did not, and whether that counts. A
// cell that was not run is nil.
func cells(kind matrix.Kind, was, is *matrix.Cell) (matrix.ChangeKind, bool) {
	if kind.Invariant() {
		return invariant(kind, was, is)
	}
	if a, b := certainty(was), certainty(is); a != b {
		return pick(b < a, matrix.ChangeLessCertain, matrix.ChangeMoreCertain), b < a
	}
	if !answered(was) {
		return "", false
	}
	a, b := was.Harm(), is.Harm()
	if a == b && was.Verdict == matrix.VerdictFlaky {
		a, b = rates(was.Interval, is.Interval)
	}
	if a != b {
		return pick(b > a, matrix.ChangeWorse, matrix.ChangeBetter), b > a && !chance(was, is)
	}
	switch a, b := width(was), width(is); {
	case is.Trials < was.Trials && b > a*farWider:
		return matrix.ChangeLessCertain, false
	case is.Trials > was.Trials && a > b*farWider:
		return matrix.ChangeMoreCertain, false
	}
	return "", false
}

// farWider is the factor by which an interval must grow to be reported.
const farWider = 1.5

// invariant is cells for a control or planted scenario, which holds or does not.
func invariant(kind matrix.Kind, was, is *matrix.Cell) (matrix.ChangeKind, bool) {
	holds := func(c *matrix.Cell) bool { return c != nil && kind.Holds(c.Verdict) }
	if a, b := holds(was), holds(is); a != b {
		return pick(a, matrix.ChangeWorse, matrix.ChangeBetter), a
	}
	return "", false
}

// pick returns a if first is set, else b.
func pick(first bool, a, b matrix.ChangeKind) matrix.ChangeKind {
	if first {
		return a
	}
	return b
}

// answered reports whether a cell was run and its verdict is known.
func answered(c *matrix.Cell) bool { return c != nil && c.Verdict.Known() }

// uncertain are the verdicts that are not known, the least certain first. The first
// is that of a cell that was not run.
var uncertain = []matrix.Verdict{"", matrix.VerdictError, matrix.VerdictVacuous, matrix.VerdictUnsupported}

// certainty orders cells by what is known of them, the least certain first.
func certainty(c *matrix.Cell) int {
	if c == nil {
		return 0
	}
	if i := slices.Index(uncertain, c.Verdict); i >= 0 {
		return i
	}
	return len(uncertain)
}

// rates orders two rates: they are equal if their intervals overlap.
func rates(was, is *[2]float64) (a, b int) {
	switch {
	case was == nil || is == nil:
	case is[0] > was[1]:
		return 0, 1
	case was[0] > is[1]:
		return 1, 0
	}
	return 0, 0
}

// chance reports whether two cells that leak with the same severity may leak equally
// often: a cell that leaks in 19 of 20 trials is flaky in one run and a leak in the
// next.
func chance(was, is *matrix.Cell) bool {
	a, b := rates(was.Interval, is.Interval)
	return was.Verdict.Leaks() && is.Verdict.Leaks() && was.Severity == is.Severity && was.Verdict != is.Verdict && a == b
}

// width returns the width of a cell's interval.
func width(c *matrix.Cell) float64 {
	if c.Interval == nil {
		return 1
	}
	return c.Interval[1] - c.Interval[0]
}

// states returns how a row's state changed.
func states(was, is matrix.State, patched bool) matrix.ChangeKind {
	order := []matrix.State{matrix.StateUnavailable, matrix.StatePatchConflict, matrix.StateBuildFailed, matrix.StateOK}
	up := slices.Index(order, is) > slices.Index(order, was)
	if was.Known(patched) && is.Known(patched) {
		return pick(up, matrix.ChangeBetter, matrix.ChangeWorse)
	}
	return pick(up, matrix.ChangeMoreCertain, matrix.ChangeLessCertain)
}

// falls reports whether a change of a row's state or effect counts.
func falls(kind matrix.ChangeKind) bool {
	return kind == matrix.ChangeWorse || kind == matrix.ChangeLessCertain
}

// effects returns how the effect of patches changed, empty if it did not. Fixes, not
// needed and unmeasured are equally good: which it is depends on the release.
func effects(was, is matrix.Effect) matrix.ChangeKind {
	a, b := effectRank(was), effectRank(is)
	switch {
	case a == b:
		return ""
	case a < 0 || b < 0:
		return pick(b < 0, matrix.ChangeLessCertain, matrix.ChangeMoreCertain)
	}
	return pick(b > a, matrix.ChangeWorse, matrix.ChangeBetter)
}

// effectRank orders effects, the best first. It is negative if the effect is not
// known.
func effectRank(e matrix.Effect) int {
	order := []matrix.Effect{
		matrix.EffectFixes, matrix.EffectStillLeaks, matrix.EffectRegresses, matrix.EffectUnbuildable, matrix.EffectConflict,
	}
	if e == matrix.EffectNotNeeded || e == matrix.EffectUnmeasured {
		e = matrix.EffectFixes
	}
	return slices.Index(order, e)
}

// effectWord names an effect.
func effectWord(e matrix.Effect) string {
	if e == "" {
		return "not judged"
	}
	return string(e)
}

// tests names the tests that are in list and not in others; empty if there are none.
func tests(list, others []matrix.UpstreamTest) string {
	var found []string
	for _, t := range list {
		if !slices.ContainsFunc(others, func(o matrix.UpstreamTest) bool { return o.Name() == t.Name() }) {
			found = append(found, t.Name())
		}
	}
	switch len(found) {
	case 0:
		return ""
	case 1:
		return found[0] + " fails"
	}
	return fmt.Sprintf("%s and %d more fail", found[0], len(found)-1)
}

// upstreamWord says why there is no comparison of tests.
func upstreamWord(u *matrix.Upstream) string {
	if u == nil {
		return "not run"
	}
	return "not known"
}

// state describes a cell: its verdict, and whether the leak is severe.
func (d *differ) state(c *matrix.Cell) string {
	switch {
	case c == nil:
		return "not run"
	case c.Kills():
		return d.words.Name(c.Verdict) + " that " + d.words.Severe.One
	}
	return d.words.Name(c.Verdict)
}
