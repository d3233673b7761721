package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// A forkMaker makes the fork of one row in a folder.
type forkMaker struct {
	suite  *matrix.Spec
	row    matrix.Row
	dir    string
	proxy  *source.Proxy
	stderr io.Writer
}

func newForkMaker(suite *matrix.Spec, row matrix.Row, dir string, stderr io.Writer) *forkMaker {
	return &forkMaker{suite: suite, row: row, dir: dir, proxy: source.NewProxy(), stderr: stderr}
}

// make fetches the release, lays the fork out and compiles it. What keeps it
// from being one is a noForkError. check is asked before the compiler, as it is
// quicker.
func (m *forkMaker) make(ctx context.Context, check func(*fork.Fork) error) (*fork.Fork, error) {
	m.say("fetching %s %s", m.row.Release.Module, m.row.Release.Version)
	src, err := m.proxy.Fetch(ctx, m.row.Release)
	if err != nil {
		return nil, err
	}
	goVersion, err := m.proxy.Go.Version(ctx, m.row.Toolchain)
	if err != nil {
		return nil, fmt.Errorf("finding the toolchain: %w", err)
	}
	made, err := fork.Lay(filepath.Join(m.dir, "fork"), m.suite, m.row, src, fork.Maker{Tool: version(), Toolchain: goVersion})
	if err != nil {
		return nil, err
	}
	if made.Conflict != "" {
		return nil, noForkError{made.Conflict + "\nthere is no fork of it without a variant of the patch for " + src.Version}
	}
	if made.Already() {
		return nil, noForkError{fmt.Sprintf("%s has %s already: there is nothing to fork, build against the release itself", src.Version, made.Names())}
	}
	if err := check(made); err != nil {
		return nil, err
	}
	return made, m.compile(ctx, made, src, goVersion)
}

// compile refuses a fork that does not compile. Whether that is the patches'
// doing, the release itself tells.
func (m *forkMaker) compile(ctx context.Context, made *fork.Fork, src matrix.Source, goVersion string) error {
	m.say("compiling all of its packages with %s", goVersion)
	opts := build.Options{Limit: m.suite.Limits.Build}
	complaint, err := build.Packages(ctx, m.proxy.Go, made.Tree, m.row, opts)
	if err != nil || complaint == "" {
		return err
	}
	m.say("that failed; compiling the release without patches")
	release := filepath.Join(m.dir, "release")
	if err := fork.LayRelease(release, src); err != nil {
		return err
	}
	own, err := build.Packages(ctx, m.proxy.Go, release, m.row, opts)
	switch {
	case err != nil:
		return err
	case own != "":
		return fmt.Errorf("compiling %s, without patches, with %s: %s", src.Version, goVersion, own)
	}
	return noForkError{fmt.Sprintf("%s does not compile with %s; without patches it does:\n%s", m.row.ID, goVersion, complaint)}
}

// say tells what is under way.
func (m *forkMaker) say(format string, args ...any) { fmt.Fprintf(m.stderr, format+"\n", args...) }

// quoteModFile writes a path as a go.mod takes it.
func quoteModFile(path string) string { return modfile.AutoQuote(path) }

// fileURL writes a folder as GOPROXY takes it.
func fileURL(dir string) string {
	path := filepath.ToSlash(absolute(dir))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/forks
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
