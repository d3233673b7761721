// Package forks makes the fork of a release for matrixrun fork: it plans the row,
// fetches the release, applies the patches and compiles the result.
package forks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// An ImpossibleError says why a release cannot be forked as asked for. That is a
// finding: the release was fetched, and the patches were tried.
type ImpossibleError struct{ Why string }

// Error returns the reason, and what to do next.
func (e *ImpossibleError) Error() string { return e.Why }

// Row plans the row of a release with all of the patches. If there is no such row, the
// error has every reason.
func Row(suite *matrix.Spec, of matrix.Release, patches []*matrix.Patch) (matrix.Row, error) {
	sel, version := plan.Selection{Only: []string{of.Version}, Usual: true, Patches: patches}, of.Name()
	if of.Origin != nil {
		sel.Only, sel.Others = nil, []matrix.Release{of}
	}
	todo, err := plan.New(suite, sel)
	if err != nil {
		return matrix.Row{}, err
	}
	for _, row := range todo.Rows {
		if row.Release.Name() == version && len(row.Patches) == len(patches) {
			return row, nil
		}
	}
	var problems matrix.Problems
	for _, skip := range todo.Skips {
		if skip.ID != version && matrix.ParseRowID(skip.ID).Version == version {
			problems.Add("", 0, "there is no fork %s: %s", skip.ID, skip.Reason)
		}
	}
	return matrix.Row{}, problems
}

// A Maker makes the fork of one row.
type Maker struct {
	Suite   *matrix.Spec
	Row     matrix.Row
	Dir     string    // an empty folder of the caller's, for the fork until it is written
	GoProxy string    // where the fork will be added as a module version, or empty
	Tool    string    // the version of matrixrun
	Log     io.Writer // gets a line for each step

	proxy *source.Proxy
	tries int // forks made in Dir
}

// Make makes the fork, which is ready to be written and compiles. If it does not compile,
// other variants of the patches are tried, one at a time. The error is an
// *ImpossibleError if there cannot be one.
func (m *Maker) Make(ctx context.Context) (*fork.Fork, error) {
	m.proxy = source.NewProxy()
	row := m.Row
	made, err := m.try(ctx)
	var first, impossible *ImpossibleError
	if made == nil || !errors.As(err, &first) {
		return made, err
	}
	tried := "" // and do not compile either, a line for each
	for i, applied := range made.Applied {
		passed := append(slices.Clip(applied.Passed), matrix.Passed{Releases: applied.Releases, Why: "what it makes does not compile"})
		for one, ok := row.Patches[i].After(applied.SHA256); ok; one, ok = one.After(one.SHA256) {
			m.log("trying the variant of %s for %s", one.Patch, one.Releases)
			m.Row.Patches = slices.Clone(row.Patches)
			m.Row.Patches[i] = one
			other, err := m.try(ctx)
			if err == nil {
				other.Patches[i].Releases, other.Patches[i].Passed = one.Releases.String(), passed
			}
			if err == nil || !errors.As(err, &impossible) {
				return other, err
			}
			why := matrix.Gist(impossible.Why)
			passed = append(passed, matrix.Passed{Releases: one.Releases.String(), Why: why})
			tried += fmt.Sprintf("\nnor does the variant of %s for %s: %s", one.Patch, one.Releases, why)
		}
	}
	return nil, &ImpossibleError{Why: first.Why + tried}
}

// try makes the fork with the variants that apply. If it does not compile, there are both
// a fork and an error.
func (m *Maker) try(ctx context.Context) (*fork.Fork, error) {
	made, src, err := m.lay(ctx)
	if err != nil {
		return nil, err
	}
	if m.GoProxy != "" { // before compiling, which takes longer
		if err := made.CheckProxy(m.GoProxy); err != nil {
			return nil, err
		}
	}
	return made, m.compile(ctx, made, src)
}

// lay fetches the release and applies the patches.
func (m *Maker) lay(ctx context.Context) (*fork.Fork, matrix.Source, error) {
	m.log("fetching %s", m.Row.Release.Name())
	src, err := m.proxy.Fetch(ctx, m.Row.Release)
	if err != nil {
		return nil, src, err
	}
	goVersion, err := m.proxy.Go.Version(ctx, m.Row.Toolchain)
	if err != nil {
		return nil, src, fmt.Errorf("finding the toolchain: %w", err)
	}
	m.tries++
	made, err := fork.Lay(ctx, filepath.Join(m.Dir, fmt.Sprintf("fork%d", m.tries)), m.Suite, m.Row, src, fork.Maker{Tool: m.Tool, Toolchain: goVersion})
	switch {
	case err != nil:
		return nil, src, err
	case made.Conflict != "":
		return nil, src, &ImpossibleError{Why: made.Conflict + "\nthere is no fork of it without a variant of the patch for " + m.Row.Release.Name()}
	case made.Already():
		return nil, src, &ImpossibleError{Why: fmt.Sprintf("%s has %s already: there is nothing to fork, build against it as it is", m.Row.Release.Name(), made.Names())}
	}
	return made, src, nil
}

// compile returns an error if the fork does not compile. It compiles the release
// without patches then, to tell whether the patches are the reason.
func (m *Maker) compile(ctx context.Context, made *fork.Fork, src matrix.Source) error {
	m.log("compiling all of its packages with %s", made.Toolchain)
	opts := build.Options{Limit: m.Suite.Limits.Build}
	complaint, err := build.Packages(ctx, m.proxy.Go, made.Tree, m.Row, opts)
	if err != nil || complaint == "" {
		return err
	}
	m.log("that failed; compiling the release without patches")
	release := filepath.Join(m.Dir, fmt.Sprintf("release%d", m.tries))
	plain := m.Row
	plain.Patches = nil
	if _, err := tree.LayTarget(ctx, release, m.Suite.Target.Module, plain, src); err != nil {
		return err
	}
	own, err := build.Packages(ctx, m.proxy.Go, release, m.Row, opts)
	switch {
	case err != nil:
		return err
	case own != "":
		return fmt.Errorf("compiling %s, without patches, with %s: %s", m.Row.Release.Name(), made.Toolchain, own)
	}
	return &ImpossibleError{Why: fmt.Sprintf("%s does not compile with %s; without patches it does:\n%s", m.Row.ID, made.Toolchain, complaint)}
}

func (m *Maker) log(format string, args ...any) { fmt.Fprintf(m.Log, format+"\n", args...) }
