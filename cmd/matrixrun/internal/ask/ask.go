// Package ask makes a suite of a question on the command line: which releases of a module
// fail a test of the user's?
package ask

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/seek"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Question is what the command line asks.
type Question struct {
	Module     string        // the target
	Dir        string        // the folder of the package with the tests, or a pattern such as ./...
	Tests      []string      // such as TestParse or TestParse/empty; none for all tests of the package
	Trials     int           // of each test
	Limit      time.Duration // of each trial
	Hang       bool          // a call of the target that takes longer is the defect
	Only       []string      // the versions to ask about; none for what the proxy lists
	Prerelease bool          // also the pre-releases that it lists
	Proxy      *source.Proxy // to ask

	pkg string // the folder of the package in its module
}

// Suite returns the suite with its releases. The error is matrix.Problems for all mistakes
// in the question.
func (q Question) Suite(ctx context.Context) (*matrix.Spec, error) {
	if err := q.locate(); err != nil {
		return nil, err
	}
	root, err := moduleRoot(find.Absolute(q.Dir))
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(root, find.Absolute(q.Dir))
	if err != nil {
		return nil, err
	}
	q.pkg = filepath.ToSlash(below)
	suite, err := q.load(os.DirFS(root), shown(q.Dir, q.pkg))
	if err != nil {
		return nil, err
	}
	releases, err := q.releases(ctx, suite.Target)
	if err != nil {
		return nil, err
	}
	var lock strings.Builder
	for _, r := range releases {
		fmt.Fprintln(&lock, r.Version, r.Module)
	}
	suite.Lock, suite.LockDigest = content.Known(releases), "sha256:"+checksum.Bytes([]byte(lock.String()))
	return suite, nil
}

// locate sets Dir to the folder of the package with the tests.
func (q *Question) locate() error {
	dir, deep := seek.Pattern(q.Dir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return matrix.Mistake("%q is not a folder: want that of a package with tests, which import %s", dir, q.Module)
	}
	if !deep && !onlyBelow(dir) {
		return nil
	}
	var names []string
	for _, test := range q.Tests {
		name, _, _ := strings.Cut(test, "/")
		names = append(names, name)
	}
	found, err := seek.Packages(os.DirFS(dir), ".", true, q.Module, names)
	if err != nil {
		return err
	}
	var folders []string
	for _, p := range found {
		folders = append(folders, path.Join(filepath.ToSlash(dir), p.Folder))
	}
	switch {
	case len(found) == 0 && len(names) > 0:
		return matrix.Mistake("no package in %s has %s", dir, text.List(names))
	case len(found) == 0:
		return matrix.Mistake("no package in %s has tests and imports %s: want one that does, or name tests with --test", dir, q.Module)
	case len(found) > 1:
		return matrix.Mistake("several packages in %s have such tests, and try runs those of one: want one of %s", dir, text.List(folders))
	}
	q.Dir = folders[0]
	return nil
}

// onlyBelow reports whether a folder is that of a module whose tests are all in folders
// below it.
func onlyBelow(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	own, _ := fs.Glob(os.DirFS(dir), "*_test.go")
	return err == nil && len(own) == 0
}

// load returns the suite without releases. The files are those of the module with the
// tests; messages put the name before theirs.
func (q Question) load(files fs.FS, name string) (*matrix.Spec, error) {
	doc, err := q.document()
	if err != nil {
		return nil, err
	}
	suite, err := spec.LoadUnlocked(folder{files, doc}, name)
	var problems matrix.Problems
	if !errors.As(err, &problems) {
		return suite, err
	}
	for i, p := range problems {
		if p.File == path.Join(name, spec.FileName) { // which is the command line
			problems[i].File, problems[i].Line = "", 0
		}
	}
	return nil, problems
}

// moduleRoot returns the folder of the module that a folder is in: the nearest one with a
// go.mod. Without one it is the folder itself.
func moduleRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		info, err := os.Stat(filepath.Join(at, "go.mod"))
		switch {
		case err == nil && !info.IsDir():
			return at, nil
		case err != nil && !os.IsNotExist(err):
			return "", err
		case filepath.Dir(at) == at:
			return dir, nil
		}
	}
}

// shown returns what messages call the folder of a module, given that of a package below
// it.
func shown(dir, below string) string {
	dir = filepath.ToSlash(dir)
	for below != "." {
		dir, below = path.Join(dir, ".."), path.Dir(below)
	}
	return dir
}

// releases returns the releases to choose from, by version: those that the proxy lists, and
// those of Only. If some are named, the list only shows what else there is, and the proxy
// need not have one.
func (q Question) releases(ctx context.Context, target matrix.Target) ([]matrix.Release, error) {
	all, err := q.Proxy.List(ctx, target, q.Prerelease)
	switch {
	case err != nil && (len(q.Only) == 0 || ctx.Err() != nil):
		return nil, err
	case len(all)+len(q.Only) == 0:
		return nil, matrix.Mistake("the module proxy lists no releases of %s: add --prerelease, or name versions with --only, such as that of a commit, which `go list -m %[1]s@COMMIT` prints", target.Module)
	}
	for _, version := range q.Only {
		if module.CanonicalVersion(version) == version && version != "" {
			all = append(all, target.Release(version))
		}
	}
	slices.SortFunc(all, func(a, b matrix.Release) int {
		return cmp.Or(semver.Compare(a.Version, b.Version), cmp.Compare(a.Version, b.Version))
	})
	return slices.CompactFunc(all, func(a, b matrix.Release) bool { return a.Version == b.Version }), nil
}

// GoMods returns what the go.mod of the newest release says under each path of the target.
// What cannot be found out is left out: then it is not known which releases are retracted.
func (q Question) GoMods(ctx context.Context, suite *matrix.Spec) (all []matrix.ReleaseGoMod) {
	for _, module := range suite.Target.Paths() {
		version, data, err := q.Proxy.NewestGoMod(ctx, module)
		if err != nil {
			continue
		}
		if says, err := content.ParseGoMod(data); err == nil {
			says.Module, says.Version = module, version
			all = append(all, says)
		}
	}
	return all
}
