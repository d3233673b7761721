package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

func newLock() *cobra.Command {
	var prerelease, forks bool
	var modules []string
	c := &cobra.Command{
		Use:   "lock [SUITE] [VERSION...]",
		Short: "Add releases to releases.lock and releases.index, or forks to forks.lock",
		Example: `  matrixrun lock
  matrixrun lock --prerelease ./my-suite
  matrixrun lock ./my-suite v1.2.4-0.20240102030405-0123456789ab
  matrixrun lock --module example.com/fork@v1.2.3 ./my-suite`,
		Args: func(_ *cobra.Command, args []string) error {
			if suite, _, _ := lockArgs(args); len(suite) > 1 {
				return fmt.Errorf("accepts one suite, and versions such as v0.47.0: received %s", strings.Join(suite, ", "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			suite, versions, err := lockArgs(args)
			switch {
			case err != nil:
				return err
			case !forks && len(modules) == 0:
				return lock(c.Context(), suite, versions, prerelease, c.OutOrStdout())
			case prerelease || len(versions) > 0:
				return matrix.Mistake("--prerelease and VERSION go without --forks and --module: they are about releases")
			}
			return lockForks(c.Context(), suite, modules, forks, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&prerelease, "prerelease", false, "add pre-releases too")
	c.Flags().BoolVar(&forks, "forks", false, "add the newest version that the proxy lists of each fork in forks.lock instead")
	c.Flags().StringArrayVar(&modules, "module", nil, "add a fork of the target, `PATH@VERSION`, to forks.lock instead; repeat for several")
	return c
}

// lockArgs divides the arguments into versions and all others: the suite, if it is named.
// A version has all three numbers and the leading v.
func lockArgs(args []string) (suite, versions []string, err error) {
	var problems matrix.Problems
	for _, arg := range args {
		meant := find.MeantVersion(arg)
		switch {
		case module.CanonicalVersion(arg) == arg && arg != "":
			versions = append(versions, arg)
		case meant != "":
			problems.Add("", 0, "%s: not a version: did you mean %s?", arg, meant)
		default:
			suite = append(suite, arg)
		}
	}
	return suite, versions, problems.Err()
}

// lock adds new releases to a suite's releases.lock and releases.index: those that the
// proxy lists, and those of the named versions. It writes the releases that it could fetch
// even if it could not fetch others.
func lock(ctx context.Context, args, versions []string, prerelease bool, stdout io.Writer) error {
	dir, err := suiteFolder(args)
	if err != nil {
		return err
	}
	suite, err := spec.LoadUnlocked(os.DirFS(dir), filepath.ToSlash(dir))
	if err != nil {
		return err
	}
	index, err := content.Load(suite.Files, filepath.ToSlash(dir))
	if err != nil {
		return err
	}
	for _, name := range []string{source.LockName, content.FileName} {
		if err := output.CheckFile("", filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	p := source.NewProxy()
	added, all, failed := p.Refresh(ctx, suite, prerelease, versions)
	if len(added) > 0 {
		if err := output.WriteFile(ctx, filepath.Join(dir, source.LockName), source.FormatLock(append(slices.Clone(all), left(suite.Known, all)...)), stdout, io.Discard); err != nil {
			return err
		}
	}
	for _, r := range added {
		fmt.Fprintf(stdout, "added %s %s %s\n", r.Version, r.Module, r.Sum)
	}
	fmt.Fprintf(stdout, "%d added, %d in %s\n", len(added), len(all), source.LockName)
	if failed != nil && len(added) == 0 {
		return failed // most probably, nothing else can be fetched either
	}
	suite.Lock = all
	return errors.Join(failed, updateIndex(ctx, p, suite, index, filepath.Join(dir, content.FileName), stdout))
}

// lockForks adds versions of forks to a suite's forks.lock: those that modules name, as
// PATH@VERSION, and if newer is set, newer ones of the forks in it. It writes those that
// it could fetch even if it could not fetch others.
func lockForks(ctx context.Context, args, modules []string, newer bool, stdout io.Writer) error {
	dir, err := suiteFolder(args)
	if err != nil {
		return err
	}
	suite, err := spec.LoadUnlocked(os.DirFS(dir), filepath.ToSlash(dir))
	if err != nil {
		return err
	}
	wanted, err := origins.ParseModules(modules, suite)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, source.ForksName)
	if err := output.CheckFile("", file); err != nil {
		return err
	}
	p := source.NewProxy()
	var unlisted error
	if newer {
		var more []matrix.Release
		more, unlisted = p.Newer(ctx, suite.Forks)
		wanted = append(wanted, more...)
	}
	sources, failed := p.FetchAll(ctx, missingForks(suite.Forks, wanted))
	for _, src := range sources {
		suite.Forks = append(suite.Forks, src.Release)
	}
	if len(sources) > 0 {
		if err := output.WriteFile(ctx, file, source.FormatForks(suite.Forks), stdout, io.Discard); err != nil {
			return err
		}
	}
	for _, src := range sources {
		fmt.Fprintf(stdout, "added %s %s %s\n", src.Version, src.Module, src.Sum)
	}
	fmt.Fprintf(stdout, "%d added, %d in %s\n", len(sources), len(suite.Forks), source.ForksName)
	return errors.Join(unlisted, failed)
}

// missingForks returns the wanted forks that a lock does not have, each once.
func missingForks(locked, wanted []matrix.Release) (missing []matrix.Release) {
	for _, w := range wanted {
		same := func(r matrix.Release) bool { return r.Module == w.Module && r.Version == w.Version }
		if !slices.ContainsFunc(locked, same) && !slices.ContainsFunc(missing, same) {
			missing = append(missing, w)
		}
	}
	return missing
}

// updateIndex brings the index of a suite in line with its lock. Index is nil if the
// suite has none yet.
func updateIndex(ctx context.Context, p *source.Proxy, suite *matrix.Spec, index *content.Index, file string, stdout io.Writer) error {
	if index == nil {
		index = new(content.Index)
	}
	removed := index.Keep(suite.Lock)
	sources, failed := p.FetchAll(ctx, index.Missing(suite.Lock))
	for _, src := range sources {
		if err := index.Add(ctx, src, suite.Target); err != nil {
			return err
		}
	}
	if removed || len(sources) > 0 {
		if err := output.WriteFile(ctx, file, index.Format(), stdout, io.Discard); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "%d added, %d in %s\n", len(sources), len(suite.Lock)-len(index.Missing(suite.Lock)), content.FileName)
	return failed
}

// suiteFolder returns the folder of a suite on disk, for writing. For a shipped
// suite it is the folder in matrixrun's source tree.
func suiteFolder(args []string) (string, error) {
	name := find.SuiteName(args)
	dir := name
	if find.IsShipped(name) {
		dir = filepath.Join("matrix", "suites", name)
	}
	if _, err := os.Stat(filepath.Join(dir, spec.FileName)); err != nil {
		return "", matrix.Mistake("there is no %s: name the suite's folder, or run in matrixrun's source tree for a shipped suite", filepath.ToSlash(filepath.Join(dir, spec.FileName)))
	}
	return dir, nil
}

// left returns those of some releases that a lock does not have.
func left(known, locked []matrix.Release) []matrix.Release {
	return slices.DeleteFunc(slices.Clone(known), func(k matrix.Release) bool {
		return slices.ContainsFunc(locked, func(r matrix.Release) bool { return matrix.CompareVersions(r.Version, k.Version) == 0 })
	})
}
