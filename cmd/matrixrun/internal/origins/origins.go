// Package origins finds the targets that a command line names and that are no
// releases: versions of forks, folders, and commits of a clone. It downloads them or
// makes module zips of them, and finds out which release each is nearest to.
package origins

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// Flags are the flags that name such targets, as they were given.
type Flags struct {
	Modules []string
	Forks   bool // all in forks.lock
	Dirs    []string
	Git     string // the clone with the commits of Refs
	Refs    []string
	As      string

	Patches bool // Git may come without Refs, since patches come from the clone, too

	finder *Finder // of Find
}

// Add adds the flags to those of a command.
func (f *Flags) Add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.Modules, "module", nil, "a fork of the target, `PATH@VERSION`, next to the release nearest to it; repeat for several")
	flags.BoolVar(&f.Forks, "forks", false, "the forks in the suite's forks.lock, as if --module named each")
	flags.StringArrayVar(&f.Dirs, "source", nil, "a checkout of the target or of a fork, a `DIR`, as it is now; repeat for several")
	flags.StringVar(&f.Git, "git", "", "the `CLONE` with the commits of --refs")
	flags.StringArrayVar(&f.Refs, "refs", nil, "commits of the clone: `REFS` is a branch, tag or hash, a range A..B, or a pattern such as 'release-*'; repeat for several")
	flags.StringVar(&f.As, "as", "", "treat them like this `VERSION` of the target, whatever they are nearest to")
}

// Any reports whether the flags name a target.
func (f *Flags) Any() bool { return f.Forks || len(f.Modules)+len(f.Dirs)+len(f.Refs) > 0 }

// Words returns the flags for a command line that names the same targets.
func (f *Flags) Words() []string {
	var words []string
	for _, m := range f.Modules {
		words = append(words, "--module", m)
	}
	if f.Forks {
		words = append(words, "--forks")
	}
	for _, dir := range f.Dirs {
		words = append(words, "--source", dir)
	}
	if f.Git != "" {
		words = append(words, "--git", f.Git)
	}
	for _, refs := range f.Refs {
		words = append(words, "--refs", refs)
	}
	if f.As != "" {
		words = append(words, "--as", f.As)
	}
	return words
}

// Anywhere returns the flags that name the same targets in any folder: their paths are
// absolute.
func (f *Flags) Anywhere() *Flags {
	anywhere := &Flags{Modules: f.Modules, Forks: f.Forks, Refs: f.Refs, As: f.As}
	for _, dir := range f.Dirs {
		anywhere.Dirs = append(anywhere.Dirs, find.Absolute(dir))
	}
	if f.Git != "" {
		anywhere.Git = find.Absolute(f.Git)
	}
	return anywhere
}

// Close removes the files that Find made.
func (f *Flags) Close() {
	if f.finder != nil {
		f.finder.Close()
	}
}

// Find finds the targets. SuiteArg names the suite, as for find.Suite. The caller calls
// Close when the releases are no longer needed.
//
// What cannot be had does not keep the others from being found: it is among the
// releases, and its origin says what is missing. Only if every one of them is a mistake
// of the command line, the error is matrix.Problems, which has them all.
func (f *Flags) Find(ctx context.Context, suite *matrix.Spec, suiteArg []string) ([]matrix.Release, error) {
	if err := f.Check(suite); err != nil || !f.Any() {
		return nil, err
	}
	o, err := NewFinder(suite, suiteArg, f.As)
	if err != nil {
		return nil, err
	}
	f.finder = o
	var all found
	for _, m := range f.modules(suite) {
		all.add(o.module(ctx, m))
	}
	for i, dir := range f.Dirs {
		r, err := source.Folder(ctx, dir, o.dir)
		if err == nil {
			err = o.observe(ctx, &r, r.Origin.Zip, func() (string, error) { return source.FolderAncestor(ctx, dir, suite) })
		}
		all.add(r, err)
		if err != nil {
			all.nameless(i+1, dir)
		}
	}
	if err := o.addCommits(ctx, f, &all); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if len(all.mistakes) == len(all.releases) {
		return nil, all.mistakes
	}
	return all.releases, nil
}

// addCommits adds the commits of --refs.
func (o *Finder) addCommits(ctx context.Context, f *Flags, all *found) error {
	if len(f.Refs) == 0 {
		return nil
	}
	clone, err := source.OpenClone(ctx, f.Git)
	if err != nil {
		return err
	}
	for _, refs := range f.Refs {
		commits, err := clone.Commits(ctx, refs)
		if err != nil {
			all.add(matrix.Release{Origin: &matrix.Origin{Kind: matrix.SourceRef, Name: source.RefName(refs), Ref: refs}}, err)
		}
		for _, c := range commits {
			all.add(o.Commit(ctx, clone, c))
		}
	}
	return nil
}

