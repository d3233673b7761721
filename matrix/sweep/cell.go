package sweep

import (
	"context"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// cell tries and judges one scenario. Where that is flaky, all its trials run
// again with nothing beside them, before it is called so.
func (w *work) cell(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario) (matrix.Cell, error) {
	b := w.sweep.budget()
	beside, err := w.trace(ctx, a, scenario, b, false)
	if err != nil {
		return matrix.Cell{}, err
	}
	w.note(func(*did) { w.took.Trials += beside.CPU })
	c := judge.Cell(scenario, beside, b)
	if c.Verdict != matrix.VerdictFlaky {
		return c, nil
	}
	alone, err := w.trace(ctx, a, scenario, b.Whole(), true)
	if err != nil {
		return matrix.Cell{}, err
	}
	w.note(func(*did) { w.took.Trials += alone.CPU })
	return judge.Apart(scenario, beside, alone, b), nil
}

// budget is what each cell may take.
func (s *Sweep) budget() judge.Budget {
	b := judge.Budget{Trials: s.opts.Trials, Settle: s.spec.Settle}
	if s.opts.Fixed {
		return b.Whole()
	}
	return b
}

// trace returns the trials of a scenario, those that ran apart or the others:
// what the record has, and as many more as the verdict wants. Rows with the
// same binary share them. Whatever was found out is kept, even when the context
// ends.
func (w *work) trace(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, b judge.Budget, apart bool) (*matrix.Trace, error) {
	s := w.sweep
	key := w.traceKey(a, scenario)
	key.Apart = apart
	defer s.busy.lock("trace " + key.String())()
	trace, miss := s.recorded(key)
	n := s.wanted(scenario, trace, b)
	if n == 0 {
		return trace, nil
	}
	if w.recall {
		return nil, lacking(w.row, scenario, miss, len(trace.Trials), n)
	}
	release, err := w.claim(ctx, "trace", key.String())
	if err != nil {
		return nil, err
	}
	defer release()
	trace, miss = s.recorded(key) // another process may have run some
	if n = s.wanted(scenario, trace, b); n > 0 {
		w.lacksTrials(key, miss, len(trace.Trials), n)
	}
	for ; n > 0; n = s.wanted(scenario, trace, b) {
		// The binary first: making it is work that others' trials must be
		// able to wait for.
		p, err := w.program(ctx, a)
		if err != nil {
			return nil, err
		}
		more, err := w.run(ctx, p, scenario.Name, n, apart)
		trace = trace.Join(more)
		w.ran(more)
		if kept := s.store.PutTrace(key, trace); err == nil {
			err = kept
		}
		if err != nil {
			return nil, err
		}
	}
	return trace, nil
}

// recorded returns the trials that the record has: none, and why, for a miss.
func (s *Sweep) recorded(key record.TraceKey) (*matrix.Trace, string) {
	trace, miss := s.store.Trace(key)
	if miss != "" {
		trace = &matrix.Trace{Scenario: key.Scenario}
	}
	return trace, miss
}

// wanted is how many more trials a verdict wants: none where too many processes
// have failed to hope for better ones.
func (s *Sweep) wanted(scenario matrix.Scenario, trace *matrix.Trace, b judge.Budget) int {
	if len(trace.Failures) >= s.limits.Failures {
		return 0
	}
	return judge.Wanted(scenario, trace, b)
}

// run executes n trials of a scenario, apart from all other work of the sweep
// or beside it.
func (w *work) run(ctx context.Context, p trial.Program, scenario string, n int, apart bool) (*matrix.Trace, error) {
	if apart {
		w.step("apart")
		defer w.sweep.load.alone()()
		return trial.Run(ctx, p, scenario, n, w.sweep.limits)
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return &matrix.Trace{}, err
	}
	defer done()
	w.step("run")
	return trial.Run(ctx, p, scenario, n, w.sweep.limits)
}

// ran counts the trials of a trace as executed by this sweep.
func (w *work) ran(t *matrix.Trace) {
	w.note(func(d *did) {
		d.trials += len(t.Trials) + len(t.Failures)
		d.cpu.Trials += t.CPU
	})
}
