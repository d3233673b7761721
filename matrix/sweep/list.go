package sweep

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// List returns the names of the scenarios that the reproduction has by its own account, and
// the row whose build was asked: one that is in the record, or else the first of the plan
// that builds. The suite must have a reproduction that reports its trials.
func (s *Sweep) List(ctx context.Context) (row string, names []string, err error) {
	if s.sandbox, s.exposed = sandbox.Find(ctx, s.opts.Sandbox); s.exposed != nil && s.opts.Sandbox == matrix.SandboxRequire {
		return "", nil, s.exposed
	}
	works := slices.DeleteFunc(s.works(nil), func(w *work) bool { return !w.row.Adapter.Supported })
	known, unbuilt := s.look(ctx, works)
	s.builds.start(places(unbuilt))
	err = errors.New("the suite has no adapter for any of these releases")
	for _, w := range slices.Concat(known, unbuilt) {
		a, failed := w.artifact(ctx)
		if failed == nil && a.SHA256 != "" {
			names, err = w.list(ctx, a)
			return w.row.ID, names, err
		}
		if err = failed; err == nil {
			err = fmt.Errorf("%s does not build: %s", w.row.ID, matrix.Gist(a.Complaint+a.Conflict))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", nil, err
}

// list asks the row's binary for its scenarios.
func (w *work) list(ctx context.Context, a matrix.Artifact) (names []string, err error) {
	defer w.boxes.Close()
	err = w.try(ctx, a, func(p checked) (err error) {
		names, err = trial.List(ctx, p.Program, w.sweep.limits)
		return err
	})
	return names, err
}
