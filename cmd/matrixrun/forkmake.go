package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/tree"
)

// A forkMaker makes the fork of one row in a folder.
type forkMaker struct {
	suite  *matrix.Spec
	row    matrix.Row
	dir    string
	proxy  *source.Proxy
	stderr io.Writer
}

// lay fetches the release and lays the fork out. What keeps it from being one is
// a noForkError.
func (m *forkMaker) lay(ctx context.Context) (*fork.Fork, matrix.Source, error) {
	m.say("fetching %s %s", m.row.Release.Module, m.row.Release.Version)
	src, err := m.proxy.Fetch(ctx, m.row.Release)
	if err != nil {
		return nil, src, err
	}
	goVersion, err := m.proxy.Go.Version(ctx, m.row.Toolchain)
	if err != nil {
		return nil, src, fmt.Errorf("finding the toolchain: %w", err)
	}
	made, err := fork.Lay(filepath.Join(m.dir, "fork"), m.suite, m.row, src, fork.Maker{Tool: version(), Toolchain: goVersion})
	switch {
	case err != nil:
		return nil, src, err
	case made.Conflict != "":
		return nil, src, noForkError{made.Conflict + "\nthere is no fork of it without a variant of the patch for " + src.Version}
	case made.Already():
		return nil, src, noForkError{fmt.Sprintf("%s has %s already: there is nothing to fork, build against the release itself", src.Version, made.Names())}
	}
	return made, src, nil
}

// compile refuses a fork that does not compile. Whether that is the patches'
// doing, the release itself tells.
func (m *forkMaker) compile(ctx context.Context, made *fork.Fork, src matrix.Source) error {
	m.say("compiling all of its packages with %s", made.Toolchain)
	opts := build.Options{Limit: m.suite.Limits.Build}
	complaint, err := build.Packages(ctx, m.proxy.Go, made.Tree, m.row, opts)
	if err != nil || complaint == "" {
		return err
	}
	if !build.Settled(matrix.Artifact{Complaint: complaint}) {
		return fmt.Errorf("compiling %s with %s: %s", m.row.ID, made.Toolchain, complaint)
	}
	m.say("that failed; compiling the release without patches")
	release := filepath.Join(m.dir, "release")
	plain := m.row
	plain.Patches = nil
	if _, err := tree.LayTarget(release, plain, src); err != nil {
		return err
	}
	own, err := build.Packages(ctx, m.proxy.Go, release, m.row, opts)
	switch {
	case err != nil:
		return err
	case own != "":
		return fmt.Errorf("compiling %s, without patches, with %s: %s", src.Version, made.Toolchain, own)
	}
	return noForkError{fmt.Sprintf("%s does not compile with %s; without patches it does:\n%s", m.row.ID, made.Toolchain, complaint)}
}

// say tells what is under way.
func (m *forkMaker) say(format string, args ...any) { fmt.Fprintf(m.stderr, format+"\n", args...) }
