package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
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
	s := &work{sweep: w.sweep, row: *w.sweep.plan.Server, place: noPlace, recall: w.recall, serves: w}
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

// program returns the binaries that the row's trials run.
func (w *work) program(ctx context.Context, a matrix.Artifact) (p trial.Program, err error) {
	if p.Sandbox, p.Boxes = w.sweep.sandbox, &w.boxes; w.sweep.exposed != nil {
		return p, w.sweep.exposed
	}
	if p.Binary, err = w.binary(ctx, a); err == nil && w.server != nil {
		p.Server, err = w.server.work.binary(ctx, w.server.artifact)
	}
	return p, err
}

// maxLost is how often a binary may disappear from the record, or be damaged, before
// its trials have run.
const maxLost = 3

// try calls run with the binaries that the row's trials run. If somebody removes or
// damages them meanwhile, it builds them again and calls run once more.
func (w *work) try(ctx context.Context, a matrix.Artifact, run func(trial.Program) error) error {
	for lost := 0; ; lost++ {
		p, err := w.program(ctx, a)
		if err != nil {
			return err
		}
		if err = run(p); err == nil || ctx.Err() != nil || lost == maxLost || !w.lost(p, a) {
			return err
		}
	}
}

// traceKey returns the key of the trials of a scenario of a binary. It covers
// everything that could change them. The sandbox could not: it only refuses things, and
// what a program reports that may have missed one of them is an error, and no trial. So
// the trials in the record are good on every machine, whatever its kernel contains.
func (w *work) traceKey(a matrix.Artifact, scenario matrix.Scenario) record.TraceKey {
	key := record.TraceKey{Binary: a.SHA256, Scenario: scenario.Name, Parameters: fmt.Sprintf("%+v %q", w.sweep.limits, trial.Environment)}
	if w.server != nil {
		key.Server = w.server.artifact.SHA256
	}
	return key
}

// errDamaged says that a binary has other contents than it was built with.
var errDamaged = errors.New("its checksum does not match")

// intact returns an error if a binary of a program is damaged. A sweep verifies each
// binary once, and a failure of one that was damaged since proves nothing.
func (w *work) intact(p trial.Program, a matrix.Artifact) error {
	for path, want := range w.sums(p, a) {
		// Somebody may have removed it, which does not change the process.
		if err := verify(path, want); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the binary of %s was damaged while it was tried, so run again: %w", w.row.ID, err)
		}
	}
	return nil
}

// lost reports whether a binary of a program is no longer there. It removes a damaged
// one.
func (w *work) lost(p trial.Program, a matrix.Artifact) (lost bool) {
	for path, want := range w.sums(p, a) {
		err := verify(path, want)
		if errors.Is(err, errDamaged) {
			err = os.Remove(path)
			lost = lost || err == nil
		}
		lost = lost || errors.Is(err, fs.ErrNotExist)
	}
	return lost
}

// sums returns the checksums of the binaries of a program, by their paths.
func (w *work) sums(p trial.Program, a matrix.Artifact) map[string]string {
	sums := map[string]string{p.Binary: a.SHA256}
	if w.server != nil {
		sums[p.Server] = w.server.artifact.SHA256
	}
	return sums
}

// verify returns an error unless a file has a checksum. It does not wait for a named pipe.
func verify(path, want string) error {
	f, _, err := regular.Open(path, math.MaxInt64)
	var odd *regular.Error
	if errors.As(err, &odd) {
		return errDamaged
	} else if err != nil {
		return err
	}
	defer f.Close()
	sum, err := checksum.Reader(f)
	if err == nil && sum != want {
		err = errDamaged
	}
	return err
}
