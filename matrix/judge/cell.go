package judge

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// Cell judges the trials of one scenario of one row within a budget. If the trace is
// longer, because an earlier run had a larger budget, only its beginning counts: the
// verdict does not depend on what else is in the record. A nil trace has no trials.
//
// The trials of a flaky cell must run again before the verdict is final; see Apart.
func Cell(s matrix.Scenario, t *matrix.Trace, b Budget) matrix.Cell {
	return cellOf(s.Name, b.within(b.weigh(s, t)), b.least())
}

// cellOf judges all of the given failures and trials. A clean cell takes needed
// proven trials.
func cellOf(scenario string, w weighed, needed int) matrix.Cell {
	sum := w.tally()
	c := matrix.Cell{
		Scenario:     scenario,
		Leaks:        sum.leaks,
		Trials:       sum.proven,
		Inconclusive: len(w.trials) - sum.proven,
		Interval:     Interval(sum.leaks, sum.proven),
		Severity:     sum.severity,
		Saw:          sum.saw(w.trials),
		Frames:       w.frames(),
		Unread:       w.unread(),
	}
	c.Verdict, c.Reason = w.verdict(sum, needed)
	return c
}

// verdict returns the verdict on the given failures and trials, and its reason if it has one.
func (w weighed) verdict(sum tally, needed int) (v matrix.Verdict, reason string) {
	against := w.disputed()
	switch {
	case len(w.failures) > 0:
		return matrix.VerdictError, failureReason(w.failures)
	case against >= 0:
		return matrix.VerdictError, disputeReason(&w.trials[against])
	case w.hopeless():
		return matrix.VerdictUnsupported, oneLine(w.trials[0].Why)
	case sum.proven == 0:
		return matrix.VerdictVacuous, sum.shortfall(len(w.trials), needed)
	case sum.leaks == sum.proven:
		return matrix.VerdictLeak, observed(&w.trials[sum.leaking])
	case sum.leaks > 0:
		return matrix.VerdictFlaky, ""
	case sum.proven >= needed:
		return matrix.VerdictClean, ""
	default:
		// A few trials can show a leak, but not that there is none.
		return matrix.VerdictVacuous, sum.shortfall(len(w.trials), needed)
	}
}

// Unsupported returns the cells of a row if the suite has no adapter for its
// release.
func Unsupported(scenarios []matrix.Scenario) []matrix.Cell {
	cells := make([]matrix.Cell, len(scenarios))
	for i, s := range scenarios {
		cells[i] = matrix.Cell{
			Scenario: s.Name,
			Verdict:  matrix.VerdictUnsupported,
			Reason:   "the suite has no adapter for this release",
		}
	}
	return cells
}

// A tally counts the trials of one cell.
type tally struct {
	proven     int
	leaks      int
	severity   matrix.Severity // the worst among the leaks
	leaking    int             // index of the first leak; -1 if there is none
	complaints complaints      // why the other trials are inconclusive
}

// tally counts what the trials count as.
func (w weighed) tally() tally {
	sum := tally{leaking: -1}
	for i, c := range w.counts {
		t := &w.trials[i]
		if c.outcome == matrix.OutcomeInconclusive {
			sum.complaints.add(c.why, t.Why)
			continue
		}
		sum.proven++
		if c.outcome != matrix.OutcomeLeak {
			continue
		}
		if sum.leaks++; sum.leaking < 0 {
			sum.leaking = i
		}
		if rank(t.Severity) > rank(sum.severity) {
			sum.severity = t.Severity
		}
	}
	return sum
}

// saw returns the sightings of the first leak, else of the first trial that has
// some.
func (sum tally) saw(trials []matrix.Trial) []matrix.Sighting {
	if sum.leaking >= 0 {
		return trials[sum.leaking].Saw
	}
	for _, t := range trials {
		if len(t.Saw) > 0 {
			return t.Saw
		}
	}
	return nil
}

// rank orders severities, the mildest first. It is 0 for a word that is not one, so
// that the tally ignores it.
func rank(s matrix.Severity) int {
	switch s {
	case matrix.SeveritySevere:
		return 2
	case matrix.SeverityMild:
		return 1
	default:
		return 0
	}
}
