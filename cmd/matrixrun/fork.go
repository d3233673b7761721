package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/forks"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// forkFlags are the flags of matrixrun fork as they were given.
type forkFlags struct {
	patches   []string
	strip     int
	out       string
	force     bool
	moduleZip bool
	goproxy   string

	origins *origins.Flags
}

func newFork() *cobra.Command {
	var f forkFlags
	c := &cobra.Command{
		Use:   "fork [VERSION] [SUITE]",
		Short: "Write a release with patches applied, for others to build against",
		Example: `  matrixrun fork v0.47.0 --patch drop-late-resets -o quic-go
  matrixrun fork v0.47.0 --patch drop-late-resets --goproxy forks
  matrixrun fork --source ../checkout --patch drop-closed-resets -o patched`,
		Args: cobra.RangeArgs(0, 2),
		RunE: func(c *cobra.Command, args []string) error {
			defer f.origins.Close()
			release := ""
			if !f.origins.Any() && len(args) > 0 {
				release, args = args[0], args[1:]
			}
			return makeFork(c.Context(), f, release, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	f.origins = new(origins.Flags)
	f.origins.Add(flags)
	flags.StringArrayVar(&f.patches, "patch", nil, "apply a patch, by `NAME` or folder; repeat for several, in order")
	addStrip(flags, &f.strip)
	flags.StringVarP(&f.out, "out", "o", "", "write the tree to an empty or new `DIR`")
	flags.BoolVar(&f.force, "force", false, "with -o, replace an earlier fork that was not changed since")
	flags.BoolVar(&f.moduleZip, "module-zip", false, "with -o, also write it as a module version, to FORK/goproxy in that folder")
	flags.StringVar(&f.goproxy, "goproxy", "", "add it as a module version to a `DIR` with the layout of a module proxy")
	return c
}

// makeFork makes a fork, writes it to the folders of -o and --goproxy, and says so.
func makeFork(ctx context.Context, f forkFlags, release string, args []string, stdout, stderr io.Writer) error {
	made, err := writeFork(ctx, f, release, args, stderr)
	if err != nil {
		return err
	}
	return tellFork(stdout, f, made)
}

// writeFork makes a fork and writes it to the folders of -o and --goproxy. It logs a
// line for each step.
func writeFork(ctx context.Context, f forkFlags, release string, args []string, log io.Writer) (*fork.Fork, error) {
	suite, row, err := prepareFork(ctx, f, release, args)
	if err != nil {
		return nil, err
	}
	dir, err := scratch.Dir("fork-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the fork of %s: %w", release, err)
	}
	defer os.RemoveAll(dir) // WriteTree and WriteProxy copy from it
	maker := forks.Maker{Suite: suite, Row: row, Dir: dir, GoProxy: f.goproxy, Tool: version(), Log: log}
	made, err := maker.Make(ctx)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil { // the rest takes no time
		return nil, err
	}
	if f.out != "" {
		if err := made.WriteTree(f.out, f.force, f.moduleZip); err != nil {
			return nil, err
		}
	}
	if f.goproxy != "" {
		if err := made.WriteProxy(f.goproxy); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// prepareFork reads the suite and the patches, and plans the row. Its error has
// every mistake in them and in the command line.
func prepareFork(ctx context.Context, f forkFlags, version string, args []string) (*matrix.Spec, matrix.Row, error) {
	var problems matrix.Problems
	switch {
	case !f.origins.Any() && version == "":
		problems.Add("", 0, "want a VERSION, or --module, --source or --git with what to fork")
	case !f.origins.Any():
		checkForkVersion(version, &problems)
	}
	if err := problems.Join(f.check()); err != nil {
		return nil, matrix.Row{}, err
	}
	suite, err := find.Suite(args)
	if err := problems.Join(err); err != nil {
		return nil, matrix.Row{}, err
	}
	var patches []*matrix.Patch
	for _, name := range f.patches {
		loaded, err := find.CheckedPatches(ctx, name, spec.NamesIn(suite, f.strip), suite)
		if err := problems.Join(err); err != nil {
			return nil, matrix.Row{}, err
		}
		patches = append(patches, loaded...)
	}
	if len(problems) > 0 {
		return nil, matrix.Row{}, problems
	}
	of, err := f.find(ctx, suite, version, args)
	if err != nil {
		return nil, matrix.Row{}, err
	}
	row, err := forks.Row(suite, of, patches)
	return suite, row, err
}

// find returns what to fork: a release, or the one target that the flags name.
func (f forkFlags) find(ctx context.Context, suite *matrix.Spec, version string, args []string) (matrix.Release, error) {
	others, err := f.origins.Find(ctx, suite, args)
	switch {
	case err != nil || !f.origins.Any():
		return matrix.Release{Version: version}, err
	case len(others) > 1:
		return matrix.Release{}, matrix.Mistake("the flags name %d targets: want one, of which there can be a fork", len(others))
	case others[0].Origin.Missing != "":
		return matrix.Release{}, errors.New(others[0].Origin.Missing)
	}
	return others[0], nil
}

// check returns the mistakes that the flags alone show.
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
		err := output.CheckFolder("-o", f.out)
		if err == nil {
			err = fork.CheckTree(f.out, f.force)
		}
		if err := problems.Join(err); err != nil {
			return err
		}
	}
	if f.goproxy != "" {
		if err := problems.Join(output.CheckFolder("--goproxy", f.goproxy)); err != nil {
			return err
		}
		if inside, err := filepath.Rel(find.Absolute(f.out), find.Absolute(f.goproxy)); f.out != "" && err == nil && filepath.IsLocal(inside) {
			problems.Add("", 0, "--goproxy %s: it is in the folder of -o %s, which has nothing but the fork: want another one", f.goproxy, f.out)
		}
	}
	return problems.Err()
}

// checkForkVersion adds a problem for text that is not a version. Whether that
// version exists, the module proxy knows.
func checkForkVersion(version string, problems *matrix.Problems) {
	if module.CanonicalVersion(version) == version && version != "" {
		return
	}
	if meant := find.MeantVersion(version); meant != "" {
		problems.Add("", 0, "%q is not a version: did you mean %s?", version, meant)
		return
	}
	problems.Add("", 0, "%q is not a version: want one such as v1.2.3", version)
}

// tellFork prints what was made, and the lines that a program needs to use it. It breaks
// no line of those.
func tellFork(w io.Writer, f forkFlags, made *fork.Fork) error {
	var b strings.Builder
	say := func(words []string, rest string) {
		b.WriteString(text.WrapWords(words, "", rest, screen.ProseWidth(w)))
	}
	var applied []string
	for _, p := range made.Patches {
		applied = append(applied, fmt.Sprintf("%s (%s)", p.Name, p.How()))
	}
	say(strings.Fields(fmt.Sprintf("%s %s: %s with %s", made.Module, made.Version, made.Release.Version, strings.Join(applied, ", "))), "  ")
	if f.out != "" {
		b.WriteString("\n")
		say(append([]string{"wrote", f.out + ","}, strings.Fields("described by FORK/README.md in it; in the go.mod of a program here:")...), "")
		fmt.Fprintf(&b, "  replace %s => %s\n", made.Module, forks.ReplacePath(f.out))
	}
	if f.goproxy != "" {
		b.WriteString("\n")
		say(append([]string{"added it to", f.goproxy + ","}, strings.Fields("with a README.md; lines for go.mod and go.sum, and the GOPROXY to build with:")...), "")
		fmt.Fprintf(&b, "  replace %[1]s => %[1]s %[2]s\n", made.Module, made.Version)
		fmt.Fprintf(&b, "  %s\n  GOPROXY=\"%s,$(go env GOPROXY)\"\n", strings.Join(made.GoSum(), "\n  "), forks.ProxyURL(f.goproxy))
	}
	b.WriteString("\n")
	say(strings.Fields("The fork was not tried. To see what the patches cure and what they break, use matrixrun backport."), "")
	_, err := io.WriteString(w, b.String())
	return err
}
