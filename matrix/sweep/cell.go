package sweep

import (
	"cmp"
	"context"
	"errors"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// cell tries and judges one scenario. If the verdict is flaky, all its trials run
// again with nothing else running, before the cell is called flaky.
func (w *work) cell(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario) (matrix.Cell, error) {
	b := w.budget(a, scenario)
	beside, err := w.trace(ctx, a, scenario, b, false)
	if err != nil {
		return matrix.Cell{}, err
	}
	c := judge.Cell(scenario, beside, b)
	if err := w.checkCell(ctx, a, scenario, b, c); err != nil {
		return c, err
	}
	c.From = beside.From
	if c.Verdict != matrix.VerdictFlaky {
		return c, nil
	}
	alone, err := w.trace(ctx, a, scenario, b.Apart(scenario, beside), true)
	if err != nil {
		return matrix.Cell{}, err
	}
	c = judge.Apart(scenario, beside, alone, b, w.sweep.spec.Words)
	c.From = cmp.Or(beside.From, alone.From)
	return c, nil
}

// budget returns how many trials each cell may take.
func (s *Sweep) budget() judge.Budget {
	b := judge.Budget{Trials: s.opts.Trials, Settle: s.spec.Settle}
	if s.opts.Fixed {
		return b.Whole()
	}
	return b
}

// budget returns how many trials a cell of the row may take. To recall one that must
// be sure, it is as many as the record has, up to those that any cell takes: what its
// neighbours are is not known then.
func (w *work) budget(a matrix.Artifact, scenario matrix.Scenario) judge.Budget {
	b := w.sweep.budget()
	b.Sure = w.surer[scenario.Name]
	if w.recall && w.sweep.sure != nil && len(w.row.Patches) == 0 {
		if t, miss := w.sweep.store.Trace(w.traceKey(a, scenario)); miss == "" {
			b.Sure = min(w.sweep.sure.Most(), judge.Proven(scenario, t))
		}
	}
	return b
}

// perProcess is how many trials a process runs at most. They are recorded when it
// ends, so a run that is killed loses no more.
const perProcess = 200

// trace returns the trials of a scenario: those in the record, and as many more as
// the verdict needs. apart asks for the trials that ran with nothing else running.
// Rows with the same binary share trials. All trials are recorded, even those of a
// run that the context ends.
func (w *work) trace(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, b judge.Budget, apart bool) (*matrix.Trace, error) {
	key := w.traceKey(a, scenario)
	key.Apart = apart
	t, err := kept[*matrix.Trace]{
		kind: "trace", key: key.String(), name: "trials of " + w.row.ID + "/" + scenario.Name,
		get: func() (*matrix.Trace, string) {
			trace, miss := w.sweep.store.Trace(key)
			if miss != "" {
				trace = &matrix.Trace{Scenario: key.Scenario}
			}
			n := w.sweep.wanted(scenario, trace, b)
			if n > 0 {
				if there := w.fetchTrace(ctx, key, scenario, b); there != nil {
					return there, ""
				}
			}
			switch {
			case n == 0:
				return trace, ""
			case miss == "":
				miss = tooFew(len(trace.Trials), n)
			}
			return trace, miss
		},
		make: func(trace *matrix.Trace, miss string) (*matrix.Trace, error) {
			w.noteTrialsMiss(key, miss)
			return w.extend(ctx, a, scenario, key, trace, b)
		},
	}.obtain(ctx, w)
	if err != nil {
		return nil, err
	}
	w.effort.add(func(e *effort) { e.took.Trials += t.CPU })
	return t, nil
}

// extend runs trials until a trace has as many as the verdict needs, and records
// them after each process.
func (w *work) extend(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, key record.TraceKey, trace *matrix.Trace, b judge.Budget) (*matrix.Trace, error) {
	for {
		if w.sweep.wanted(scenario, trace, b) == 0 {
			return trace, nil
		}
		// The binary comes first: others' trials must be able to run while it is built.
		err := w.try(ctx, a, func(p checked) error {
			n := w.sweep.wanted(scenario, trace, b) // less, if a binary was lost after some trials
			if n == 0 {
				return nil
			}
			limits := w.sweep.limits
			limits.Failures -= len(trace.Failures)
			more, err := w.run(ctx, p.Program, scenario, min(n, perProcess), limits, key.Apart)
			if changed := p.unchanged(); changed != nil {
				return changed
			}
			trace = trace.Join(more)
			w.count(more)
			if len(more.Trials)+len(more.Failures) == 0 {
				return err
			}
			return errors.Join(err, w.sweep.store.PutTrace(key, trace))
		})
		if err != nil {
			return nil, err
		}
	}
}

// wanted returns how many more trials a verdict needs: 0 if so many processes have
// failed that more are no use.
func (s *Sweep) wanted(scenario matrix.Scenario, trace *matrix.Trace, b judge.Budget) int {
	if len(trace.Failures) >= s.limits.Failures {
		return 0
	}
	return judge.Wanted(scenario, trace, b)
}

// run executes n trials of a scenario, apart from all other work of the sweep or
// at the same time.
func (w *work) run(ctx context.Context, p trial.Program, scenario matrix.Scenario, n int, limits trial.Limits, apart bool) (*matrix.Trace, error) {
	if apart {
		w.step("apart")
		defer w.sweep.load.alone()()
		return trial.Run(ctx, p, scenario, n, limits)
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return &matrix.Trace{}, err
	}
	defer done()
	w.step("run")
	return trial.Run(ctx, p, scenario, n, limits)
}

// count adds the trials of a trace to those that this sweep executed.
func (w *work) count(t *matrix.Trace) {
	w.effort.add(func(e *effort) {
		e.trials += len(t.Trials) + len(t.Failures)
		e.cpu.Trials += t.CPU
	})
}
