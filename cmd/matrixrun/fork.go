package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// forkFlags are the flags of matrixrun fork as they were given.
type forkFlags struct {
	patches   []string
	out       string
	force     bool
	moduleZip bool
	goproxy   string
}

func newFork() *cobra.Command {
	var f forkFlags
	c := &cobra.Command{
		Use:   "fork VERSION [SUITE]",
		Short: "Write a release with patches applied, for others to build against",
		Example: `  matrixrun fork v0.47.0 --patch drop-late-resets -o quic-go
  matrixrun fork v0.47.0 --patch drop-late-resets --goproxy forks`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			return makeFork(c.Context(), f, args[0], args[1:], c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.patches, "patch", nil, "apply a patch, by `NAME` or folder; again for several, in order")
	flags.StringVarP(&f.out, "out", "o", "", "write the tree to an empty or new `DIR`")
	flags.BoolVar(&f.force, "force", false, "with -o, replace an earlier fork, in which nothing was changed since")
	flags.BoolVar(&f.moduleZip, "module-zip", false, "with -o, write it as a module version too, to FORK/goproxy in that folder")
	flags.StringVar(&f.goproxy, "goproxy", "", "add it as a module version to a `DIR` that is laid out as module proxies are")
	return c
}

// makeFork makes a fork and writes it to where it was asked for.
func makeFork(ctx context.Context, f forkFlags, version string, args []string, stdout, stderr io.Writer) error {
	suite, row, err := prepareFork(f, version, args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "matrixrun-fork-")
	if err != nil {
		return fmt.Errorf("making a folder for the fork of %s: %w", version, err)
	}
	defer os.RemoveAll(dir) // the fork is copied from there
	m := &forkMaker{suite: suite, row: row, dir: dir, proxy: source.NewProxy(), stderr: stderr}
	made, src, err := m.lay(ctx)
	if err != nil {
		return err
	}
	if f.goproxy != "" { // before the compiler, as it is quicker
		if err := made.CheckProxy(f.goproxy); err != nil {
			return err
		}
	}
	if err := m.compile(ctx, made, src); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // from here on it takes no time
		return err
	}
	if f.out != "" {
		if err := made.WriteTree(f.out, f.force, f.moduleZip); err != nil {
			return err
		}
	}
	if f.goproxy != "" {
		if err := made.WriteProxy(f.goproxy); err != nil {
			return err
		}
	}
	return tellFork(stdout, f, made)
}

// prepareFork reads all the input and plans the row. Its error has every
// mistake in the suite, the command line and the patches.
func prepareFork(f forkFlags, version string, args []string) (*matrix.Spec, matrix.Row, error) {
	var problems matrix.Problems
	checkForkVersion(version, &problems)
	if err := problems.Join(f.check()); err != nil {
		return nil, matrix.Row{}, err
	}
	suite, err := find.Suite(args)
	if err := problems.Join(err); err != nil {
		return nil, matrix.Row{}, err
	}
	var patches []*matrix.Patch
	for _, name := range f.patches {
		p, err := find.Patch(name)
		if err == nil && suite != nil {
			err = spec.CheckPatch(p, suite.Lock, suite.Scenarios)
		}
		if err := problems.Join(err); err != nil {
			return nil, matrix.Row{}, err
		}
		patches = append(patches, p)
	}
	if len(problems) > 0 {
		return nil, matrix.Row{}, problems
	}
	row, err := forkRow(suite, version, patches)
	return suite, row, err
}

// check finds the mistakes of the flags, as far as they alone tell.
func (f forkFlags) check() error {
	var problems matrix.Problems
	switch {
	case len(f.patches) == 0:
		problems.Add("", 0, "--patch: want at least one: a fork without patches is the release itself")
	case f.out == "" && f.goproxy == "":
		problems.Add("", 0, "want -o DIR, to write the tree to, or --goproxy DIR, or both")
	}
	if f.out == "" && (f.force || f.moduleZip) {
		problems.Add("", 0, "--force and --module-zip go with -o DIR")
	}
	if f.out != "" {
		if err := problems.Join(fork.CheckTree(f.out, f.force)); err != nil {
			return err
		}
	}
	if f.goproxy != "" {
		if err := problems.Join(fork.CheckProxy(f.goproxy)); err != nil {
			return err
		}
		if inside, err := filepath.Rel(find.Absolute(f.out), find.Absolute(f.goproxy)); f.out != "" && err == nil && filepath.IsLocal(inside) {
			problems.Add("", 0, "--goproxy %s: is in the folder of -o %s, which holds the fork alone: want another one", f.goproxy, f.out)
		}
	}
	return problems.Err()
}

// checkForkVersion finds text that is no version. Whether somebody has released
// it is for the module proxy to say.
func checkForkVersion(version string, problems *matrix.Problems) {
	if module.CanonicalVersion(version) == version && version != "" {
		return
	}
	for _, guess := range []string{version, "v" + version} {
		if meant := semver.Canonical(guess); meant != "" {
			problems.Add("", 0, "%q is no version: did you mean %s?", version, meant)
			return
		}
	}
	problems.Add("", 0, "%q is no version: want such as v1.2.3", version)
}

// forkRow plans the row of a release with all of the patches.
func forkRow(suite *matrix.Spec, version string, patches []*matrix.Patch) (matrix.Row, error) {
	todo, err := plan.New(suite, plan.Selection{Only: []string{version}, Patches: patches})
	if err != nil {
		return matrix.Row{}, err
	}
	for _, row := range todo.Rows {
		if len(row.Patches) == len(patches) {
			return row, nil
		}
	}
	var problems matrix.Problems
	for _, skip := range todo.Skips {
		if skip.ID != version {
			problems.Add("", 0, "there is no fork %s: %s", skip.ID, skip.Reason)
		}
	}
	return matrix.Row{}, problems
}

// tellFork says what was made, and prints the lines that use it.
func tellFork(w io.Writer, f forkFlags, made *fork.Fork) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s with ", made.Module, made.Version, made.Release.Version)
	for i, p := range made.Patches {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%s)", p.Name, p.How())
	}
	b.WriteString("\n")
	if f.out != "" {
		fmt.Fprintf(&b, "\nwrote %s, which FORK/README.md in it tells of; in the go.mod of a program here:\n", f.out)
		fmt.Fprintf(&b, "  replace %s => %s\n", made.Module, modulePath(f.out))
	}
	if f.goproxy != "" {
		fmt.Fprintf(&b, "\nadded it to %s, which README.md in it tells of; in go.mod, in go.sum, and for whoever builds:\n", f.goproxy)
		fmt.Fprintf(&b, "  replace %[1]s => %[1]s %[2]s\n", made.Module, made.Version)
		fmt.Fprintf(&b, "  %s\n  GOPROXY=\"%s,$(go env GOPROXY)\"\n", strings.Join(made.GoSum(), "\n  "), fileURL(f.goproxy))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// modulePath writes a folder as a replace line takes it.
func modulePath(dir string) string {
	dir = filepath.Clean(dir)
	switch {
	case dir == "." || dir == "..": // no program is here, and old go commands do not take them
		dir = find.Absolute(dir)
	case !filepath.IsAbs(dir) && !strings.HasPrefix(filepath.ToSlash(dir), "../"):
		dir = "./" + dir
	}
	return modfile.AutoQuote(filepath.ToSlash(dir))
}

// fileURL writes a folder as GOPROXY takes it.
func fileURL(dir string) string {
	path := filepath.ToSlash(find.Absolute(dir))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/forks
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
