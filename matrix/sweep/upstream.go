package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/tree"
	"github.com/matrixrun/matrixrun/matrix/upstream"
)

// testRecipe is the version of how tests of releases are run, as part of their
// keys. It goes up with every change that could give other results.
const testRecipe = 1

// compareRecipe is the version of how they are compared, likewise. Version 2 takes
// nothing for the fault of a patch that the machine may have done; version 3 heeds that a
// patch's changes of tests can conflict.
const compareRecipe = 3

// upstream compares the release's own tests with and without the row's patches. An
// error becomes part of the answer: the row's cells do not depend on it.
func (w *work) upstream(ctx context.Context) *matrix.Upstream {
	key := w.testKey(w.row.Patches)
	key.Recipe, key.Limit = compareRecipe, w.sweep.opts.UpstreamLimit.String()
	u, err := kept[*matrix.Upstream]{
		kind: "upstream", key: key.String(), name: "the tests of " + w.row.ID,
		get: func() (*matrix.Upstream, string) { return w.sweep.store.Upstream(key) },
		make: func(_ *matrix.Upstream, miss string) (*matrix.Upstream, error) {
			w.noteMiss(matrix.MissUpstream, "", miss)
			return w.compareTests(ctx, key)
		},
	}.obtain(ctx, w)
	if err != nil {
		w.effort.add(func(e *effort) { e.failed = true })
		u = &matrix.Upstream{Unknown: reason(err)}
	}
	return nonNilUpstream(u)
}

// compareTests runs the release's own tests with and without the row's patches, and
// records how they differ.
func (w *work) compareTests(ctx context.Context, key record.TestKey) (*matrix.Upstream, error) {
	w.step("upstream")
	b, err := w.newBench(ctx)
	if b != nil {
		defer b.close()
	}
	if err != nil {
		return nil, err
	}
	u := &matrix.Upstream{Packages: b.packages}
	settled := true
	for _, pkg := range b.packages {
		ok, err := b.compare(ctx, pkg, u)
		if err != nil {
			return nil, err
		}
		settled = settled && ok
	}
	if !settled {
		return u, nil // the machine may be less busy another time
	}
	return u, w.sweep.store.PutUpstream(key, u)
}

// A bench is the two trees whose tests are compared.
type bench struct {
	work          *work
	dir           string          // temporary, with both trees
	packages      []string        // whose tests the patches may affect
	aside         map[string]bool // the packages with tests that the patches would change, and that conflict
	without, with *upstream.Tree
}

// newBench lays out both trees. The caller must close the bench if it is not nil,
// even if there is an error.
func (w *work) newBench(ctx context.Context) (*bench, error) {
	if w.sweep.exposed != nil {
		return nil, w.sweep.exposed
	}
	w.effort.add(func(e *effort) { e.laid = true })
	src, err := w.fetch(ctx)
	if err != nil {
		return nil, err
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	dir, err := scratch.Dir("upstream-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the tests of %s: %w", w.row.ID, err)
	}
	b := &bench{work: w, dir: dir, aside: map[string]bool{}}
	plain := w.row
	plain.Patches = nil
	if b.without, err = b.lay(ctx, "without", plain, src); err != nil {
		return b, err
	}
	if b.with, err = b.lay(ctx, "with", w.row, src); err != nil {
		return b, err
	}
	b.packages, err = upstream.Packages(b.with.Dir, w.row.Patches)
	return b, err
}

// lay lays out one of the trees.
func (b *bench) lay(ctx context.Context, name string, row matrix.Row, src matrix.Source) (*upstream.Tree, error) {
	t := &upstream.Tree{
		Go: b.work.sweep.goCmd, Dir: filepath.Join(b.dir, name), Temp: filepath.Join(b.dir, name+"-temp"),
		Toolchain: row.Toolchain, Version: b.work.goVersion, Compile: max(b.work.sweep.spec.Limits.Build, b.work.sweep.opts.UpstreamLimit),
		Sandbox: b.work.sweep.sandbox,
	}
	if err := os.Mkdir(t.Temp, 0o777); err != nil {
		return nil, fmt.Errorf("making a folder for the tests of %s: %w", row.ID, err)
	}
	ws, err := tree.LayTarget(ctx, t.Dir, b.work.sweep.spec.Target.Module, row, src)
	if err == nil && ws.Conflict != "" {
		err = fmt.Errorf("laying out %s once more: %s", row.ID, ws.Conflict)
	}
	if err != nil {
		return t, err
	}
	for _, a := range ws.Applied {
		for _, name := range a.AsideFiles() {
			b.aside[matrix.PackageOf(name)] = true
		}
	}
	return t, nil
}

