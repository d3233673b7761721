package bisects

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/bisect"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/sweep"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A tries builds and runs states, one after the other.
type tries struct {
	*Bisect
	ctx            context.Context
	store          *record.Store
	stdout, stderr io.Writer
	states         int // that are left, as printed last
}

// Cells that are not settled are tried again with so many times the trials, at most so
// often.
const (
	moreTrials = 4
	mostRounds = 3
)

// try returns what a state shows, from the log if that has it.
func (t *tries) try(s matrix.HistoryState) (matrix.Visit, error) {
	if e, ok := t.log.Find(s.Name); ok {
		v := fromLog(s, e)
		t.tell(v)
		return v, nil
	}
	v, err := t.sweep(s)
	if err != nil {
		return v, err
	}
	t.tell(v)
	return v, t.writeLog(v)
}

// sweep builds and tries a state, with more trials until its cell is settled.
func (t *tries) sweep(s matrix.HistoryState) (v matrix.Visit, err error) {
	todo, why, err := t.history.plan(t.ctx, s, t.scenario.Name)
	if err != nil {
		return v, err
	}
	if todo == nil {
		return matrix.Visit{HistoryState: s, Presence: matrix.PresenceUnknown, State: matrix.StateUnavailable, Reason: why}, nil
	}
	opts := t.opts.Sweep
	for round := 1; ; round++ {
		run := sweep.New(t.suite, todo, t.store, opts, func(matrix.Event) {})
		results, err := run.Run(t.ctx)
		if err != nil {
			return v, err
		}
		row := &results.Rows[0]
		cell, _ := row.Cell(t.scenario.Name)
		v = visit(s, row, cell)
		settled := v.Presence != matrix.PresenceUnknown || cell.Verdict != matrix.VerdictVacuous
		if settled || round == mostRounds {
			if v.Presence != matrix.PresenceUnknown {
				t.readWire(run, todo.Rows[0], &v)
			}
			return v, nil
		}
		opts.Trials *= moreTrials
	}
}

// visit returns what a row says about the scenario.
func visit(s matrix.HistoryState, row *matrix.RowResult, cell matrix.Cell) matrix.Visit {
	v := matrix.Visit{
		HistoryState: s, Presence: matrix.PresenceOf(cell), Verdict: cell.Verdict, State: row.State,
		Leaks: cell.Leaks, Trials: cell.Trials, Reason: cell.Reason, Binary: row.Binary, From: cell.From,
	}
	if row.State != matrix.StateOK {
		v.Presence, v.Reason = matrix.PresenceUnknown, matrix.Gist(row.Reason)
	}
	return v
}

// readWire adds what the trials had on the wire.
func (t *tries) readWire(run *sweep.Sweep, row matrix.Row, v *matrix.Visit) {
	recalled, err := run.Recall(t.ctx, row, t.scenario)
	if err != nil || recalled.Trace == nil {
		return // then the report has no sentence about the wire
	}
	shows := map[matrix.Presence]matrix.Outcome{
		matrix.PresenceThere: matrix.OutcomeLeak, matrix.PresenceAbsent: matrix.OutcomeClean, matrix.PresenceUnreached: matrix.OutcomeInconclusive,
	}[v.Presence]
	var all, deciding []*matrix.Wire
	for i := range recalled.Trace.Trials {
		trial := &recalled.Trace.Trials[i]
		all = append(all, trial.Wire)
		v.Cut = v.Cut || trial.Severity == matrix.SeveritySevere
		if judge.Outcome(t.scenario, trial) == shows {
			deciding = append(deciding, trial.Wire)
		}
	}
	bisect.ReadWire(v, all, deciding)
}

// confirm tries a side of a change that only the log knows. It is a mistake if the log
// is wrong about it.
func (t *tries) confirm(v *matrix.Visit) error {
	if !v.Log {
		return nil
	}
	seen, err := t.sweep(v.HistoryState)
	if err != nil {
		return err
	}
	if seen.Presence != v.Presence {
		return matrix.Mistake("%s: it has %q for %s, which shows %q now (%s): remove that line", t.opts.Log, v.Presence, v.Name, seen.Presence, cmp.Or(seen.Reason, t.suite.Words.Complete().Name(seen.Verdict)))
	}
	*v = seen
	return nil
}

// tell prints a step.
func (t *tries) tell(v matrix.Visit) {
	fmt.Fprintln(t.stderr, step(v, t.suite.Words.Complete(), screen.Width(t.stderr)))
}

// step returns the line of a step. On a screen, whose width is not 0, the subject gets the
// room that the rest leaves.
func step(v matrix.Visit, w matrix.Words, width int) string {
	words := cmp.Or(w.Name(v.Verdict), string(v.State))
	switch {
	case v.Presence == matrix.PresenceUnknown:
		words = "skipped: " + cmp.Or(v.Reason, words)
	case v.Presence == matrix.PresenceUnreached:
		words += ", counts as no " + w.Leak.Noun + ": " + v.Reason
	default:
		words += fmt.Sprintf(", %d of %s %s", v.Leaks, text.Count(v.Trials, "trial"), w.Leak.Past)
	}
	if v.Log {
		words += " (from the log)"
	}
	name := v.Short()
	if v.Subject != "" {
		const least, most = 20, 60
		room := most
		if width > 0 {
			room = min(most, max(least, width-len(name+" : "+words)))
		}
		name += " " + text.Cut(v.Subject, room)
	}
	return text.Line(name + ": " + words)
}

// left prints how much is left, if that has changed.
func (t *tries) left(states int) {
	if states == t.states || states <= 1 {
		return
	}
	t.states = states
	steps := ""
	if !t.opts.All { // with it, each state is a step
		steps = ", about " + text.Count(bisect.Steps(states), "step")
	}
	fmt.Fprintf(t.stderr, "%s left%s\n", text.Count(states, t.history.thing()), steps)
}

// repeatLine returns the command that repeats a state.
func (t *tries) repeatLine(s matrix.HistoryState) string {
	return t.line("run", t.history.selects(s)...)
}

// commitLine returns the command that looks for the commit which made a change between
// releases.
func (t *tries) commitLine(turn *matrix.Turn) string {
	good, bad := turn.Before.Name, turn.After.Name
	if turn.Before.Presence == matrix.PresenceThere {
		good, bad = bad, good
	}
	return t.line("bisect", "--git", "CLONE", "--good", good, "--bad", bad)
}

// line returns a command with flags of its own and what this bisect was asked.
func (t *tries) line(command string, flags ...string) string {
	words := append([]string{"matrixrun", command}, flags...)
	words = append(words, "--scenario", t.scenario.Name)
	if n := t.opts.Sweep.Trials; n != cells.SuitesTrials {
		words = append(words, "--trials", strconv.Itoa(n))
	}
	if t.opts.Sweep.Fixed {
		words = append(words, "--fixed")
	}
	return text.QuoteAll(append(words, t.suiteArg...))
}
