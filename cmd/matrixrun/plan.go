package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/sweep"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// maxShards is the number of jobs that GitHub Actions allows in one matrix.
const maxShards = 256

// planFlags are the flags of matrixrun plan: those of run that select rows, and its
// own.
type planFlags struct {
	runFlags
	shards   int
	inShards bool // shards was given
	list     bool
}

func newPlan() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan [SUITE]",
		Short: "Print what run would do, and why it would leave out the rest",
		Example: `  matrixrun plan
  matrixrun plan --sample last-patch --patch drop-late-resets
  matrixrun plan --versions '>= 0.40' --json
  matrixrun plan --shards 8`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.inShards = c.Flags().Changed("shards")
			return showPlan(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	f.addSelection(flags)
	f.addReleases(flags)
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.IntVar(&f.shards, "shards", 0, "print how `N` jobs, at most 256, share the rows, as a matrix for GitHub Actions")
	flags.StringVar(&f.times, "times", "", timesUsage)
	flags.BoolVar(&f.list, "list", false, "build a row, unless the record has one, and compare the scenarios with those that its reproduction lists")
	flags.StringVar(&f.cache, "cache", "", "with --list, the record is in a `DIR` (default matrixrun in the user's cache folder)")
	return c
}

// showPlan prints a plan in the form that the flags ask for.
func showPlan(ctx context.Context, f planFlags, args []string, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	if f.inShards && (f.shards < 1 || f.shards > maxShards) {
		problems.Add("", 0, "--shards %d: want 1 to %d, the most jobs that a matrix can have", f.shards, maxShards)
	}
	if f.inShards && f.json {
		problems.Add("", 0, "--shards and --json: want one of them: --shards prints JSON too")
	}
	if f.inShards && f.list {
		problems.Add("", 0, "--shards and --list: want one of them: --shards prints nothing but a matrix")
	}
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
	times, err := plans.Times(ctx, f.times, t.suite)
	if err != nil {
		return err
	}
	if f.inShards {
		return printShards(f.shards, t.todo, times, stdout, stderr)
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

// printShards prints how n jobs share a plan, as a matrix for GitHub Actions on one
// line.
func printShards(n int, todo *matrix.Plan, times plan.Times, stdout, stderr io.Writer) error {
	jobs := plans.Jobs(todo, times, n)
	for _, s := range todo.Skips {
		fmt.Fprintf(stderr, "skipping %s: %s\n", s.ID, s.Reason)
	}
	if len(jobs) < n {
		fmt.Fprintf(stderr, "%s instead of %d: the plan has %s, and the rows of one stay together\n", text.Count(len(jobs), "shard"), n, plans.Targets(todo))
	}
	return text.WriteJSON(stdout, struct {
		Include []plans.Job `json:"include"`
	}{jobs}, false)
}
