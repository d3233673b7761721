package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

func newMerge() *cobra.Command {
	var out, since string
	var force bool
	c := &cobra.Command{
		Use:   "merge SHARD...",
		Short: "Join the results of the shards of a run",
		Example: `  matrixrun merge shard-1 shard-2 shard-3 shard-4
  matrixrun merge shard-1 shard-2 shard-3 shard-4 -o out`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return mergeShards(c.Context(), args, out, since, force, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write results.json, the reports made from it and the evidence to a `DIR`")
	c.Flags().BoolVar(&force, "force", false, forceUsage)
	c.Flags().StringVar(&since, "since", "", sinceUsage)
	return c
}

// mergeShards joins shards. It writes something only if nothing is wrong with any
// of them.
func mergeShards(ctx context.Context, names []string, out, since string, force bool, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	files := output.Files{Documents: runDocuments(nil, nil, page.Options{}), Force: force}
	if err := problems.Join(checkOut(out, files)); err != nil {
		return err
	}
	before, err := readEarlier(ctx, since, out, &problems)
	if err != nil {
		return err
	}
	shards := output.OpenShards(ctx, names)
	defer shards.Close()
	if shards.In(out) {
		problems.Add("", 0, "-o %s: a shard is in it: want another folder", out)
	}
	results, err := shards.Join(problems)
	if err != nil {
		return err
	}
	if results.Since, err = before.since(results); err != nil {
		return err
	}
	if out != "" {
		if err := shards.CheckEvidence(results); err != nil {
			return err
		}
		if err := output.Check(out, files.With(results)); err != nil {
			return err
		}
	}
	table := grid.New(results)
	_ = report.Terminal(stdout, table, screen.Of(stdout)) // stdout keeps the error, and -o is written all the same
	if err := publish(ctx, out, force, results, table, shards.Evidence, stderr); err != nil {
		return err
	}
	return resultError{table.Exit()}
}
