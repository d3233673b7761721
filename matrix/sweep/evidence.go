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

// maxTries returns how many trials may run to get evidence of a cell: those of tries,
// or three times as many as showed one leak. So many show it again with a probability
// of 95 %, at the rate that was seen.
func maxTries(c *matrix.Cell) int {
	most := 0
	for _, n := range tries {
		most += n
	}
	if c.Verdict == matrix.VerdictFlaky {
		most = max(most, 3*c.Trials/max(1, c.Leaks))
	}
	return most
}

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
		if w.reuse(c, key) {
			continue
		}
		most := maxTries(c)
		e, err := w.evidence(ctx, a, scenario, key, most)
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
		if err == nil {
			w.captured[c.Scenario] = captured{key, c.Evidence, c.NoEvidence}
		}
		s.shelf.put(w.row.ID, c.Scenario, shelved{
			paths: c.Evidence,
			get: func() (matrix.Evidence, error) {
				defer w.boxes.Close() // which the row's end no longer does
				return w.evidence(ctx, a, scenario, key, most)
			},
		})
	}
	return nil
}

// A captured is the evidence of a cell of a row, as a row that is answered again finds
// it without reading it again.
type captured struct {
	key   record.EvidenceKey
	paths []string
	none  string
}

// reuse sets the evidence of a cell if the row has looked for the same before.
func (w *work) reuse(c *matrix.Cell, key record.EvidenceKey) bool {
	if w.captured == nil {
		w.captured = make(map[string]captured)
	}
	was, ok := w.captured[c.Scenario]
	if !ok || was.key != key {
		return false
	}
	c.Evidence, c.NoEvidence = slices.Clone(was.paths), was.none
	return true
}

// evidence returns the files that a trial with the key's outcome left: those in the
// record, or those of a trial that is run now, one of at most so many. It also records
// that no trial came out that way again.
func (w *work) evidence(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, key record.EvidenceKey, most int) (matrix.Evidence, error) {
	return kept[matrix.Evidence]{
		kind: "evidence", key: key.String(), name: "evidence of " + w.row.ID + "/" + scenario.Name,
		get: func() (matrix.Evidence, string) { return w.sweep.store.Evidence(key) },
		make: func(_ matrix.Evidence, miss string) (matrix.Evidence, error) {
			w.noteMiss(matrix.MissEvidence, scenario.Name, miss)
			return w.capture(ctx, a, scenario, key, most)
		},
	}.obtain(ctx, w)
}

// capture runs trials that keep evidence until one has the key's outcome, and
// records the evidence.
func (w *work) capture(ctx context.Context, a matrix.Artifact, scenario matrix.Scenario, key record.EvidenceKey, most int) (matrix.Evidence, error) {
	w.step("capture")
	var found matrix.Evidence
	err := w.try(ctx, a, func(p checked) (err error) {
		done, err := w.sweep.load.beside(ctx)
		if err != nil {
			return err
		}
		defer done()
		if found, err = w.captureWith(ctx, p.Program, scenario, key, most); err == nil {
			err = p.unchanged()
		}
		return err
	})
	if err != nil {
		return matrix.Evidence{}, err
	}
	return found, w.sweep.store.PutEvidence(key, found)
}

// captureWith is capture with the binaries to run.
func (w *work) captureWith(ctx context.Context, p trial.Program, scenario matrix.Scenario, key record.EvidenceKey, most int) (matrix.Evidence, error) {
	// A trial that its own capture contradicts is no evidence for its outcome.
	shows := func(t *matrix.Trial) bool {
		return judge.Outcome(scenario, t) == key.Outcome && (t.Wire == nil || t.Wire.Agrees || t.Wire.Unread != "")
	}
	var found matrix.Evidence
	ran := 0
	for i := 0; ran < most; i++ {
		n := min(tries[min(i, len(tries)-1)], most-ran)
		trace, e, err := trial.Capture(ctx, p, scenario.Name, n, w.sweep.limits, shows)
		w.count(trace)
		if err != nil {
			return matrix.Evidence{}, err
		}
		ran += n
		if found = e; len(e.Files) > 0 || e.None != "" {
			break
		}
	}
	if len(found.Files) == 0 && found.None == "" {
		found.None = fmt.Sprintf("none of %d further trials came out as %s, with a capture that agrees", ran, key.Outcome)
	}
	found.Proven = found.None != ""
	return found, nil
}

// Evidence returns the files of a cell whose Evidence has paths, in the order of
// the paths. If somebody has removed them from the record meanwhile, trials run again
// to make them. Call it after Run, before the end of the context that Run was given.
func (s *Sweep) Evidence(row, scenario string) ([]matrix.EvidenceFile, error) {
	kept, ok := s.shelf.get(row, scenario)
	if !ok {
		return nil, fmt.Errorf("finding the evidence of %s/%s: none was looked for", row, scenario)
	}
	e, err := kept.get()
	if err != nil {
		return nil, fmt.Errorf("finding the evidence of %s/%s: %w", row, scenario, err)
	}
	var paths []string
	for _, f := range e.Files {
		paths = append(paths, matrix.EvidencePath(row, scenario, f.Suffix))
	}
	slices.Sort(paths)
	if !slices.Equal(paths, kept.paths) {
		return nil, fmt.Errorf("finding the evidence of %s/%s: it was removed from the record, and further trials left other files: run again", row, scenario)
	}
	return e.Files, nil
}

// A shelf knows how to get the evidence of each cell. Evidence may be large, so it is
// read from the record only when it is asked for.
type shelf struct {
	mu    sync.Mutex
	cells map[[2]string]shelved // by row and scenario
}

// A shelved is the evidence of one cell.
type shelved struct {
	paths []string // sorted, as results name its files
	get   func() (matrix.Evidence, error)
}

func (s *shelf) put(row, scenario string, kept shelved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cells == nil {
		s.cells = make(map[[2]string]shelved)
	}
	s.cells[[2]string{row, scenario}] = kept
}

func (s *shelf) get(row, scenario string) (shelved, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.cells[[2]string{row, scenario}]
	return kept, ok
}
