package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// work is one row on its way: what is known of it, and what it took.
type work struct {
	sweep     *Sweep
	row       matrix.Row
	place     int    // of the row in the plan; noPlace for one that is not of it
	unbuilt   bool   // the record lacks its build, so that it has a place in the schedule
	goVersion string // of the row's toolchain
	mu        sync.Mutex
	did       did
	took      matrix.CPU // what its artifact and its trials took, whenever they were made
	told      *work      // whose steps its own are told as; nil: it is a row itself
	recall    bool       // what the record lacks is a *MissError, and nothing is built or run

	server *server // of all its trials; nil for its own

	past   past   // how it was made the last time
	misses misses // why it is not recalled
}

// noPlace is the place of a row that is not of the plan.
const noPlace = -1

// look asks the record for the row's build.
func (w *work) look(ctx context.Context) {
	if !w.row.Adapter.Supported || w.prepare(ctx) != nil {
		return // which the answer tells
	}
	_, miss := w.sweep.store.Artifact(w.buildKey())
	w.unbuilt = miss != ""
}

// artifact returns what building the row came to, from the record where it is
// there.
func (w *work) artifact(ctx context.Context) (matrix.Artifact, error) {
	if err := w.prepare(ctx); err != nil {
		return matrix.Artifact{}, err
	}
	a, miss := w.sweep.store.Artifact(w.buildKey())
	switch {
	case miss == "" && !w.unbuilt:
		return a, nil
	case w.recall:
		return matrix.Artifact{}, &MissError{What: "the build of " + w.row.ID, Why: miss}
	}
	compilers, leave, err := w.sweep.builds.admit(ctx, w.place)
	if err != nil {
		return matrix.Artifact{}, err
	}
	defer func() { leave(a.SHA256 != "") }()
	// Another may build the same: the server of all rows, or a sweep that uses the
	// same record.
	key := w.buildKey()
	defer w.sweep.busy.lock("build " + key)()
	release, err := w.claim(ctx, "build", key)
	if err != nil {
		return matrix.Artifact{}, err
	}
	defer release()
	if a, miss = w.sweep.store.Artifact(key); miss != "" {
		w.lacksBuild(key, miss)
		a, err = w.make(ctx, compilers)
	}
	return a, err
}

// prepare finds out what the row's key needs: the version behind its toolchain,
// and the checksum of a release that the lock does not hold.
func (w *work) prepare(ctx context.Context) error {
	if w.goVersion == "" {
		w.goVersion = w.row.Toolchain
	}
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
	src, err := w.fetch(ctx)
	if err == nil {
		w.row.Release = src.Release
	}
	return err
}

// fetch returns the row's release.
func (w *work) fetch(ctx context.Context) (matrix.Source, error) {
	w.step("fetch")
	defer w.sweep.load.lightly()()
	return w.sweep.fetched.fetch(ctx, w.row.Release)
}

func (w *work) recipe() build.Recipe { return build.NewRecipe(w.sweep.spec, w.row, w.goVersion) }

func (w *work) buildKey() string { return w.recipe().Key() }

// make fetches, lays and builds the row, and keeps what came of it. The
// workspace is this function's own: made here and removed here.
func (w *work) make(ctx context.Context, compilers int) (matrix.Artifact, error) {
	src, err := w.fetch(ctx)
	if err != nil {
		return matrix.Artifact{}, err
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return matrix.Artifact{}, err
	}
	defer done()
	dir, err := os.MkdirTemp("", "matrixrun-row-")
	if err != nil {
		return matrix.Artifact{}, fmt.Errorf("making a workspace for %s: %w", w.row.ID, err)
	}
	defer os.RemoveAll(dir)
	w.step("lay")
	w.note(func(d *did) { d.laid = true })
	ws, err := tree.Lay(filepath.Join(dir, "row"), w.sweep.spec, w.row, src, w.goVersion)
	if err != nil {
		return matrix.Artifact{}, err
	}
	if ws.Conflict == "" {
		w.step("build")
		w.note(func(d *did) { d.built = true })
	}
	a, err := build.Build(ctx, w.sweep.goCmd, ws, w.row, build.Options{
		Out:      filepath.Join(dir, "repro"),
		Parallel: compilers,
		Limit:    w.sweep.spec.Limits.Build,
	})
	w.note(func(d *did) { d.cpu = d.cpu.Plus(matrix.CPU{Build: a.CPU, Tools: a.Tools}) })
	if err != nil || !build.Settled(a) {
		return a, err
	}
	return w.sweep.store.PutArtifact(w.buildKey(), a)
}

// binary returns the file to run, and builds it again where the record has lost
// it: the same inputs make the same bytes.
func (w *work) binary(ctx context.Context, a matrix.Artifact) (string, error) {
	defer w.sweep.busy.lock("binary " + a.SHA256)()
	if path, miss := w.sweep.store.Binary(a); miss == "" {
		return path, nil
	}
	release, err := w.claim(ctx, "binary", a.SHA256)
	if err != nil {
		return "", err
	}
	defer release()
	path, miss := w.sweep.store.Binary(a) // another process may have made it
	if miss == "" {
		return path, nil
	}
	w.lacks(matrix.MissBinary, "", miss)
	compilers, leave, err := w.sweep.builds.admit(ctx, w.place)
	if err != nil {
		return "", err
	}
	again, err := w.make(ctx, compilers)
	leave(err == nil)
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
	again := false
	w.note(func(d *did) { again, d.stage = d.stage == stage, stage })
	if again {
		return
	}
	if w.told != nil {
		w.told.step(stage)
		return
	}
	w.sweep.tell(matrix.Event{Step: &matrix.Step{Row: w.row.ID, Stage: stage}})
}

// note changes what the row is said to have taken: its scenarios do it side by side.
func (w *work) note(change func(*did)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.did)
}
