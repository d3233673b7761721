package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

// maxShards is as many jobs as GitHub Actions makes of one matrix.
const maxShards = 256

// planFlags are the flags of matrixrun plan: those of run that say which rows
// there are, and its own.
type planFlags struct {
	runFlags
	shards   int
	inShards bool // shards was given
}

func newPlan() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan [SUITE]",
		Short: "Print what would run, and why not the rest",
		Example: `  matrixrun plan
  matrixrun plan --sample last-patch --patch drop-late-resets
  matrixrun plan --versions '>= 0.40' --json
  matrixrun plan --shards 8`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.inShards = c.Flags().Changed("shards")
			return showPlan(f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	f.addSelection(flags)
	f.addReleases(flags)
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.IntVar(&f.shards, "shards", 0, "print how `N` jobs share the rows, as a matrix for GitHub Actions on one line; 256 at most")
	flags.StringVar(&f.times, "times", "", timesUsage)
	return c
}

// showPlan prints a plan.
func showPlan(f planFlags, args []string, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	if f.inShards && (f.shards < 1 || f.shards > maxShards) {
		problems.Add("", 0, "--shards %d: want 1 to %d, as many jobs as a matrix can have", f.shards, maxShards)
	}
	if f.inShards && f.json {
		problems.Add("", 0, "--shards and --json: want one of them: what --shards prints is JSON, too")
	}
	suite, todo, err := f.plan(args, problems)
	if err != nil {
		return err
	}
	times, err := timesOf(f.times, suite)
	if err != nil {
		return err
	}
	if f.inShards {
		return printShards(f.shards, todo, times, stdout, stderr)
	}
	view := viewPlan(suite, todo, plan.Costs(todo, times))
	if f.json {
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(view)
	}
	return view.text(stdout)
}
