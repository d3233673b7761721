package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/engines"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/sweep"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// planFlags are the flags of matrixrun plan: its own, and those of run that say which rows to
// run and how often.
type planFlags struct {
	runFlags
	shards   int
	inShards bool // shards was given
	list     bool
	format   string
	remote   string
	image    string
	inImage  bool     // image was given
	selected []string // the flags that run takes, too
}

func newPlan() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan [SUITE]",
		Short: "Print what run would do, and why it would leave out the rest",
		Example: `  matrixrun plan
  matrixrun plan --sample last-patch --patch drop-late-resets
  matrixrun plan --versions '>= 0.40' --json
  matrixrun plan --shards 8
  matrixrun plan --shards 8 --format gitlab
  matrixrun plan --shards 8 --format kubernetes --remote oci://hub.example/team`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.inShards, f.inImage = c.Flags().Changed("shards"), c.Flags().Changed("image")
			f.selected = selectedWith(c.Flags())
			return showPlan(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	f.addSelection(flags)
	f.addReleases(flags)
	f.addTrials(flags)
	f.addSure(flags)
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.IntVar(&f.shards, "shards", 0, "print how `N` jobs, at most 256, share the rows")
	flags.StringVar(&f.format, "format", shardFormats[0].name, "with --shards, print it for an `ENGINE`: github (a matrix), gitlab, kubernetes, slurm or circleci (all that runs and merges them)")
	flags.StringVar(&f.image, "image", engines.DefaultImage, "the `IMAGE` of the jobs of gitlab, kubernetes and circleci: with Go, git and bash")
	flags.StringVar(&f.remote, "remote", "", "with --format, print jobs that write their results to the remote record `REF`, oci://HOST/REPOSITORY, and share no disk")
	flags.StringVar(&f.times, "times", "", timesUsage)
	flags.BoolVar(&f.list, "list", false, "build a row, unless the record has one, and compare the scenarios with those that its reproduction lists")
	flags.StringVar(&f.cache, "cache", "", "with --list, the record is in a `DIR` (default matrixrun in the user's cache folder)")
	return c
}

// showPlan prints a plan in the form that the flags ask for.
func showPlan(ctx context.Context, f planFlags, args []string, stdout, stderr io.Writer) error {
	engine, problems := f.checkShards()
	cells.CheckTrials(f.trials, &problems)
	if f.cache != "" && !f.list {
		problems.Add("", 0, "--cache %s: only --list uses the record: want --list with it", f.cache)
	}
	defer f.origins.Close()
	t, err := f.plan(ctx, args, problems)
	if err != nil {
		return err
	}
	if f.list && !t.suite.Speaks.Reports() {
		return matrix.Mistake("--list: the reproduction speaks %s, and lists no scenarios: leave out --list", t.suite.Speaks)
	}
	if f.sure {
		if err := cells.CheckSure(t.suite); err != nil {
			return err
		}
	}
	times, err := plans.Times(ctx, f.times, t.suite, t.todo, f.effort())
	if err != nil {
		return err
	}
	if f.inShards {
		return f.printShards(engine, args, t.todo, times, stdout, stderr)
	}
	view := plans.NewView(t.suite, t.todo, times)
	if f.list {
		if view.Listed, err = f.listed(ctx, t, stderr); err != nil {
			return err
		}
	}
	if f.json {
		err = text.WriteJSON(stdout, view, true)
	} else {
		err = view.Text(stdout, screen.Width(stdout))
	}
	if err == nil && view.Listed != nil && view.Listed.Differs() {
		err = resultError{matrix.ExitDiffers}
	}
	return err
}

// listed asks the reproduction for its scenarios.
func (f planFlags) listed(ctx context.Context, t *task, stderr io.Writer) (*plans.Listed, error) {
	store, done, err := useRecord(ctx, f.cache, stderr)
	if err != nil {
		return nil, err
	}
	defer done()
	s := sweep.New(t.suite, t.todo, store, sweep.Options{Jobs: 1, Tool: version()}, func(matrix.Event) {})
	row, names, err := s.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking the reproduction for its scenarios: %w", err)
	}
	return plans.NewListed(t.suite, row, names), nil
}
