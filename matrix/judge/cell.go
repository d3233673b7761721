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
	failures, trials := b.within(s, t)
	return cellOf(s, failures, trials, b.least())
}

// cellOf judges all of the given failures and trials. A clean cell takes needed
// proven trials.
func cellOf(s matrix.Scenario, failures []matrix.Failure, trials []matrix.Trial, needed int) matrix.Cell {
	sum := tallyOf(s, trials)
	c := matrix.Cell{
		Scenario:     s.Name,
		Leaks:        sum.leaks,
		Trials:       sum.proven,
		Inconclusive: len(trials) - sum.proven,
		Interval:     Interval(sum.leaks, sum.proven),
		Severity:     sum.severity,
		Saw:          sum.saw(trials),
		Frames:       frames(s, trials),
		Unread:       unread(s, trials),
	}
	against := disputed(s, trials)
	switch {
	case len(failures) > 0:
		c.Verdict, c.Reason = matrix.VerdictError, failureReason(failures)
	case against >= 0:
		c.Verdict, c.Reason = matrix.VerdictError, disputeReason(&trials[against])
	case hopeless(&matrix.Trace{Trials: trials}):
		c.Verdict, c.Reason = matrix.VerdictUnsupported, oneLine(trials[0].Why)
	case sum.proven == 0:
		c.Verdict, c.Reason = matrix.VerdictVacuous, sum.shortfall(len(trials), needed)
	case sum.leaks == sum.proven:
		c.Verdict, c.Reason = matrix.VerdictLeak, observed(&trials[sum.leaking])
	case sum.leaks > 0:
		c.Verdict = matrix.VerdictFlaky
	case sum.proven >= needed:
		c.Verdict = matrix.VerdictClean
	default:
		// A few trials can show a leak, but not that there is none.
		c.Verdict, c.Reason = matrix.VerdictVacuous, sum.shortfall(len(trials), needed)
	}
	return c
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

// tallyOf counts what trials of a scenario count as.
func tallyOf(s matrix.Scenario, trials []matrix.Trial) tally {
	sum := tally{leaking: -1}
	for i := range trials {
		outcome, why := weigh(s, &trials[i])
		if outcome == matrix.OutcomeInconclusive {
			sum.complaints.add(why, trials[i].Why)
			continue
		}
		sum.proven++
		if outcome != matrix.OutcomeLeak {
			continue
		}
		if sum.leaks++; sum.leaking < 0 {
			sum.leaking = i
		}
		if rank(trials[i].Severity) > rank(sum.severity) {
			sum.severity = trials[i].Severity
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
