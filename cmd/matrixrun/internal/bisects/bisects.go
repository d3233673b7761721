// Package bisects prepares and runs matrixrun bisect: it reads the history that the
// command line names, tries its states, and keeps the log.
package bisects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/bisect"
	"github.com/matrixrun/matrixrun/matrix/exchange"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/sweep"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Options are the flags of bisect.
type Options struct {
	Scenario  string
	Good, Bad string            // ends, empty to look for them
	Git       string            // the clone whose commits are the states, empty for releases
	Versions  matrix.Constraint // of the releases
	Toolchain string            // that compiles them, empty for that of the rules
	All       bool
	As        string // the release whose rules apply to all commits, empty to find it out for each
	Log       string // a file, or empty
	ForOthers bool   // the report has no path of this machine
	Sweep     sweep.Options
}

// A Bisect is a bisect that is ready to run.
type Bisect struct {
	suite    *matrix.Spec
	suiteArg []string
	scenario matrix.Scenario
	opts     Options
	history  source
	good     *matrix.HistoryState
	bad      *matrix.HistoryState
	log      *bisect.Log
}

// Use lets the bisection use a remote record, and make a percentage of what was built there
// here, too. The exchange may be nil.
func (b *Bisect) Use(x *exchange.Exchange, percent float64) {
	b.opts.Sweep.Exchange, b.opts.Sweep.Verify = x, percent
}

// A source is where the states come from.
type source interface {
	// Find returns the state that the user names.
	Find(ctx context.Context, name string) (matrix.HistoryState, error)
	// Line returns the states along which the other end is looked for. The ends are nil
	// if they are not known.
	Line(ctx context.Context, good, bad *matrix.HistoryState) ([]matrix.HistoryState, error)
	// plan returns a plan with the row of a state alone. If a state cannot be planned,
	// todo is nil and why is the reason.
	plan(ctx context.Context, s matrix.HistoryState, scenario string) (todo *matrix.Plan, why string, err error)
	// Describe adds what is known of the state that made a change.
	Describe(ctx context.Context, t *matrix.Turn) error
	// selects returns the flags of run that select a state.
	selects(s matrix.HistoryState) []string
	// thing is what a state is called.
	thing() string
	// close removes temporary files.
	close()

	Between(ctx context.Context, older, newer matrix.HistoryState) ([]matrix.HistoryState, [][]int, error)
	Fork(ctx context.Context, a, b matrix.HistoryState) (matrix.HistoryState, error)
	Parent(ctx context.Context, s matrix.HistoryState) (matrix.HistoryState, bool, error)
}

