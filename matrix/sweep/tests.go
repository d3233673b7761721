package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/tree"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// A testDir is the folder with what the tests of the suite may read, for all rows. It is
// made when the first test needs it. The zero value is ready to use.
type testDir struct {
	mu  sync.Mutex
	dir string
}

// of returns the folder for a suite.
func (t *testDir) of(spec *matrix.Spec) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dir != "" {
		return t.dir, nil
	}
	dir, err := scratch.Dir("tests-")
	if err == nil {
		err = tree.LayTests(dir, spec)
	}
	if err != nil {
		_ = scratch.RemoveAll(dir)
		return "", err
	}
	t.dir = dir
	return dir, nil
}

// remove removes the folder.
func (t *testDir) remove() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dir != "" {
		_ = scratch.RemoveAll(t.dir)
		t.dir = ""
	}
}

// tests returns what the tests of the row need to run.
func (w *work) tests(a matrix.Artifact) (trial.Tests, error) {
	dir, err := w.sweep.tests.of(w.sweep.spec)
	return trial.Tests{
		Dir: dir, Package: w.pkg, Counted: !a.Unlinked,
		Marked: gocmd.AtLeast(w.goVersion, "go1.20"),
	}, err
}

// profile returns the coverage profile of a program of the row, from its data files (see
// trial.Profile).
func (w *work) profile(ctx context.Context, files map[string][]byte) (profile []byte, why string, err error) {
	dir, err := scratch.Dir("counts-")
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = scratch.RemoveAll(dir) }()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return nil, "", fmt.Errorf("keeping which code ran: %w", err)
		}
	}
	return w.sweep.goCmd.Profile(ctx, w.row.Toolchain, dir, trial.MaxProfile)
}
