package sweep

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// tries is how many trials are run for evidence, a process each round: the first
// trial shows a verdict on which all agreed, and a rare leak takes more.
var tries = []int{1, 5, 20}

// captures gives the cells of a row that are to have evidence the paths of its
// files. A verdict stands without it, so that a cell that has none says why, and
// the row is none the worse.
func (w *work) captures(ctx context.Context, a matrix.Artifact, cells []matrix.Cell) error {
	s := w.sweep
	if !s.spec.Evidence {
		return nil // the reproduction does not know how
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
			e.None = scrub.Cut(err.Error(), scrub.Path{Path: os.TempDir(), Name: "$TMPDIR"})
		}
		c.NoEvidence = e.None
		for _, f := range e.Files {
			c.Evidence = append(c.Evidence, matrix.EvidencePath(w.row.ID, c.Scenario, f.Suffix))
		}
		slices.Sort(c.Evidence)
		s.kept.note(w.row.ID, c.Scenario, key)
	}
	return nil
}

// evidence returns what a trial with the key's outcome left: that of the record,
// or of one that is run for it. That no trial showed it again is recorded too.
func (w *work) evidence(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, key record.EvidenceKey) (matrix.Evidence, error) {
	s := w.sweep
	defer s.busy.lock("evidence " + key.String())()
	if e, miss := s.store.Evidence(key); miss == "" {
		return e, nil
	}
	release, err := w.claim(ctx, "evidence", key.String())
	if err != nil {
		return matrix.Evidence{}, err
	}
	defer release()
	e, miss := s.store.Evidence(key) // another process may have made it
	if miss == "" {
		return e, nil
	}
	w.lacks(matrix.MissEvidence, scenario.Name, miss)
	w.step("capture")
	p, err := w.program(ctx, a)
	if err != nil {
		return matrix.Evidence{}, err
	}
	done, err := s.load.beside(ctx)
	if err != nil {
		return matrix.Evidence{}, err
	}
	defer done()
	// What a capture contradicts would show the opposite of what it is to show.
	shows := func(t *matrix.Trial) bool {
		return judge.Outcome(scenario, t) == key.Outcome && (t.Wire == nil || t.Wire.Agrees || t.Wire.Unread != "")
	}
	var found matrix.Evidence
	ran := 0
	for _, n := range tries {
		trace, e, err := trial.Capture(ctx, p, scenario.Name, n, s.limits, shows)
		w.ran(trace)
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
	return found, s.store.PutEvidence(key, found)
}

// Evidence returns the files of a cell that has the paths of some, in their
// order. Call it after Run.
func (s *Sweep) Evidence(row, scenario string) ([]matrix.EvidenceFile, error) {
	key, ok := s.kept.find(row, scenario)
	if !ok {
		return nil, fmt.Errorf("finding the evidence of %s/%s: none was looked for", row, scenario)
	}
	e, miss := s.store.Evidence(key)
	if miss != "" {
		return nil, fmt.Errorf("finding the evidence of %s/%s: %s: run again", row, scenario, miss)
	}
	return e.Files, nil
}

// A shelf tells where the evidence of each cell is in the record. What it is of
// may be large, and is read when it is wanted.
type shelf struct {
	mu   sync.Mutex
	keys map[[2]string]record.EvidenceKey // by row and scenario
}

func (s *shelf) note(row, scenario string, key record.EvidenceKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil {
		s.keys = make(map[[2]string]record.EvidenceKey)
	}
	s.keys[[2]string{row, scenario}] = key
}

func (s *shelf) find(row, scenario string) (record.EvidenceKey, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := s.keys[[2]string{row, scenario}]
	return key, ok
}
