package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/tree"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// A work is one row on its way through the stages.
type work struct {
	sweep     *Sweep
	row       matrix.Row
	goVersion string   // behind the row's toolchain; prepare finds it out
	c         *gocmd.C // what compiles files that need cgo; nil if they are left out

	place   int  // index of the row in the plan; noPlace for a row that is not in it
	unbuilt bool // its build is not in the record, so that it has a turn in the schedule

	elsewhere string // the remote record that its build is from; empty if that was made here
	doubted   bool   // it is made here to check that remote record

	recall bool    // build and run nothing: what is not in the record is a *MissError
	begun  bool    // answering it has begun
	answer *answer // nil until it is answered

	surer map[string]int // by scenario, how many proven trials its cell takes to be sure enough, if not 0

	server *server // which its trials talk to; nil if each starts its own
	serves *work   // the row whose server this one is; nil for a row of the plan

	pkg    string // the folder of the package whose tests it compiles; empty for a program
	partOf *work  // the row whose scenarios also are tests of other packages, if this is for one of those

	boxes trial.Boxes // in which its trials run

	captured map[string]captured // by scenario, what is known of its evidence

	parts []part // of which it consists; nil before it is answered

	effort effort
	past   past   // how it was made the last time
	misses misses // why it is not recalled
}

// noPlace is the place of a row that is not in the plan.
const noPlace = -1

// newWork returns the work on a row. With tests of several packages, it is that of the
// first one, see parts.
func (s *Sweep) newWork(row matrix.Row, place int) *work {
	w := &work{sweep: s, row: row, place: place}
	if packages := matrix.TestPackages(s.plan.Scenarios); len(packages) > 0 {
		w.pkg = packages[0]
	}
	return w
}

// inPlan returns the row of the plan that this work is for: itself, the row that it is a
// part of, or the row whose server it is.
func (w *work) inPlan() *work {
	switch {
	case w.serves != nil:
		return w.serves
	case w.partOf != nil:
		return w.partOf
	}
	return w
}

// look finds out whether the row's build is in the record. Errors are left for
// result, which meets them again.
func (w *work) look(ctx context.Context) {
	if !w.row.Adapter.Supported || w.prepare(ctx) != nil {
		return
	}
	key := w.buildKey()
	a, miss := w.sweep.store.Artifact(key)
	if miss != "" {
		a, miss = w.fetchBuild(ctx, key, miss)
	}
	if w.unbuilt, w.elsewhere = miss != "", a.From; a.From != "" {
		w.sweep.lied.note(key)
	}
}

// artifactWith returns the outcome of building the row as it is, from the record if it is
// there.
func (w *work) artifactWith(ctx context.Context) (a matrix.Artifact, err error) {
	if err := w.prepare(ctx); err != nil {
		return matrix.Artifact{}, err
	}
	key := w.buildKey()
	get := func() (matrix.Artifact, string) { return w.sweep.store.Artifact(key) }
	if w.doubted {
		get = func() (matrix.Artifact, string) { return w.own(ctx, key) }
	}
	if a, miss := get(); miss == "" && !w.unbuilt {
		if a.From != "" {
			w.sweep.lied.note(key)
		}
		w.push(ctx, key, a)
		return a, nil
	}
	// The turn comes before the claim: while this row waits for its turn, another
	// process may build it. A row in the schedule takes its turn in any case, since
	// other rows wait for it to end.
	compilers, leave, err := w.sweep.builds.admit(ctx, w.place)
	if err != nil {
		return matrix.Artifact{}, err
	}
	defer func() { leave(a.SHA256 != "") }()
	a, err = kept[matrix.Artifact]{
		kind: "build", key: key, name: "the build of " + w.row.ID, get: get,
		make: func(_ matrix.Artifact, miss string) (matrix.Artifact, error) {
			if a, miss = w.fetchBuild(ctx, key, miss); miss == "" {
				return a, nil // another machine has built it meanwhile
			}
			w.noteBuildMiss(miss)
			return w.build(ctx, compilers)
		},
	}.obtain(ctx, w)
	if err == nil {
		err = w.check(a)
	}
	if err == nil {
		w.push(ctx, w.buildKey(), a)
	}
	return a, err
}

// prepare finds out what the row's key needs: the version behind its toolchain, the
// checksum of a release that the lock does not have, and what compiles C.
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
	if w.row.Release.Sum == "" {
		src, err := w.fetch(ctx)
		if err != nil {
			return err
		}
		src.Toolchain = w.row.Release.Toolchain
		w.row.Release = src.Release
	}
	return w.findC(ctx)
}

