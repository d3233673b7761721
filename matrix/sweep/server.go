package sweep

import (
	"context"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// A server is the row that the plan's servers are built from, and what came of
// building it.
type server struct {
	work     *work
	artifact matrix.Artifact
}

// meet gives the row the server that all of its trials talk to, if the plan has
// one. Each row asks for it; the first one builds it.
func (w *work) meet(ctx context.Context) error {
	if w.sweep.plan.Server == nil {
		return nil
	}
	s := &work{sweep: w.sweep, row: *w.sweep.plan.Server, place: noPlace, recall: w.recall, told: w}
	a, err := s.artifact(ctx)
	if s.did.built {
		w.sweep.count.built(s.did.cpu)
	}
	if err == nil {
		s.remember(a)
	}
	if err == nil && a.SHA256 == "" {
		err = fmt.Errorf("it does not build: %s", matrix.Gist(a.Complaint))
	}
	if err != nil {
		return fmt.Errorf("building the server of %s: %w", s.row.ID, err)
	}
	w.server = &server{s, a}
	return nil
}

// program returns the binaries to try a row's scenarios with.
func (w *work) program(ctx context.Context, a matrix.Artifact) (p trial.Program, err error) {
	if p.Binary, err = w.binary(ctx, a); err == nil && w.server != nil {
		p.Server, err = w.server.work.binary(ctx, w.server.artifact)
	}
	return p, err
}

// traceKey names all that could change the trials of a scenario of a binary.
func (w *work) traceKey(a matrix.Artifact, scenario matrix.Scenario) record.TraceKey {
	key := record.TraceKey{Binary: a.SHA256, Scenario: scenario.Name, Parameters: fmt.Sprintf("%+v %q", w.sweep.limits, trial.Environment)}
	if w.server != nil {
		key.Server = w.server.artifact.SHA256
	}
	return key
}
