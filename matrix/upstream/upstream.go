// Package upstream runs the tests that a release ships, for the packages that
// patches touch, in a tree without the patches and in one with them, and compares
// the results.
//
//	patches       Packages  -> folders       what to test
//	tree, folder  Tree.Run  -> *TestRun      compiles the tests once, runs them with a time limit
//	two TestRuns  Compare   -> Difference    what differs after one run of each (pure)
//	              Confirm   -> Difference    what still differs when each test is run again, alone
//
// These tests are programs of others. They run in a sandbox if there is one, with an
// environment that has nothing of the user's, and with a folder for their files that is
// removed with the tree.
package upstream

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diagnose"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// A Tree is a release on disk, with or without patches. It is not safe for
// concurrent use.
type Tree struct {
	Go        *gocmd.Go
	Dir       string           // the root of the module
	Temp      string           // for binaries and files of the tests; made and removed by the caller
	Toolchain string           // of the row
	Version   string           // of the toolchain, as it reports it
	Compile   time.Duration    // limit for compiling the tests of one package; 0 for none
	Sandbox   *sandbox.Sandbox // to run the tests in; nil for none

	tests map[string]compiled // by package
}

// compiled is the outcome of compiling the tests of a package.
type compiled struct {
	binary    string // empty if there are no tests or they do not compile
	complaint string // of the compiler
}

// Packages returns the packages that patches touch, as sorted folders relative to
// the root of the patched tree. Files in testdata belong to the package of the
// parent folder.
func Packages(tree string, patches []matrix.Variant) ([]string, error) {
	var folders []string
	for _, v := range patches {
		d, err := diff.Parse(v.File, v.DiffLine, v.Diff)
		if err != nil {
			return nil, err
		}
		for _, name := range d.Paths() {
			folder := matrix.PackageOf(name)
			if hasCode(filepath.Join(tree, filepath.FromSlash(folder))) {
				folders = append(folders, folder)
			}
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}

// hasCode reports whether a folder has Go files.
func hasCode(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	return err == nil && len(files) > 0
}

// compile compiles the tests of a package, once. If they do not compile, the result
// has the complaint of the compiler; an error means that it is not known whether
// they do.
func (t *Tree) compile(ctx context.Context, pkg string) (compiled, error) {
	if c, ok := t.tests[pkg]; ok {
		return c, nil
	}
	c, err := t.build(ctx, pkg)
	if err != nil {
		return c, fmt.Errorf("compiling the tests of %s: %w", pkg, err)
	}
	if t.tests == nil {
		t.tests = map[string]compiled{}
	}
	t.tests[pkg] = c
	return c, nil
}

// build compiles the tests of a package.
func (t *Tree) build(ctx context.Context, pkg string) (compiled, error) {
	if !hasCode(filepath.Join(t.Dir, filepath.FromSlash(pkg))) {
		return compiled{}, nil
	}
	out := filepath.Join(t.Temp, fmt.Sprintf("%d.test", len(t.tests)))
	args := slices.Concat([]string{"test", "-c", "-o", out}, diagnose.Flags(t.Version))
	// The temporary folder may be inside a repository. Before Go 1.18 the flag
	// did not exist.
	if gocmd.AtLeast(t.Version, "go1.18") {
		args = append(args, "-buildvcs=false")
	}
	call := t.call(append(args, "./"+pkg)...)
	stdout, err := t.Go.Run(ctx, call)
	if err != nil {
		failure := diagnose.Failure{Call: call, Stdout: stdout, Err: err, Packages: []string{"-test", "./" + pkg}}
		complaint, err := diagnose.Complaint(ctx, t.Go, failure)
		return compiled{complaint: t.clean(complaint)}, err
	}
	if _, err := os.Stat(out); errors.Is(err, fs.ErrNotExist) {
		return compiled{}, nil // no test files
	}
	return compiled{binary: out}, nil
}

// call returns a go command in the tree that must not change go.mod and go.sum.
func (t *Tree) call(args ...string) gocmd.Call {
	return gocmd.Call{Dir: t.Dir, Args: args, Toolchain: t.Toolchain, Env: []string{"GOFLAGS=-mod=readonly"}, Limit: t.Compile}
}

// maxComplaint bounds a complaint that is kept, in bytes.
const maxComplaint = 4 << 10

// clean returns compiler output without paths of this machine.
func (t *Tree) clean(text string) string {
	kept := strings.TrimSpace(t.scrub(text))
	return strings.ToValidUTF8(kept[:min(len(kept), maxComplaint)], "")
}

// scrub removes the paths of this machine from a text.
func (t *Tree) scrub(text string) string {
	paths := []scrub.Path{{Path: t.Dir, Name: "."}, {Path: t.Temp, Name: "$TMPDIR"}}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	return scrub.Cut(text, paths...)
}