// findC sets w.c if the suite has files compiled that need cgo, unless the record says that the
// row has no such files. Those rows are kept under the key without C, which is the same on all
// machines, whatever their C compilers.
func (w *work) findC(ctx context.Context) error {
	if w.c = nil; !w.sweep.spec.Cgo {
		return nil
	}
	key := w.buildKey()
	a, miss := w.sweep.store.Artifact(key)
	if miss != "" {
		a, miss = w.fetchBuild(ctx, key, miss)
	}
	if miss == "" && a.NoC {
		return nil
	}
	c, err := w.sweep.goCmd.C(ctx)
	w.c = &c
	return err
}

// fetch returns the row's release, without its toolchain: rows of one release share it.
func (w *work) fetch(ctx context.Context) (matrix.Source, error) {
	w.step("fetch")
	defer w.sweep.load.lightly()()
	return w.sweep.fetched.fetch(ctx, w.row.Release)
}

func (w *work) recipe() build.Recipe {
	return build.NewRecipe(w.sweep.spec, w.row, w.pkg, w.goVersion, w.c)
}

func (w *work) buildKey() string { return w.recipe().Key() }

// build fetches, lays and builds the row, and records the outcome. It makes the
// workspace and removes it.
func (w *work) build(ctx context.Context, compilers int) (matrix.Artifact, error) {
	src, err := w.fetch(ctx)
	if err != nil {
		return matrix.Artifact{}, err
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return matrix.Artifact{}, err
	}
	defer done()
	dir, err := scratch.Dir("row-")
	if err != nil {
		return matrix.Artifact{}, fmt.Errorf("making a workspace for %s: %w", w.row.ID, err)
	}
	defer os.RemoveAll(dir)
	w.step("lay")
	w.effort.add(func(e *effort) { e.laid = true })
	ws, err := tree.Lay(ctx, filepath.Join(dir, "row"), w.sweep.spec, w.row, src, w.goVersion)
	if err != nil {
		return matrix.Artifact{}, err
	}
	if ws.Conflict == "" && ws.TooOld == "" {
		w.step("build")
		w.effort.add(func(e *effort) { e.built = true })
	}
	a, err := build.Build(ctx, w.sweep.goCmd, ws, w.row, build.Options{
		Target:   w.sweep.spec.Target.Module,
		Test:     w.recipe().Test,
		Out:      filepath.Join(dir, "repro"),
		Parallel: compilers,
		Limit:    w.sweep.spec.Limits.Build,
		Count:    build.Counts(w.sweep.spec.Speaks, w.goVersion),
		C:        w.c,
	})
	w.effort.add(func(e *effort) { e.cpu = e.cpu.Plus(matrix.CPU{Build: a.CPU, Tools: a.Tools}) })
	if err != nil {
		return a, err
	}
	if a.NoC {
		w.c = nil // see findC
	}
	return w.sweep.store.PutArtifact(w.buildKey(), a)
}

// binary returns an artifact's binary. If the record has lost the file, it is built
// again: the same inputs give the same bytes.
func (w *work) binary(ctx context.Context, a matrix.Artifact) (record.Binary, error) {
	get := func() (record.Binary, string) { return w.sweep.store.Binary(a) }
	return kept[record.Binary]{
		kind: "binary", key: a.SHA256, name: "the binary of " + w.row.ID, get: get,
		make: func(b record.Binary, miss string) (record.Binary, error) {
			if w.sweep.opts.Exchange.Binary(ctx, w.buildKey(), a) {
				if b, miss = get(); miss == "" {
					w.effort.add(func(e *effort) { e.got = true })
					return b, nil
				}
			}
			w.noteMiss(matrix.MissBinary, "", miss)
			compilers, leave, err := w.sweep.builds.admit(ctx, w.place)
			if err != nil {
				return b, err
			}
			again, err := w.build(ctx, compilers)
			leave(err == nil)
			if err == nil && again.SHA256 != a.SHA256 && a.From != "" {
				err = w.sweep.lied.tell(w.row.ID, w.sweep.opts.Exchange.NameOf(a), a, again)
			}
			if err == nil && again.SHA256 != a.SHA256 {
				err = fmt.Errorf("building %s again: the binary is %s, the record has %s: run with --fresh", w.row.ID, again.SHA256, a.SHA256)
			}
			if err == nil {
				w.push(ctx, w.buildKey(), again)
				b, miss = get()
			}
			if err == nil && miss != "" {
				err = fmt.Errorf("%w: %s", errChanged, miss)
			}
			return b, err
		},
	}.obtain(ctx, w)
}
