package sweep

import (
	"context"
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// A Recalled is what the record holds of one cell.
type Recalled struct {
	Row  matrix.RowResult // its Cells are that cell, or none where the row has no binary
	Cell *matrix.Cell     // nil where the row has no binary: Row.State and Row.Reason say why

	Trace *matrix.Trace    // the trials that the cell is judged by; nil without a binary
	Apart *matrix.Trace    // the trials of a flaky cell that ran with nothing else running; nil for other cells
	Count []matrix.Outcome // what each trial of Trace, then of Apart, counts as; its own outcome may differ
	More  int              // further trials in the record that the sweep's options do not use

	// Sandbox is what trials could not reach: in the run of the results that the cell
	// was read from, or otherwise what they cannot reach here. Nil if that is not known.
	Sandbox *matrix.Sandbox

	Evidence matrix.Evidence // of a trial that shows the verdict, if the record has any
}

// A MissError says that the record does not have what a sweep needs to recall a
// cell, and why.
type MissError struct{ What, Why string }

func (e *MissError) Error() string {
	return fmt.Sprintf("the record does not have %s: %s", e.What, e.Why)
}

// Recall returns one cell of a row of the plan as Run would answer it, from the
// record alone: nothing is built or run, and no evidence is made. The error is a
// *MissError if something is not in the record. The plan must have the control and
// the planted scenarios too, since the verdict depends on theirs.
func (s *Sweep) Recall(ctx context.Context, row matrix.Row, scenario matrix.Scenario) (*Recalled, error) {
	w := s.newWork(row, noPlace)
	w.recall = true
	result, err := w.result(ctx)
	if err != nil {
		return nil, err
	}
	result.Cells = slices.DeleteFunc(nonNil(result.Cells), func(c matrix.Cell) bool { return c.Scenario != scenario.Name })
	r := &Recalled{Row: result}
	if here, err := sandbox.Find(ctx, s.opts.Sandbox); err == nil {
		r.Sandbox = &here.Contains
	}
	if len(result.Cells) == 0 {
		return r, nil
	}
	r.Cell = &result.Cells[0]
	if len(w.parts) == 0 {
		return r, nil // the suite has no adapter for it
	}
	if p := w.partFor(scenario); p.artifact.SHA256 != "" {
		p.work.describeBuild(&r.Row)
		r.read(s, p.work.traceKey(p.artifact, scenario), scenario)
	}
	return r, nil
}

// read reads the trials that the cell was judged by, and its evidence if the record
// has any.
func (r *Recalled) read(s *Sweep, key record.TraceKey, scenario matrix.Scenario) {
	judged := []matrix.Count{{Trials: r.Cell.Trials, Inconclusive: r.Cell.Inconclusive}}
	if len(r.Cell.Runs) > 0 {
		judged = r.Cell.Runs
	}
	for i, into := range []**matrix.Trace{&r.Trace, &r.Apart}[:len(judged)] {
		key.Apart = i > 0
		if t, miss := s.store.Trace(key); miss == "" {
			n := min(judged[i].Trials+judged[i].Inconclusive, len(t.Trials))
			r.More += len(t.Trials) - n
			t.Trials = t.Trials[:n]
			*into = t
			for i := range t.Trials {
				r.Count = append(r.Count, judge.Outcome(scenario, &t.Trials[i]))
			}
		}
	}
	key.Apart = false
	if outcome, some := matrix.EvidenceAll.Wants(r.Cell.Verdict, false); some {
		r.Evidence, _ = s.store.Evidence(record.EvidenceKey{TraceKey: key, Outcome: outcome})
	}
}

// LayByHand fetches the release of a row and lays the row out in dir, an empty or
// missing folder, so that the go command can build it without matrixrun (see
// tree.LayByHand). If a patch does not apply, the workspace says so.
func (s *Sweep) LayByHand(ctx context.Context, row matrix.Row, dir string) (*matrix.Workspace, error) {
	w := &work{sweep: s, row: row, place: noPlace}
	if err := w.prepare(ctx); err != nil {
		return nil, err
	}
	src, err := w.fetch(ctx)
	if err != nil {
		return nil, err
	}
	return tree.LayByHand(ctx, dir, s.spec, w.row, src, w.goVersion)
}
