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
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/tree"
	"github.com/matrixrun/matrixrun/matrix/upstream"
)

// testRecipe counts the ways in which the tests of releases were run. It goes up
// with every change that could make another answer of the same tests.
const testRecipe = 1

// upstream finds out what the release's own tests say of the row's patches. That
// it could not be found out is told in the answer: the row's cells stand without.
func (w *work) upstream(ctx context.Context) *matrix.Upstream {
	u, err := w.said(ctx)
	if err != nil {
		w.did.failed = true
		u = &matrix.Upstream{Unknown: scrub.Cut(err.Error(), scrub.Path{Path: os.TempDir(), Name: "$TMPDIR"})}
	}
	return wholeUpstream(u)
}

// said is what the record has, or what the tests say now.
func (w *work) said(ctx context.Context) (*matrix.Upstream, error) {
	key := w.testKey(w.row.Patches)
	key.Packages, key.Limit = nil, w.sweep.opts.UpstreamLimit.String() // the patches tell which packages
	defer w.sweep.busy.lock("upstream " + key.String())()
	if u, miss := w.sweep.store.Upstream(key); miss == "" {
		return u, nil
	}
	release, err := w.claim(ctx, "upstream", key.String())
	if err != nil {
		return nil, err
	}
	defer release()
	u, miss := w.sweep.store.Upstream(key) // another process may have found it out
	if miss == "" {
		return u, nil
	}
	w.lacks(matrix.MissUpstream, "", miss)
	w.step("upstream")
	b, err := w.newBench(ctx)
	if b != nil {
		defer b.close()
	}
	if err != nil {
		return nil, err
	}
	u = &matrix.Upstream{Packages: b.packages}
	settled := true
	for _, pkg := range b.packages {
		ok, err := b.compare(ctx, pkg, u)
		if err != nil {
			return nil, err
		}
		settled = settled && ok
	}
	if !settled {
		return u, nil // another time the machine may be less busy
	}
	return u, w.sweep.store.PutUpstream(key, u)
}

// A bench has the two trees whose tests are compared.
type bench struct {
	work          *work
	dir           string // temporary
	packages      []string
	without, with *upstream.Tree
}

// newBench lays out both trees. Close a bench also where there is an error.
func (w *work) newBench(ctx context.Context) (*bench, error) {
	w.note(func(d *did) { d.laid = true })
	src, err := w.fetch(ctx)
	if err != nil {
		return nil, err
	}
	done, err := w.sweep.load.beside(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	dir, err := os.MkdirTemp("", "matrixrun-upstream-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the tests of %s: %w", w.row.ID, err)
	}
	b := &bench{work: w, dir: dir}
	plain := w.row
	plain.Patches = nil
	if b.without, err = b.lay("without", plain, src); err != nil {
		return b, err
	}
	if b.with, err = b.lay("with", w.row, src); err != nil {
		return b, err
	}
	b.packages, err = upstream.Packages(b.with.Dir, w.row.Patches)
	return b, err
}

func (b *bench) lay(name string, row matrix.Row, src matrix.Source) (*upstream.Tree, error) {
	t := &upstream.Tree{
		Go: b.work.sweep.goCmd, Dir: filepath.Join(b.dir, name), Temp: filepath.Join(b.dir, name+"-temp"),
		Toolchain: row.Toolchain, Version: b.work.goVersion, Compile: max(b.work.sweep.spec.Limits.Build, b.work.sweep.opts.UpstreamLimit),
	}
	if err := os.Mkdir(t.Temp, 0o777); err != nil {
		return nil, fmt.Errorf("making a folder for the tests of %s: %w", row.ID, err)
	}
	ws, err := tree.LayTarget(t.Dir, row, src)
	if err == nil && ws.Conflict != "" {
		err = fmt.Errorf("laying out %s once more: %s", row.ID, ws.Conflict)
	}
	return t, err
}

// close removes the trees, and what tests may have made read-only in them.
func (b *bench) close() {
	if os.RemoveAll(b.dir) == nil {
		return
	}
	// What cannot be removed stays.
	_ = filepath.WalkDir(b.dir, func(path string, entry os.DirEntry, err error) error {
		if entry != nil && entry.IsDir() {
			_ = os.Chmod(path, 0o755)
		}
		return nil
	})
	_ = os.RemoveAll(b.dir)
}

// compare adds to u what the tests of one package say. It reports whether the
// answer would be the same another time.
func (b *bench) compare(ctx context.Context, pkg string, u *matrix.Upstream) (settled bool, err error) {
	without, err := b.run(ctx, b.without, pkg, nil)
	if err != nil {
		return false, err
	}
	with, err := b.run(ctx, b.with, pkg, b.work.row.Patches)
	if err != nil {
		return false, err
	}
	d := upstream.Compare(without, with)
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

// confirm runs again what differs, with nothing beside it: a busy machine makes
// tests fail that wait for something. As they are few, they may take as long as
// all tests of the package took, and some more.
func (b *bench) confirm(ctx context.Context, pkg string, d *upstream.Difference, took time.Duration) error {
	b.work.step("apart")
	defer b.work.sweep.load.alone()()
	limit := min(b.work.sweep.opts.UpstreamLimit, max(time.Minute, 3*took))
	return d.Confirm(ctx, b.without, b.with, pkg, limit)
}

// run returns what the tests of a package came to in one of the trees: that of
// the record, or now. Several patches of a release share the tree without.
func (b *bench) run(ctx context.Context, t *upstream.Tree, pkg string, patches []matrix.Variant) (*matrix.TestRun, error) {
	w := b.work
	key := w.testKey(patches)
	key.Packages = []string{pkg}
	defer w.sweep.busy.lock("tests " + key.String())()
	if run, miss := w.sweep.store.Tests(key); miss == "" {
		return run, nil
	}
	release, err := w.claim(ctx, "tests", key.String())
	if err != nil {
		return nil, err
	}
	defer release()
	if run, miss := w.sweep.store.Tests(key); miss == "" {
		return run, nil // another process ran them
	}
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
}

// testKey names the tests of a release with some patches.
func (w *work) testKey(patches []matrix.Variant) record.TestKey {
	r := w.row.Release
	key := record.TestKey{
		Recipe: testRecipe, Module: r.Module, Version: r.Version, Sum: r.Sum,
		Toolchain: w.goVersion, Environment: gocmd.Fixed(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH,
	}
	for _, p := range patches {
		key.Patches = append(key.Patches, [2]string{p.Patch, p.SHA256})
	}
	return key
}

// wholeUpstream makes empty lists of those that an answer has not.
func wholeUpstream(u *matrix.Upstream) *matrix.Upstream {
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