// New reads the suite, the ends and the log. The error has every mistake in them, after
// the problems that are known already. The caller calls Close in the end.
func New(ctx context.Context, args []string, o Options, known matrix.Problems) (*Bisect, error) {
	suite, err := find.Suite(args)
	if err := known.Join(err); err != nil {
		return nil, err
	}
	if suite == nil {
		return nil, known
	}
	b := &Bisect{suite: suite, suiteArg: args, opts: o}
	if o.Scenario != "" {
		b.findScenario(&known)
	}
	if b.history, err = newHistory(ctx, suite, args, o); err != nil {
		if err := known.Join(err); err != nil {
			return nil, err
		}
		return nil, known
	}
	for _, end := range []struct {
		name  string
		state **matrix.HistoryState
	}{{o.Good, &b.good}, {o.Bad, &b.bad}} {
		if end.name == "" {
			continue
		}
		s, missing := b.history.Find(ctx, end.name)
		if err := known.Join(missing); err != nil {
			b.Close()
			return nil, err
		}
		if missing == nil {
			*end.state = &s
		}
	}
	if b.good != nil && b.bad != nil && b.good.Name == b.bad.Name {
		known.Add("", 0, "--good %s, --bad %s: both are %s: want two ends of which one %s, or only one of the flags", o.Good, o.Bad, b.good.Short(), b.suite.Words.Complete().Leak.One)
	}
	if err := known.Join(b.readLog(ctx)); err != nil {
		b.Close()
		return nil, err
	}
	if err := known.Err(); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// newHistory returns the history that the options name.
func newHistory(ctx context.Context, suite *matrix.Spec, suiteArg []string, o Options) (source, error) {
	if o.Git != "" {
		return newCommits(ctx, suite, suiteArg, o)
	}
	return newReleases(suite, o.Versions, o.Toolchain)
}

// Close removes temporary files.
func (b *Bisect) Close() { b.history.close() }

// findScenario finds the scenario by its name.
func (b *Bisect) findScenario(problems *matrix.Problems) {
	var names []string
	for _, s := range b.suite.Scenarios {
		if s.Name == b.opts.Scenario {
			b.scenario = s
			return
		}
		names = append(names, s.Name)
	}
	problems.Add("", 0, "--scenario %q: there is no such scenario: %s", b.opts.Scenario, text.Hint(b.opts.Scenario, names))
}

// An InterruptedError reports that a bisect was stopped.
type InterruptedError struct {
	Tried int
	Thing string // what was tried
}

func (e *InterruptedError) Error() string {
	return fmt.Sprintf("interrupted: %s had an answer; what was found out is kept, and the same command goes on from there", text.Count(e.Tried, e.Thing))
}

// Run bisects. Each step is a line on stderr, with what is left.
func (b *Bisect) Run(ctx context.Context, store *record.Store, stdout, stderr io.Writer) (*matrix.Bisection, error) {
	line, err := b.history.Line(ctx, b.good, b.bad)
	if err != nil {
		return nil, err
	}
	t := &tries{Bisect: b, ctx: ctx, store: store, stdout: stdout, stderr: stderr}
	h := &bisect.Hunt{
		Words: b.suite.Words,
		Line:  line,
		Try:   t.try,
		Left:  t.left,
		Between: func(older, newer matrix.HistoryState) ([]matrix.HistoryState, [][]int, error) {
			return b.history.Between(ctx, older, newer)
		},
		Fork: func(x, y matrix.HistoryState) (matrix.HistoryState, error) { return b.history.Fork(ctx, x, y) },
		Parent: func(s matrix.HistoryState) (matrix.HistoryState, bool, error) {
			return b.history.Parent(ctx, s)
		},
	}
	result := &matrix.Bisection{
		Suite: b.suite.Suite, Target: b.suite.Target.Module, Scenario: b.scenario, Commits: b.opts.Git != "", Toolchain: b.opts.Toolchain, All: b.opts.All, Words: b.suite.Words,
	}
	var turns []matrix.Turn
	if b.opts.All {
		turns, err = h.All()
	} else if turn, oneErr := h.One(b.good, b.bad); oneErr != nil {
		err = oneErr
	} else {
		turns = []matrix.Turn{*turn}
	}
	if ctx.Err() != nil {
		return nil, &InterruptedError{len(h.Visits()), b.history.thing()}
	}
	var noEnd *bisect.NoEndError
	if errors.As(err, &noEnd) && b.opts.Git != "" && !b.opts.All {
		return nil, fmt.Errorf("%w; `matrixrun bisect --scenario %s --all` finds ends among the releases", err, b.scenario.Name)
	}
	if err != nil {
		return nil, err
	}
	for i := range turns {
		err := t.complete(&turns[i])
		if ctx.Err() != nil {
			return nil, &InterruptedError{len(h.Visits()), b.history.thing()}
		}
		if err != nil {
			return nil, err
		}
	}
	result.Changes, result.Visits, result.Notes = append([]matrix.Turn{}, turns...), h.Visits(), append([]string{}, h.Notes()...)
	for _, v := range h.Visits() {
		if note := "some trials ran elsewhere, and were fetched from " + v.From; v.From != "" && !slices.Contains(result.Notes, note) {
			result.Notes = append(result.Notes, note)
		}
	}
	return result, nil
}

// complete adds to a change what its two sides saw, and what is known of the state that
// made it.
func (t *tries) complete(turn *matrix.Turn) error {
	for _, v := range []*matrix.Visit{&turn.Before, &turn.After} {
		if err := t.confirm(v); err != nil {
			return err
		}
		turn.Repeat = append(turn.Repeat, t.repeatLine(v.HistoryState))
	}
	bisect.Doubt(turn)
	turn.Why = bisect.Why(turn, t.suite.Words)
	if t.opts.Git == "" && t.opts.Toolchain == "" {
		turn.Why += " With a clone, `" + t.commitLine(turn) + "` looks for the commit."
	}
	if !turn.Exact() {
		return nil
	}
	turn.PR = matrix.PullRequest(turn.After.Subject)
	if err := t.history.Describe(t.ctx, turn); err != nil {
		return fmt.Errorf("describing %s: %w", turn.After.Short(), err)
	}
	return nil
}
