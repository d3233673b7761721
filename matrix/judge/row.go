package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// Row applies the invariants to the cells of one row and returns new cells. If a
// control is not clean, every cell becomes an error; if a planted scenario does not
// leak, clean cells become vacuous. Controls are checked first, since without them
// the planted scenarios prove nothing. An invariant without a cell fails. So does
// one that is unsupported, unless all scenarios of its row are.
//
// Reasons are in the words of the suite, as far as it has some.
func Row(scenarios []matrix.Scenario, cells []matrix.Cell, words matrix.Words) []matrix.Cell {
	w := words.Complete()
	if s, c, broken := violated(scenarios, cells, matrix.KindControl); broken {
		return distrust(cells, s, c, w)
	}
	if s, c, broken := violated(scenarios, cells, matrix.KindPlanted); broken {
		return doubt(cells, s, c, w)
	}
	return slices.Clone(cells)
}

// violated returns the first scenario of a kind of invariant that does not hold,
// and its cell.
func violated(scenarios []matrix.Scenario, cells []matrix.Cell, kind matrix.Kind) (matrix.Scenario, matrix.Cell, bool) {
	row := matrix.RowResult{Cells: cells}
	asked := slices.ContainsFunc(cells, func(c matrix.Cell) bool { return c.Verdict != matrix.VerdictUnsupported })
	for _, s := range scenarios {
		if s.Kind != kind {
			continue
		}
		c, _ := row.Cell(s.Name)
		if !kind.Holds(c.Verdict) && (asked || c.Verdict != matrix.VerdictUnsupported) {
			return s, c, true
		}
	}
	return matrix.Scenario{}, matrix.Cell{}, false
}

// distrust returns the cells of a row whose control failed: all errors.
func distrust(cells []matrix.Cell, control matrix.Scenario, failed matrix.Cell, w matrix.Words) []matrix.Cell {
	out := slices.Clone(cells)
	for i := range out {
		c := &out[i]
		switch {
		case c.Scenario == control.Name && c.Reason == "":
			c.Reason = fmt.Sprintf("a control must %s, and ", w.Clean.Base()) + outcome(failed, w)
		case c.Scenario == control.Name, c.Verdict == matrix.VerdictError:
			// Its own reason says more.
		default:
			c.Reason = fmt.Sprintf(matrix.Unbelieved+", for its %s %s: %s", control.Name, w.Clean.Not(1), outcome(failed, w))
		}
		c.Verdict = matrix.VerdictError
	}
	return out
}

// doubt returns the cells of a row whose planted leak was not seen: the clean ones
// become vacuous, since other leaks would not have been seen either.
func doubt(cells []matrix.Cell, planted matrix.Scenario, failed matrix.Cell, w matrix.Words) []matrix.Cell {
	out := slices.Clone(cells)
	for i := range out {
		c := &out[i]
		if c.Verdict != matrix.VerdictClean {
			continue
		}
		c.Verdict = matrix.VerdictVacuous
		if c.Scenario == planted.Name {
			c.Reason = fmt.Sprintf("a planted %s must be seen, and ", w.Leak.Noun) + outcome(failed, w)
		} else {
			c.Reason = fmt.Sprintf("%s "+matrix.ProvesNothing+", for %s must %s and %s not: %s", w.Clean.Name, planted.Name, w.Leak.Base(), did(w.Leak), outcome(failed, w))
		}
	}
	return out
}

// Unlinked returns the cell of a binary that has no package of the target, a module path:
// whatever its trials showed, they say nothing about the target.
func Unlinked(target string, c matrix.Cell) matrix.Cell {
	if c.Verdict.Known() {
		c.Verdict, c.Reason = matrix.VerdictVacuous, "the reproduction imports no package of "+target
	}
	return c
}

// Failed returns the cell of a scenario that could not be tried, for a reason.
func Failed(s matrix.Scenario, reason string) matrix.Cell {
	return matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictError, Reason: reason}
}

// outcome describes the cell of an invariant that failed, as the end of a sentence.
func outcome(c matrix.Cell, w matrix.Words) string {
	switch {
	case c.Verdict == "":
		return "it was not run"
	case c.Reason != "":
		return fmt.Sprintf("it is %s, %s", w.Name(c.Verdict), c.Reason)
	default:
		return fmt.Sprintf("it %s in %d of %d trials", w.Leak.Past, c.Leaks, c.Trials)
	}
}

// did is the auxiliary of what a scenario did, before a "not".
func did(p matrix.Phrase) string {
	if strings.HasPrefix(p.One, "is ") {
		return "was"
	}
	return "did"
}