// nameless gives the release that was added last, a folder that cannot be read, a name
// by its place in the command line. Results must not have the path of a folder.
func (f *found) nameless(place int, dir string) {
	last := f.releases[len(f.releases)-1].Origin
	last.Name = fmt.Sprintf("dir@%d", place)
	for _, path := range []string{dir, filepath.Clean(dir)} {
		if strings.Trim(path, `./\`) != "" {
			last.Missing = strings.ReplaceAll(last.Missing, path, "DIR")
		}
	}
}

// modules returns the versions of forks that the flags name, each once.
func (f *Flags) modules(suite *matrix.Spec) []string {
	all := slices.Clone(f.Modules)
	if f.Forks {
		for _, r := range suite.Forks {
			all = append(all, r.Module+"@"+r.Version)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// found is what was found, and what was not.
type found struct {
	releases []matrix.Release
	mistakes matrix.Problems // one for each release that is missing by a mistake of the command line
}

// add adds a release, or why it is missing.
func (f *found) add(r matrix.Release, err error) {
	if err != nil {
		r.Sum, r.Origin.Missing = "", err.Error()
		if mistakes, ok := errors.AsType[matrix.Problems](err); ok {
			f.mistakes = append(f.mistakes, mistakes...)
		}
	}
	f.releases = append(f.releases, r)
}

// Check returns the mistakes that the flags alone show.
func (f *Flags) Check(suite *matrix.Spec) error {
	var problems matrix.Problems
	for _, text := range f.Modules {
		checkModule(text, suite, &problems)
	}
	if f.Forks && len(suite.Forks) == 0 {
		problems.Add("", 0, "--forks: the suite %s has no %s: `matrixrun lock --module PATH@VERSION` makes one, or --module names a fork here", suite.Suite, source.ForksName)
	}
	switch {
	case len(f.Refs) > 0 && f.Git == "":
		problems.Add("", 0, "--refs %s: want --git CLONE with it", f.Refs[0])
	case len(f.Refs) == 0 && f.Git != "" && !f.Patches:
		problems.Add("", 0, "--git %s: want --refs with it, which names the commits", f.Git)
	}
	switch {
	case f.As == "":
	case !f.Any():
		problems.Add("", 0, "--as %s: it goes with --module, --forks, --source or --git", f.As)
	case module.CanonicalVersion(f.As) != f.As || matrix.CompareVersions(f.As, "") <= 0:
		problems.Add("", 0, "--as %q: want a version of %s, such as v1.2.3", f.As, suite.Target.Module)
	}
	return problems.Err()
}

// A Finder finds out about targets that are no releases what plans need to know.
type Finder struct {
	suite *matrix.Spec
	index *content.Index // nil if the suite has none
	as    string
	proxy *source.Proxy
	dir   string // for zips
}

// NewFinder returns a finder for a suite, which suiteArg names as for find.Suite. As is
// the release that the user calls the nearest to all targets, or empty. The caller calls
// Close when the targets are no longer needed.
func NewFinder(suite *matrix.Spec, suiteArg []string, as string) (*Finder, error) {
	index, err := find.Index(find.SuiteName(suiteArg))
	if err != nil {
		return nil, err
	}
	dir, err := scratch.Dir("sources-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for what is not a release: %w", err)
	}
	return &Finder{suite: suite, index: index, as: as, proxy: source.NewProxy(), dir: dir}, nil
}

// Close removes the files that the finder made.
func (o *Finder) Close() { _ = scratch.RemoveAll(o.dir) }

// Commit returns the release for a commit. The error is matrix.Problems if the commit
// cannot be built in the target's place.
func (o *Finder) Commit(ctx context.Context, clone *source.Clone, c source.Commit) (matrix.Release, error) {
	r, err := clone.Release(ctx, c, o.suite.Target, o.dir)
	if err != nil {
		return r, err
	}
	err = o.observe(ctx, &r, r.Origin.Zip, func() (string, error) { return clone.Ancestor(ctx, c, o.suite) })
	return r, err
}

// observe reads the zip of a release, whose origin has its kind and name, and completes
// the origin. Ancestor returns the newest release in its history; nil if it has none.
func (o *Finder) observe(ctx context.Context, r *matrix.Release, zip string, ancestor func() (string, error)) error {
	files, done, err := content.OpenZip(zip, r.Module, r.Version)
	if err != nil {
		return fmt.Errorf("reading the files of %s: %w", r.Origin.Name, err)
	}
	defer done()
	if r.Origin.Path, r.Origin.Go, err = readGoMod(files, r.Module); err != nil {
		return fmt.Errorf("reading the go.mod of %s: %w", r.Origin.Name, err)
	}
	r.Origin.As = o.as
	if o.index != nil {
		likeness, err := o.index.Compare(ctx, content.Code{Files: files, Path: r.Origin.Path}, o.suite.Target)
		if err != nil {
			return fmt.Errorf("comparing %s with the releases: %w", r.Origin.Name, err)
		}
		likeness.Nearest = slices.Clip(likeness.Nearest)
		r.Origin.Likeness = &likeness
	}
	if ancestor != nil && !r.Origin.Likeness.Decides() {
		if r.Origin.Ancestor, err = ancestor(); err != nil {
			return fmt.Errorf("reading the history of %s: %w", r.Origin.Name, err)
		}
	}
	return o.checkBase(r)
}

// checkBase returns the mistake of naming a target for which no release decides.
func (o *Finder) checkBase(r *matrix.Release) error {
	switch own := o.suite.Target.Has(r.Origin.Path); {
	case o.as != "":
		return nil
	case o.index == nil && r.Base() == "":
		return matrix.Mistake("%s: the suite %s has no %s to find the nearest release with: `matrixrun lock` makes one, or --as VERSION names that release",
			r.Origin.Name, o.suite.Suite, content.FileName)
	case r.Origin.Likeness != nil && len(r.Origin.Likeness.Nearest) == 0 && !own:
		return matrix.Mistake("%s: it is the module %s, which has no file and no function in common with any release of %s: want %[3]s, a fork of it, or --as VERSION with the release that it is made from",
			r.Origin.Name, r.Origin.Path, o.suite.Target.Module)
	case r.Base() == "":
		return matrix.Mistake("%s: it has no file and no function in common with any release: --as VERSION names the one to treat it like", r.Origin.Name)
	}
	return nil
}
