package compare

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// cells says which way a cell changed, and whether that counts; the empty kind:
// not at all. Nil is a cell that was not run.
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

// farWider is by how much an interval must grow to be told of.
const farWider = 1.5

// invariant is cells for a control and a planted scenario, which hold or do not.
func invariant(kind matrix.Kind, was, is *matrix.Cell) (matrix.ChangeKind, bool) {
	holds := func(c *matrix.Cell) bool { return c != nil && kind.Holds(c.Verdict) }
	if a, b := holds(was), holds(is); a != b {
		return pick(a, matrix.ChangeWorse, matrix.ChangeBetter), a
	}
	return "", false
}

func pick(first bool, a, b matrix.ChangeKind) matrix.ChangeKind {
	if first {
		return a
	}
	return b
}

// answered reports whether a cell has an answer.
func answered(c *matrix.Cell) bool { return c != nil && c.Verdict.Known() }

// uncertain are the verdicts that are no answers, the least certain first. A cell
// that was not run comes before them all.
var uncertain = []matrix.Verdict{"", matrix.VerdictError, matrix.VerdictVacuous, matrix.VerdictUnsupported}

func certainty(c *matrix.Cell) int {
	if c == nil {
		return 0
	}
	if i := slices.Index(uncertain, c.Verdict); i >= 0 {
		return i
	}
	return len(uncertain)
}

// rates orders two flaky cells: they differ where their intervals do not touch.
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

// chance reports whether two cells that both leak, as badly, may do so equally
// often: one of 19 in 20 is flaky in one run and a leak in the next.
func chance(was, is *matrix.Cell) bool {
	a, b := rates(was.Interval, is.Interval)
	return was.Verdict.Leaks() && is.Verdict.Leaks() && was.Severity == is.Severity && was.Verdict != is.Verdict && a == b
}

// width is how much a cell leaves open.
func width(c *matrix.Cell) float64 {
	if c.Interval == nil {
		return 1
	}
	return c.Interval[1] - c.Interval[0]
}

// states says which way a row's state changed. Of a release itself nothing is
// known where it does not build; of a patch that is found out, and no good.
func states(was, is matrix.State, patched bool) matrix.ChangeKind {
	known := func(s matrix.State) bool {
		return s == matrix.StateOK || patched && s != matrix.StateUnavailable
	}
	order := []matrix.State{matrix.StateUnavailable, matrix.StatePatchConflict, matrix.StateBuildFailed, matrix.StateOK}
	up := slices.Index(order, is) > slices.Index(order, was)
	if known(was) && known(is) {
		return pick(up, matrix.ChangeBetter, matrix.ChangeWorse)
	}
	return pick(up, matrix.ChangeMoreCertain, matrix.ChangeLessCertain)
}

// falls reports whether a change of a row counts.
func falls(kind matrix.ChangeKind) bool {
	return kind == matrix.ChangeWorse || kind == matrix.ChangeLessCertain
}

// effects says which way the effect of patches changed; the empty kind: not at
// all. Whether a patch fixes something or is not needed is the release's merit.
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

// effectRank orders effects, the best first; negative where it could not be judged.
func effectRank(e matrix.Effect) int {
	order := []matrix.Effect{
		matrix.EffectFixes, matrix.EffectStillLeaks, matrix.EffectRegresses, matrix.EffectUnbuildable, matrix.EffectConflict,
	}
	if e == matrix.EffectNotNeeded {
		e = matrix.EffectFixes
	}
	return slices.Index(order, e)
}

func effectWord(e matrix.Effect) string {
	if e == "" {
		return "not judged"
	}
	return string(e)
}

// tests names the tests of one list that another one lacks; empty: none.
func tests(list, lacks []matrix.UpstreamTest) string {
	var found []string
	for _, t := range list {
		if !slices.ContainsFunc(lacks, func(o matrix.UpstreamTest) bool { return o.Name() == t.Name() }) {
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

func upstreamWord(u *matrix.Upstream) string {
	if u == nil {
		return "not run"
	}
	return "not known"
}

// state writes what came of a cell: its verdict, and what a leak destroys.
func state(c *matrix.Cell) string {
	switch {
	case c == nil:
		return "not run"
	case c.Kills():
		return string(c.Verdict) + " that can kill the connection"
	}
	return string(c.Verdict)
}
