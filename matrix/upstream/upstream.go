// Package upstream is the stage beside trying: it runs the tests that a release
// ships, those of the packages that patches touch, in a tree without the patches
// and in one with them, and tells in what the two differ.
//
//	patches       Packages  -> folders       what to test
//	tree, folder  Tree.Run  -> *TestRun      compiles the tests once, runs them under a limit
//	two TestRuns  Compare   -> Difference    what differs, at first sight (pure)
//	              Confirm   -> Difference    what still does when run again, alone
//
// Such tests are somebody else's programs. They get an environment with nothing
// of the user's in it, a folder for their files that goes with the tree, and a
// process group that ends with them.
package upstream

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// A Tree is a release laid out on disk, with patches or without. It is not for
// concurrent use.
type Tree struct {
	Go        *gocmd.Go
	Dir       string        // the module's root
	Temp      string        // a folder for binaries, and for the files of the tests; the caller makes and removes it
	Toolchain string        // as the row has it
	Version   string        // what that calls itself
	Compile   time.Duration // limit for compiling the tests of a package; 0 for none

	tests map[string]compiled // by package
}

// compiled is what compiling the tests of a package came to.
type compiled struct {
	binary    string // empty where there are no tests, or a complaint
	complaint string
}

// Packages returns the packages that patches touch, as sorted folders below the
// root of the patched tree. Files of test data belong to the package that has
// the folder.
func Packages(tree string, patches []matrix.Variant) ([]string, error) {
	var folders []string
	for _, v := range patches {
		d, err := diff.Parse(v.File, v.DiffLine, v.Diff)
		if err != nil {
			return nil, err
		}
		for _, name := range d.Paths() {
			folder := path.Dir(name)
			if i := slices.Index(strings.Split(folder, "/"), "testdata"); i >= 0 {
				folder = path.Join(strings.Split(folder, "/")[:i]...)
				folder = path.Clean(folder)
			}
			if hasCode(filepath.Join(tree, filepath.FromSlash(folder))) {
				folders = append(folders, folder)
			}
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}

func hasCode(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	return err == nil && len(files) > 0
}

// compile compiles the tests of a package, once. What does not compile is a
// complaint; an error says that what it takes could not be had.
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

func (t *Tree) build(ctx context.Context, pkg string) (compiled, error) {
	if !hasCode(filepath.Join(t.Dir, filepath.FromSlash(pkg))) {
		return compiled{}, nil
	}
	out := filepath.Join(t.Temp, fmt.Sprintf("%d.test", len(t.tests)))
	args := []string{"test", "-c", "-o", out}
	// A temporary folder may lie in somebody's repository; there was no such
	// flag before Go 1.18.
	if !version.IsValid(t.Version) || version.Compare(t.Version, "go1.18") >= 0 {
		args = append(args, "-buildvcs=false")
	}
	_, err := t.Go.Run(ctx, t.call(append(args, "./"+pkg)...))
	var failed *gocmd.Error
	switch {
	case err == nil:
		if _, err := os.Stat(out); errors.Is(err, fs.ErrNotExist) {
			return compiled{}, nil // no test files
		}
		return compiled{binary: out}, nil
	case !errors.As(err, &failed) || ctx.Err() != nil || failed.ExitCode <= 0:
		return compiled{}, err
	}
	// A line such as "# example.com/lib" leads the compiler's words. Else the
	// packages did not load: for the lack of a module that could not be had, or
	// of one that go.sum does not know.
	if !strings.HasPrefix(failed.Stderr, "# ") && !strings.Contains(failed.Stderr, "\n# ") {
		if _, download := t.Go.Run(ctx, t.call("mod", "download")); download != nil {
			return compiled{}, err
		}
	}
	return compiled{complaint: t.words(failed.Stderr)}, nil
}

// call is a go command in the tree, whose own go.mod and go.sum hold.
func (t *Tree) call(args ...string) gocmd.Call {
	return gocmd.Call{Dir: t.Dir, Args: args, Toolchain: t.Toolchain, Env: []string{"GOFLAGS=-mod=readonly"}, Limit: t.Compile}
}

// maxWords bounds what is kept of a complaint, in bytes.
const maxWords = 4 << 10

// words makes text fit to be kept: without the paths of this machine, and
// without what only tells of progress.
func (t *Tree) words(text string) string {
	text = t.scrub(text)
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "go: downloading ") {
			out.WriteString(line)
		}
	}
	kept := strings.TrimSpace(out.String())
	return strings.ToValidUTF8(kept[:min(len(kept), maxWords)], "")
}

func (t *Tree) scrub(text string) string {
	paths := []scrub.Path{{Path: t.Dir, Name: "."}, {Path: t.Temp, Name: "$TMPDIR"}}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	return scrub.Cut(text, paths...)
}
