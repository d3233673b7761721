package main

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/backports"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/progress"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// backportFlags are the flags of matrixrun backport: those of run that select rows
// and say how they are run, and its own.
type backportFlags struct {
	runFlags
	fix      []string
	each     bool
	upstream bool
	limit    time.Duration
}

func newBackport() *cobra.Command {
	var f backportFlags
	c := &cobra.Command{
		Use:   "backport PATCH... [SUITE]",
		Short: "Try a patch on every release of a range, and report where it falls short",
		Example: `  matrixrun backport drop-late-resets
  matrixrun backport drop-late-resets --versions '>= 0.44' --upstream-tests
  matrixrun backport fix.patch --versions '= 0.47.0' --fix 'after-*'
  matrixrun backport --git ../clone d22d57973 --fix 'after-*' -o out`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return backport(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.fix, "fix", nil, "the scenarios to cure: those that match a `GLOB`; repeat for several or none, to ask that nothing changes (default the patch's Fixes)")
	flags.BoolVar(&f.each, "each", false, "try each PATCH by itself, and on the last patch release of each minor line all of them together")
	flags.BoolVar(&f.upstream, "upstream-tests", false, "run the release's own tests of the patched packages, with the patch and without")
	flags.DurationVar(&f.limit, "upstream-limit", 5*time.Minute, "time limit for the tests of a package, a `DURATION`")
	flags.StringVar(&f.versions, "versions", "", "only releases in a `RANGE`, such as '>= 0.44, < 0.50' (default those that the patch is for, else all)")
	flags.StringArrayVar(&f.scenarios, "scenario", nil, "only the scenarios to cure and those that match a `GLOB`; repeat for several")
	addStrip(flags, &f.strip)
	flags.StringVarP(&f.out, "out", "o", "", "write results.json and BACKPORTS.md to a `DIR`, and the diffs of commits")
	flags.BoolVar(&f.force, "force", false, forceUsage)
	f.addShared(flags)
	f.origins.Patches = true
	flags.Lookup("git").Usage = "each PATCH is a commit of a `CLONE`, and means its changes against the first parent; with --refs, it can also be any other patch"
	return c
}

// none reports whether the patches should cure nothing, and change nothing that is measured.
func (f backportFlags) none() bool { return slices.Equal(f.fix, []string{"none"}) }

// backport tries patches on releases.
func backport(ctx context.Context, f backportFlags, args []string, stdout, stderr io.Writer) error {
	defer f.origins.Close()
	p, err := f.prepare(ctx, args)
	if err != nil {
		return err
	}
	store, done, err := useRecord(ctx, f.cache, stderr)
	if err != nil {
		return err
	}
	defer done()
	show := progress.New(f.json, stdout, stderr, p.Suite.Words)
	percent, _ := f.away.share()
	s := sweep.New(p.Suite, p.Plan, store, sweep.Options{
		Exchange: f.away.open(ctx, store, func(what string) { progress.Note(show, what) }), Verify: percent,
		Trials: f.trials, Fixed: f.fixed, Jobs: f.jobs, Fresh: f.fresh, Explain: f.explain, Tool: version(),
		Sandbox: matrix.SandboxMode(f.sandbox), UpstreamTests: f.upstream || f.none(), UpstreamLimit: f.limit,
	}, show.Event)
	results, err := s.Run(ctx)
	if results == nil {
		show.Close()
		return err
	}
	if err != nil {
		return stopped(show, s.Done(), len(results.Rows), len(p.Plan.Rows))
	}
	table := grid.Backports(results, p.ShowLine)
	if f.json {
		for _, tried := range table.Tried() {
			show.Event(matrix.Event{Time: time.Now().UTC(), Tried: &tried})
		}
	}
	progress.Finish(show, s.Done(), table.Exit())
	if !f.json {
		_ = report.Backports(stdout, table, screen.Of(stdout)) // stdout keeps the error, and -o is written all the same
	}
	if err := p.Publish(results, table, stderr); err != nil {
		return err
	}
	return resultError{table.Exit()}
}

// prepare reads the suite and the patches, and plans the rows. The error has every
// mistake in them and in the command line.
func (f backportFlags) prepare(ctx context.Context, args []string) (*backports.Plan, error) {
	var problems matrix.Problems
	f.check(&problems)
	if err := problems.Join(checkOut(f.out, backports.Files(f.force))); err != nil {
		return nil, err
	}
	if f.limit < time.Second {
		problems.Add("", 0, "--upstream-limit %v: want a second at least, such as 5m", f.limit)
	}
	versions, err := matrix.ParseConstraint(f.versions)
	if err != nil {
		problems.Add("", 0, "--versions: %v", err)
	}
	o := backports.Options{
		Selection: plan.Selection{
			Versions: versions, Only: f.only, Sample: f.sample, Prerelease: f.prerelease, Scenarios: f.scenarios,
			Usual: true, Each: f.each, Named: f.versions == "" && len(f.only) == 0,
		},
		Origins: f.origins, Git: f.origins.Git, Fix: f.fix, None: f.none(), Strip: f.strip, Out: f.out, Cache: f.cache, Force: f.force,
	}
	return backports.New(ctx, args, o, problems)
}