// close removes the trees, even if tests have made parts of them read-only. It
// leaves what it cannot remove.
func (b *bench) close() { _ = scratch.RemoveAll(b.dir) }

// compare adds the comparison of one package's tests to u. It reports whether the
// result would be the same another time.
func (b *bench) compare(ctx context.Context, pkg string, u *matrix.Upstream) (settled bool, err error) {
	without, err := b.run(ctx, b.without, pkg, nil)
	if err != nil {
		return false, err
	}
	with, err := b.run(ctx, b.with, pkg, b.work.row.Patches)
	if err != nil {
		return false, err
	}
	d := upstream.Compare(without, with, b.aside[pkg])
	if len(d.Breaks)+len(d.Mends) > 0 {
		if err := b.confirm(ctx, pkg, &d, without.Elapsed); err != nil {
			return false, err
		}
	}
	u.Passed += d.Passed
	for _, side := range []struct {
		into *[]matrix.UpstreamTest
		from []matrix.FailedTest
	}{{&u.Breaks, d.Breaks}, {&u.Mends, d.Mends}, {&u.Fails, d.Fails}, {&u.Flaky, d.Flaky}} {
		for _, f := range side.from {
			*side.into = append(*side.into, matrix.UpstreamTest{Package: pkg, Test: f.Name, Output: f.Output})
		}
	}
	if d.Note != "" {
		u.Notes = append(u.Notes, pkg+": "+d.Note)
	}
	return without.State != matrix.TestsTimedOut && with.State != matrix.TestsTimedOut, nil
}

// confirm runs the tests that differ again, with nothing else running: on a busy
// machine tests fail that wait for something. The limit is generous, since they are
// few: three times what all tests of the package took.
func (b *bench) confirm(ctx context.Context, pkg string, d *upstream.Difference, took time.Duration) error {
	b.work.step("apart")
	defer b.work.sweep.load.alone()()
	limit := min(b.work.sweep.opts.UpstreamLimit, max(time.Minute, 3*took))
	return d.Confirm(ctx, b.without, b.with, pkg, limit)
}

// run returns the results of a package's tests in one of the trees, from the record
// if they are there. All patched rows of a release share those without patches.
func (b *bench) run(ctx context.Context, t *upstream.Tree, pkg string, patches []matrix.Variant) (*matrix.TestRun, error) {
	w := b.work
	key := w.testKey(patches)
	key.Packages = []string{pkg}
	return kept[*matrix.TestRun]{
		kind: "tests", key: key.String(), name: "the tests of " + pkg,
		get: func() (*matrix.TestRun, string) { return w.sweep.store.Tests(key) },
		make: func(*matrix.TestRun, string) (*matrix.TestRun, error) {
			done, err := w.sweep.load.beside(ctx)
			if err != nil {
				return nil, err
			}
			defer done()
			run, err := t.Run(ctx, pkg, "", w.sweep.opts.UpstreamLimit)
			if err != nil || run.State == matrix.TestsTimedOut {
				return run, err
			}
			return run, w.sweep.store.PutTests(key, run)
		},
	}.obtain(ctx, w)
}

// testKey returns the key of the row's release with some patches. It has no
// packages: they follow from the patches.
func (w *work) testKey(patches []matrix.Variant) record.TestKey {
	r := w.row.Release
	key := record.TestKey{
		Recipe: testRecipe, Module: r.Module, Version: r.Version, Sum: r.Sum,
		Toolchain: w.goVersion, Environment: gocmd.Fixed(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
	}
	for _, p := range patches {
		key.Patches = append(key.Patches, p.Identity())
	}
	if s := w.sweep.sandbox; s != nil {
		for _, p := range s.Contains.Parts() {
			if p.Applies {
				key.Contained = append(key.Contained, p.Name)
			}
		}
	}
	return key
}

// nonNilUpstream makes nil lists empty, which is how results.json has them.
func nonNilUpstream(u *matrix.Upstream) *matrix.Upstream {
	for _, list := range []*[]matrix.UpstreamTest{&u.Breaks, &u.Mends, &u.Fails, &u.Flaky} {
		*list = slices.Clone(*list)
		if *list == nil {
			*list = []matrix.UpstreamTest{}
		}
	}
	for _, list := range []*[]string{&u.Packages, &u.Notes} {
		if *list == nil {
			*list = []string{}
		}
	}
	return u
}
