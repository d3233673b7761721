package sweep

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// A Recalled is what the record holds of one cell.
type Recalled struct {
	Row  matrix.RowResult // its Cells are that cell, or none where the row has no binary
	Cell *matrix.Cell     // nil where the row has no binary: Row.State and Row.Reason say why

	Trace *matrix.Trace    // the trials that the cell is judged by; nil without a binary
	Apart *matrix.Trace    // those of a flaky cell that ran with nothing beside them; nil elsewhere
	Count []matrix.Outcome // what each trial of Trace, and then of Apart, counts for, whatever it says of itself
	More  int              // further trials in the record, which the sweep's options leave out

	Evidence matrix.Evidence // of a trial that shows the verdict, where there is any
}

// A MissError says what the record would have to hold.
type MissError struct{ What, Why string }

func (e *MissError) Error() string { return fmt.Sprintf("the record lacks %s: %s", e.What, e.Why) }

// lacking says how many trials of a cell are missing. miss is empty where the
// record has some.
func lacking(row matrix.Row, scenario matrix.Scenario, miss string, has, wanted int) error {
	if miss == "" {
		miss = tooFew(has, wanted)
	}
	return &MissError{What: "trials of " + row.ID + "/" + scenario.Name, Why: miss}
}

// Recall returns one cell of a row of the plan as Run would answer it, from the
// record alone: nothing is built or run, and no evidence is made. What the
// record lacks is a *MissError. The plan must have the control and the planted
// scenarios too, since no verdict holds without theirs.
func (s *Sweep) Recall(ctx context.Context, row matrix.Row, scenario matrix.Scenario) (*Recalled, error) {
	w := &work{sweep: s, row: row, place: noPlace, recall: true}
	result, err := w.result(ctx)
	if err != nil {
		return nil, err
	}
	result.Cells = slices.DeleteFunc(whole(result.Cells), func(c matrix.Cell) bool { return c.Scenario != scenario.Name })
	r := &Recalled{Row: result}
	if len(result.Cells) == 0 {
		return r, nil
	}
	r.Cell = &result.Cells[0]
	if result.Binary != "" {
		r.look(s, w.traceKey(matrix.Artifact{SHA256: strings.TrimPrefix(result.Binary, "sha256:")}, scenario), scenario)
	}
	return r, nil
}

// look fetches what a cell that was judged stands on. All of it is there, but
// for evidence, which is made where it is asked for.
func (r *Recalled) look(s *Sweep, key record.TraceKey, scenario matrix.Scenario) {
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

// LayByHand fetches the release of a row and lays the row out in dir, an empty
// or missing folder, so that the go command alone can build it (see
// tree.LayByHand). Where a patch does not go on, the workspace says so.
func (s *Sweep) LayByHand(ctx context.Context, row matrix.Row, dir string) (*matrix.Workspace, error) {
	w := &work{sweep: s, row: row, place: noPlace}
	if err := w.prepare(ctx); err != nil {
		return nil, err
	}
	src, err := w.fetch(ctx)
	if err != nil {
		return nil, err
	}
	return tree.LayByHand(dir, s.spec, w.row, src, w.goVersion)
}
