package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// builds are the arguments of a run with as few trials as possible. The control and
// the planted scenario always run.
var builds = []string{"--scenario", "control"}

// prepare downloads everything that both sides need, and builds all rows in a home.
func (l *lab) prepare(ctx context.Context, h home) error {
	l.logf("downloading what %d releases need", len(l.rows))
	c, err := l.plainCmd(h, "download", true)
	if err != nil {
		return err
	}
	if _, _, err := clock(ctx, c); err != nil {
		return fmt.Errorf("downloading for the plain loop: %w", err)
	}
	_, _, err = l.run(ctx, h, job{only: l.set.Rows, trials: 1, args: builds, online: true})
	return err
}

// pairs runs the plain loop and matrixrun alternately, each with a cold start.
func (l *lab) pairs(ctx context.Context, part string, plainTrials int, j job) ([]Pair, error) {
	var all []Pair
	for n := range l.set.Runs {
		plain, err := cold(l, func(h home) (Plain, error) { return l.plain(ctx, h, plainTrials) })
		if err != nil {
			return nil, err
		}
		l.logf("%s %d/%d: plain loop %.1f s, %.1f CPU s", part, n+1, l.set.Runs, plain.Wall, plain.CPU)
		tool, err := cold(l, func(h home) (Tool, error) {
			t, _, err := l.run(ctx, h, j)
			return t, err
		})
		if err != nil {
			return nil, err
		}
		l.logf("%s %d/%d: matrixrun  %.1f s, %.1f CPU s", part, n+1, l.set.Runs, tool.Wall, tool.CPU)
		p := Pair{Plain: plain, Matrixrun: tool}
		if err := p.same(plainTrials, j.trials); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// same checks that both sides made the same number of binaries and, if both ran
// trials, of trials. Tool.fill has checked that each cell has its trials.
func (p Pair) same(plainTrials, trials int) error {
	if p.Plain.Binaries != p.Matrixrun.Binaries {
		return fmt.Errorf("the plain loop made %d binaries, matrixrun answers for %d", p.Plain.Binaries, p.Matrixrun.Binaries)
	}
	if plainTrials > 0 && p.Plain.Trials != p.Matrixrun.Cells*trials {
		return fmt.Errorf("the plain loop ran %d trials, matrixrun answers for %d cells with %d each", p.Plain.Trials, p.Matrixrun.Cells, trials)
	}
	return nil
}

// cold calls a function with a new home, and removes the home.
func cold[T any](l *lab, do func(home) (T, error)) (T, error) {
	h, err := l.newHome()
	defer h.remove()
	if err != nil {
		var none T
		return none, err
	}
	return do(h)
}

// errAnswered is the cause with which untilAnswered cancels its run.
var errAnswered = errors.New("answered")

// first measures the time from a cold start until the rows in the suite's "first"
// are answered, and with nothing compiled at all until the first of them is.
func (l *lab) first(ctx context.Context) (*First, error) {
	f := &First{Rows: l.suite.First}
	for n := range l.set.Runs {
		wall, err := cold(l, func(h home) (float64, error) {
			return l.untilAnswered(ctx, h, job{only: l.set.Rows, trials: l.set.Trials}, f.Rows)
		})
		if err != nil {
			return nil, err
		}
		nothing, err := cold(l, func(h home) (float64, error) {
			return l.untilAnswered(ctx, h, job{trials: l.set.Trials, source: true}, f.Rows[:1])
		})
		if err != nil {
			return nil, err
		}
		f.Wall, f.Nothing = append(f.Wall, wall), append(f.Nothing, nothing)
		l.logf("first %d/%d: %.1f s; the first row with go run: %.1f s", n+1, l.set.Runs, wall, nothing)
	}
	return f, nil
}

// untilAnswered returns the seconds until a run has answered these rows. It cancels
// the run then.
func (l *lab) untilAnswered(ctx context.Context, h home, j job, rows []string) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start, wall := time.Now(), 0.0
	missing := slices.Clone(rows)
	j.heard = func(e matrix.Event) {
		if e.Row == nil || !slices.Contains(missing, e.Row.ID) || e.Row.State != matrix.StateOK {
			return
		}
		missing = slices.DeleteFunc(missing, func(id string) bool { return id == e.Row.ID })
		if len(missing) == 0 {
			wall = matrix.Seconds(time.Since(start))
			cancel(errAnswered)
		}
	}
	_, _, err := l.run(ctx, h, j)
	if len(missing) == 0 && (err == nil || errors.Is(err, errAnswered)) {
		return wall, nil
	}
	if err == nil {
		err = fmt.Errorf("the run ended without an answer of %v", missing)
	}
	return 0, err
}
