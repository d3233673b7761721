// Package ask makes a suite of a question on the command line: which releases of a module
// fail a test of the user's?
package ask

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// A Question is what the command line asks.
type Question struct {
	Module     string        // the target
	Dir        string        // the folder of the package with the tests, or a pattern such as ./...
	Tests      []string      // such as TestParse or TestParse/empty; none for all tests of the packages
	Trials     int           // of each test
	Limit      time.Duration // of each trial
	Hang       bool          // a call of the target that takes longer is the defect
	NoCgo      bool          // leave out files that need cgo, also if there is a C compiler
	Only       []string      // the versions to ask about; none for what the proxy lists
	Prerelease bool          // also the pre-releases that it lists
	Proxy      *source.Proxy // to ask

	Note func(string) // is called with what is left out or not used; may be nil
}

// Suite returns the suite with its releases. The error is matrix.Problems for all mistakes
// in the question.
func (q Question) Suite(ctx context.Context) (*matrix.Spec, error) {
	at, err := q.locate()
	if err != nil {
		return nil, err
	}
	if !q.NoCgo {
		c, err := q.Proxy.Go.C(ctx)
		if err != nil {
			return nil, err
		}
		q.NoCgo = c.Compiler == ""
	}
	suite, err := q.load(at)
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

// load returns the suite without releases.
func (q Question) load(at place) (*matrix.Spec, error) {
	doc, err := q.document(at)
	if err != nil {
		return nil, err
	}
	suite, err := spec.LoadUnlocked(folder{os.DirFS(at.root), doc}, at.name)
	var problems matrix.Problems
	if !errors.As(err, &problems) {
		return suite, err
	}
	for i, p := range problems {
		if p.File == path.Join(at.name, spec.FileName) { // which is the command line
			problems[i].File, problems[i].Line = "", 0
		}
	}
	return nil, problems
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
