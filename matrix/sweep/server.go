package sweep

import (
	"context"
	"errors"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// A server is the row that all servers of the plan are built from, with its
// artifact.
type server struct {
	work     *work
	artifact matrix.Artifact
}

// findServer sets the server that the row's trials talk to, if the plan has one.
// Every row calls it; the first call builds it.
func (w *work) findServer(ctx context.Context) error {
	if w.sweep.plan.Server == nil {
		return nil
	}
	s := &work{sweep: w.sweep, row: *w.sweep.plan.Server, place: noPlace, recall: w.recall, doubted: w.doubted, serves: w}
	a, err := s.artifact(ctx)
	if s.effort.built {
		w.sweep.count.built(s.effort.cpu)
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

// A checked is a program whose binaries were verified.
type checked struct {
	trial.Program
	files []record.Binary
}

// errChanged says that a binary is not the file that was verified any more.
var errChanged = errors.New("its binary was changed or removed in the record while it was tried: run again")

// unchanged returns errChanged unless the binaries are still the files that were
// verified. A sweep verifies each binary once, so what a process of a changed one did is
// not known to be the row's.
func (p checked) unchanged() error {
	for _, b := range p.files {
		if !b.Unchanged() {
			return errChanged
		}
	}
	return nil
}

// program returns the binaries that the row's trials run.
func (w *work) program(ctx context.Context, a matrix.Artifact) (p checked, err error) {
	if p.Sandbox, p.Boxes = w.sweep.sandbox, &w.boxes; w.sweep.exposed != nil {
		return p, w.sweep.exposed
	}
	p.Speaks, p.Defects, p.Env = w.sweep.spec.Speaks, w.sweep.defects(), w.sweep.spec.Environment
	client, err := w.binary(ctx, a)
	if err != nil {
		return p, err
	}
	p.Binary, p.files = client.Path, append(p.files, client)
	if p.Speaks == matrix.SpeechTest {
		p.Tests, err = w.tests(a)
		return p, err
	}
	if build.Counts(p.Speaks, w.goVersion) && !a.Unlinked {
		p.Profile = w.profile
	}
	if w.server == nil {
		return p, nil
	}
	server, err := w.server.work.binary(ctx, w.server.artifact)
	p.Server, p.files = server.Path, append(p.files, server)
	return p, err
}

// defects says which ends of a process show the defect.
func (s *Sweep) defects() trial.Defects {
	return trial.Defects{Defects: s.spec.Defects, Target: s.spec.Target.Module, Own: s.spec.ReproductionModule()}
}

// maxLost is how often a binary may be changed in the record, or removed, before its
// trials have run.
const maxLost = 10

// try calls run with the binaries that the row's trials run. If somebody changes or
// removes them meanwhile, it builds them again and calls run once more.
func (w *work) try(ctx context.Context, a matrix.Artifact, run func(checked) error) error {
	for lost := 0; ; lost++ {
		p, err := w.program(ctx, a)
		if err == nil {
			err = run(p)
		}
		changed := errors.Is(err, errChanged) || err != nil && p.unchanged() != nil
		if !changed || ctx.Err() != nil || lost == maxLost {
			return err
		}
	}
}

// openly is the parameter of trials for which somebody wanted no sandbox.
const openly = " without a sandbox"

// traceKey returns the key of the trials of a scenario of a binary. It covers
// everything that could change them. A sandbox only refuses things, and what a program reports
// that may have missed one of them is an error, and no trial. So the trials in the record are
// good on every machine, whatever its kernel contains. Not so those of somebody who wants no
// sandbox, most likely since the program needs what it refuses.
func (w *work) traceKey(a matrix.Artifact, scenario matrix.Scenario) record.TraceKey {
	key := record.TraceKey{Binary: a.SHA256, Scenario: scenario.Name, Parameters: w.sweep.shared}
	switch s := w.sweep.spec; {
	case s.Speaks == matrix.SpeechTest: // a test may read any of the files
		key.Parameters += fmt.Sprintf(" %s %q %q %s", s.Speaks, w.pkg, scenario.Test, s.ReproductionDigest)
	case !s.Speaks.Reports():
		key.Parameters += fmt.Sprintf(" %s %q", s.Speaks, scenario.Args)
	}
	if w.sweep.opts.Sandbox == matrix.SandboxOff {
		key.Parameters += openly
	}
	if d := w.sweep.defects(); d.Defects != (matrix.Defects{}) {
		key.Parameters += fmt.Sprintf(" %+v", d)
	}
	if w.server != nil {
		key.Server = w.server.artifact.SHA256
	}
	return key
}
