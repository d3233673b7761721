package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// work is one row on its way: what is known of it, and what it took.
type work struct {
	sweep     *Sweep
	row       matrix.Row
	goVersion string // of the row's toolchain
	did       did
	took      matrix.CPU // what its artifact and its trials took, whenever they were made
	told      *work      // whose steps its own are told as; nil: it is a row itself
	recall    bool       // what the record lacks is a *MissError, and nothing is built or run

	server *server // of all its trials; nil for its own
}

// artifact returns what building the row came to, from the record where it is
// there. Two rows that would build the same wait for each other.
func (w *work) artifact(ctx context.Context) (matrix.Artifact, error) {
	if err := w.prepare(ctx); err != nil {
		return matrix.Artifact{}, err
	}
	key := w.buildKey()
	defer w.sweep.busy.lock("build " + key)()
	a, miss := w.sweep.store.Artifact(key)
	switch {
	case miss == "":
		return a, nil
	case w.recall:
		return matrix.Artifact{}, &MissError{What: "the build of " + w.row.ID, Why: miss}
	}
	return w.make(ctx)
}

// prepare finds out what the row's key needs: the version behind its toolchain,
// and the checksum of a release that the lock does not hold.
func (w *work) prepare(ctx context.Context) error {
	w.goVersion = w.row.Toolchain
	if w.goVersion == "" {
		v, err := w.sweep.goCmd.Version(ctx, "")
		if err != nil {
			return err
		}
		w.goVersion = v
	}
	if w.row.Release.Sum != "" {
		return nil
	}
	w.step("fetch")
	defer w.sweep.quiet.beside()()
	src, err := w.sweep.proxy.Fetch(ctx, w.row.Release)
	w.row.Release = src.Release
	return err
}

func (w *work) buildKey() string { return build.Key(w.sweep.spec, w.row, w.goVersion) }

// make fetches, lays and builds the row, and keeps what came of it. The
// workspace is this function's own: made here and removed here.
func (w *work) make(ctx context.Context) (matrix.Artifact, error) {
	w.step("fetch")
	defer w.sweep.quiet.beside()()
	src, err := w.sweep.proxy.Fetch(ctx, w.row.Release)
	if err != nil {
		return matrix.Artifact{}, err
	}
	dir, err := os.MkdirTemp("", "matrixrun-row-")
	if err != nil {
		return matrix.Artifact{}, fmt.Errorf("making a workspace for %s: %w", w.row.ID, err)
	}
	defer os.RemoveAll(dir)
	w.step("lay")
	w.did.laid = true
	ws, err := tree.Lay(filepath.Join(dir, "row"), w.sweep.spec, w.row, src, w.goVersion)
	if err != nil {
		return matrix.Artifact{}, err
	}
	if ws.Conflict == "" {
		w.step("build")
		w.did.built = true
	}
	a, err := build.Build(ctx, w.sweep.goCmd, ws, w.row, build.Options{
		Out:      filepath.Join(dir, "repro"),
		Parallel: max(1, runtime.NumCPU()/max(1, w.sweep.opts.Jobs)),
		Limit:    w.sweep.spec.Limits.Build,
	})
	w.did.cpu.Build += a.CPU
	w.did.cpu.Tools += a.Tools
	if err != nil || !build.Settled(a) {
		return a, err
	}
	return w.sweep.store.PutArtifact(w.buildKey(), a)
}

// binary returns the file to run, and builds it again where the record has lost
// it: the same inputs make the same bytes.
func (w *work) binary(ctx context.Context, a matrix.Artifact) (string, error) {
	defer w.sweep.busy.lock("binary " + a.SHA256)()
	path, miss := w.sweep.store.Binary(a)
	if miss == "" {
		return path, nil
	}
	again, err := w.make(ctx)
	if err != nil {
		return "", err
	}
	if again.SHA256 != a.SHA256 {
		return "", fmt.Errorf("building %s again: the binary is %s, the record has %s: run with --fresh", w.row.ID, again.SHA256, a.SHA256)
	}
	return again.Path, nil
}

// step tells which stage the row has come to, once a stage.
func (w *work) step(stage string) {
	if w.did.stage == stage {
		return
	}
	w.did.stage = stage
	if w.told != nil {
		w.told.step(stage)
		return
	}
	w.sweep.tell(matrix.Event{Step: &matrix.Step{Row: w.row.ID, Stage: stage}})
}
