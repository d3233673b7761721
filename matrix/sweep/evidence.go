package sweep

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// tries is how many trials each process runs to get evidence. One trial is enough
// if all trials of the cell agreed; a rare leak takes more.
var tries = []int{1, 5, 20}

// captures sets the paths of the evidence of those cells that should have some. A
// verdict does not depend on it: a cell for which there is none says why, and the
// row goes on.
func (w *work) captures(ctx context.Context, a matrix.Artifact, cells []matrix.Cell) error {
	s := w.sweep
	if !s.spec.Evidence {
		return nil // the reproduction cannot keep any
	}
	for i := range cells {
		c := &cells[i]
		outcome, wanted := s.opts.Evidence.Wants(c.Verdict, len(w.row.Patches) > 0)
		j := slices.IndexFunc(s.plan.Scenarios, func(sc matrix.Scenario) bool { return sc.Name == c.Scenario })
		if !wanted || j < 0 {
			continue
		}
		scenario := s.plan.Scenarios[j]
		key := record.EvidenceKey{TraceKey: w.traceKey(a, scenario), Outcome: outcome}
		e, err := w.evidence(ctx, a, scenario, key)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			e.None = reason(err)
		}
		c.NoEvidence = e.None
		for _, f := range e.Files {
			c.Evidence = append(c.Evidence, matrix.EvidencePath(w.row.ID, c.Scenario, f.Suffix))
		}
		slices.Sort(c.Evidence)
		s.shelf.put(w.row.ID, c.Scenario, key)
	}
	return nil
}

// evidence returns the files that a trial with the key's outcome left: those in the
// record, or those of a trial that is run now. It also records that no trial came
// out that way again.
func (w *work) evidence(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, key record.EvidenceKey) (matrix.Evidence, error) {
	return kept[matrix.Evidence]{
		kind: "evidence", key: key.String(), name: "evidence of " + w.row.ID + "/" + scenario.Name,
		get: func() (matrix.Evidence, string) { return w.sweep.store.Evidence(key) },
		make: func(_ matrix.Evidence, miss string) (matrix.Evidence, error) {
			w.noteMiss(matrix.MissEvidence, scenario.Name, miss)
			return w.capture(ctx, a, scenario, key)
		},
	}.obtain(ctx, w)
}

// capture runs trials that keep evidence until one has the key's outcome, and
// records the evidence.
func (w *work) capture(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, key record.EvidenceKey) (matrix.Evidence, error) {
	w.step("capture")
	p, err := w.program(ctx, a)
	if err != nil {
		return matrix.Evidence{}, err
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return matrix.Evidence{}, err
	}
	defer done()
	// A trial that its own capture contradicts is no evidence for its outcome.
	shows := func(t *matrix.Trial) bool {
		return judge.Outcome(scenario, t) == key.Outcome && (t.Wire == nil || t.Wire.Agrees || t.Wire.Unread != "")
	}
	var found matrix.Evidence
	ran := 0
	for _, n := range tries {
		trace, e, err := trial.Capture(ctx, p, scenario.Name, n, w.sweep.limits, shows)
		w.count(trace)
		if err != nil {
			return matrix.Evidence{}, err
		}
		ran += len(trace.Trials)
		if found = e; len(e.Files) > 0 || e.None != "" {
			break
		}
	}
	if len(found.Files) == 0 && found.None == "" {
		found.None = fmt.Sprintf("none of %d further trials came out as %s, with a capture that agrees", ran, key.Outcome)
	}
	found.Proven = found.None != ""
	return found, w.sweep.store.PutEvidence(key, found)
}

// Evidence returns the files of a cell whose Evidence has paths, in the order of
// the paths. Call it after Run.
func (s *Sweep) Evidence(row, scenario string) ([]matrix.EvidenceFile, error) {
	key, ok := s.shelf.get(row, scenario)
	if !ok {
		return nil, fmt.Errorf("finding the evidence of %s/%s: none was looked for", row, scenario)
	}
	e, miss := s.store.Evidence(key)
	if miss != "" {
		return nil, fmt.Errorf("finding the evidence of %s/%s: %s: run again", row, scenario, miss)
	}
	return e.Files, nil
}

// A shelf knows where in the record the evidence of each cell is. Evidence may be
// large, so it is read only when it is asked for.
type shelf struct {
	mu   sync.Mutex
	keys map[[2]string]record.EvidenceKey // by row and scenario
}

func (s *shelf) put(row, scenario string, key record.EvidenceKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil {
		s.keys = make(map[[2]string]record.EvidenceKey)
	}
	s.keys[[2]string{row, scenario}] = key
}

func (s *shelf) get(row, scenario string) (record.EvidenceKey, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := s.keys[[2]string{row, scenario}]
	return key, ok
}
