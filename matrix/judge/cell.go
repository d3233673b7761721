package judge

import (
	"github.com/matrixrun/matrixrun/matrix"
)

// Cell judges the trials of one scenario of one row, for which there was a
// budget. Of a trace that is longer than that needs, because an earlier run had
// a larger one, only the beginning counts: the verdict is the same whatever
// else the record holds. A nil trace is an empty one.
//
// A flaky cell is to be run again before it is called so, see Apart.
func Cell(s matrix.Scenario, t *matrix.Trace, b Budget) matrix.Cell {
	failures, trials := b.within(s, t)
	return cellOf(s, failures, trials, b.least())
}

// cellOf judges all of some attempts, of which so many must have been proven
// for clean.
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
		c.Verdict, c.Reason = matrix.VerdictError, failed(failures)
	case against >= 0:
		c.Verdict, c.Reason = matrix.VerdictError, dispute(&trials[against])
	case hopeless(&matrix.Trace{Trials: trials}):
		c.Verdict, c.Reason = matrix.VerdictUnsupported, oneLine(trials[0].Why)
	case sum.proven == 0:
		c.Verdict, c.Reason = matrix.VerdictVacuous, sum.shortfall(len(trials), needed)
	case sum.leaks == sum.proven:
		c.Verdict = matrix.VerdictLeak
	case sum.leaks > 0:
		c.Verdict = matrix.VerdictFlaky
	case sum.proven >= needed:
		c.Verdict = matrix.VerdictClean
	default:
		// A leak that was seen is there however few trials saw it; that
		// there is none takes the trials that settle the cell.
		c.Verdict, c.Reason = matrix.VerdictVacuous, sum.shortfall(len(trials), needed)
	}
	return c
}

// Unsupported returns the cells of a row for whose release the suite has no
// adapter.
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
	leaking    int             // index of the first trial that leaked; -1 where none did
	complaints complaints      // why the other trials do not count
}

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

// saw picks the sightings that tell most: those of the first leak, else the
// first that there are.
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

// rank orders severities, the milder first. A word that is no severity is not
// taken over from the reproduction.
func rank(s matrix.Severity) int {
	switch s {
	case matrix.SeverityConnection:
		return 2
	case matrix.SeverityStream:
		return 1
	default:
		return 0
	}
}
