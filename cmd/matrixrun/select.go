package main

import (
	"context"
	"os"

	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/engines"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// addSelection adds the flags that select rows and columns for run and plan, apart
// from those of addReleases.
func (f *runFlags) addSelection(flags *pflag.FlagSet) {
	f.addRange(flags)
	flags.StringVar(&f.server, "server-version", "", "run the servers of all trials from this `VERSION`, in a process of their own")
	f.addToolchains(flags)
	f.addPatches(flags)
	flags.BoolVar(&f.patched, "patched", false, "add to each release a row with all known patches that name it, together")
	flags.StringArrayVar(&f.scenarios, "scenario", nil, "only scenarios that match a `GLOB`, plus the control and planted ones; repeat for several")
}

// addRange adds the flag that selects releases by a range.
func (f *runFlags) addRange(flags *pflag.FlagSet) {
	flags.StringVar(&f.versions, "versions", "", "only releases in a `RANGE`, such as '>= 0.44, < 0.50'")
}

// addPatches adds the flags that add rows with patches.
func (f *runFlags) addPatches(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.patches, "patch", nil, "add rows with a patch applied, by `NAME` or folder; repeat for several, in order")
	addStrip(flags, &f.strip)
}

// addStrip adds the flag of each command that reads diff files.
func addStrip(flags *pflag.FlagSet, n *int) {
	flags.IntVarP(n, "strip", "p", -1, "the names in diff files begin with `N` folders that are not the module's, as for git apply (default found out)")
}

// addReleases adds the flags that select releases for each command that plans rows.
func (f *runFlags) addReleases(flags *pflag.FlagSet) {
	f.addSample(flags)
	f.origins = new(origins.Flags)
	f.origins.Add(flags)
}

// addSample adds the flags that select releases by name, and a sample of them.
func (f *runFlags) addSample(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.only, "only", nil, "only these `VERSIONS`, also ones that are not in the lock; separated by commas")
	flags.StringVar(&f.sample, "sample", "", "only a `SAMPLE` of them: last-patch (of each minor line), latest-N or evenly-N")
	flags.BoolVar(&f.prerelease, "prerelease", false, "also the pre-releases in the lock")
}

// addToolchains adds the flag that adds rows with further toolchains.
func (f *runFlags) addToolchains(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.toolchains, "toolchain", nil, "add rows of each release with these `TOOLCHAINS`, such as go1.21.13; separated by commas")
}

// A task is what the input of a command asks for.
type task struct {
	suite *matrix.Spec
	sel   plan.Selection
	todo  *matrix.Plan // of the selection
}

// plan reads the suite and the patches and plans the rows. The error has every
// mistake in them and in the flags that select rows, after the known problems.
func (f runFlags) plan(ctx context.Context, args []string, problems matrix.Problems) (*task, error) {
	sel := plan.Selection{Only: f.only, Sample: f.sample, Prerelease: f.prerelease, Scenarios: f.scenarios, Toolchains: f.toolchains, Server: f.server, Together: f.patched}
	var err error
	if sel.Versions, err = matrix.ParseConstraint(f.versions); err != nil {
		problems.Add("", 0, "--versions: %v", err)
	}
	suite, err := f.suite(ctx, args)
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	names := f.patches
	if f.patched {
		if len(names) > 0 {
			problems.Add("", 0, "--patched, --patch %s: want one of them: --patched takes all patches", names[0])
		}
		names = find.PatchesFor(args)
	}
	for _, name := range names {
		loaded, err := find.CheckedPatches(ctx, name, spec.NamesIn(suite, f.strip), suite)
		if err := problems.Join(err); err != nil {
			return nil, err
		}
		sel.Patches = append(sel.Patches, loaded...)
	}
	if suite == nil {
		return nil, problems
	}
	if f.refine && f.sample == "" && len(f.only) == 0 && len(suite.Known) == 0 { // else the lock is a sample itself
		sel.Sample = plans.RefineSample
	}
	sel.Others, err = f.findOrigins(ctx, suite, args, len(problems) == 0)
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	todo, err := plan.New(suite, sel)
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	return &task{suite, sel, todo}, problems.Err()
}

// suite returns the suite of the command line.
func (f runFlags) suite(ctx context.Context, args []string) (*matrix.Spec, error) {
	if f.ask != nil {
		return f.ask.Suite(ctx)
	}
	return find.Suite(args)
}

// findOrigins returns the targets that are no releases. Unless the rest of the input is
// sound, it only checks the flags that name them: to find them can take a while.
func (f runFlags) findOrigins(ctx context.Context, suite *matrix.Spec, args []string, sound bool) ([]matrix.Release, error) {
	if !sound {
		return nil, f.origins.Check(suite)
	}
	return f.origins.Find(ctx, suite, args)
}

// nothingToRun returns the mistake of asking only for rows that the plan leaves out: a
// table without rows proves nothing.
func nothingToRun(todo *matrix.Plan) error {
	var problems matrix.Problems
	for _, skip := range todo.Skips {
		if len(todo.Rows) == 0 {
			problems.Add("", 0, "there is nothing to run: %s: %s", skip.ID, skip.Reason)
		}
	}
	return problems.Err()
}

// part returns the rows of --shard, and what their results say about the shard;
// without the flag the plan itself, and nil.
func (f runFlags) part(ctx context.Context, suite *matrix.Spec, whole *matrix.Plan) (*matrix.Plan, *matrix.Shard, error) {
	if f.shard == "" {
		return whole, nil, nil
	}
	times, err := plans.Times(ctx, f.times, suite, whole, f.effort())
	if err != nil {
		return nil, nil, err
	}
	shard, err := engines.Place(f.shard, os.Getenv)
	if err != nil {
		return nil, nil, err
	}
	todo, about, err := shard.Part(suite, whole, times)
	if err != nil {
		return nil, nil, err
	}
	about.Server, about.Trials, about.Fixed, about.Sure, about.Evidence = f.server, suite.MostTrials(f.trials), f.fixed, f.sure, f.evidenceMode()
	return todo, about, nil
}
