package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/exchange"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/remote"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

func newMerge() *cobra.Command {
	var out, since, from, run string
	var force bool
	c := &cobra.Command{
		Use:   "merge SHARD... | merge --remote REF --run NAME",
		Short: "Join the results of the shards of a run",
		Example: `  matrixrun merge shard-1 shard-2 shard-3 shard-4
  matrixrun merge shard-1 shard-2 shard-3 shard-4 -o out
  matrixrun merge --remote oci://hub.example/team --run nightly-7 -o out`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if (from == "") != (run == "") || (from == "") == (len(args) == 0) {
				return usage(c, errors.New("want the folders of shards, or --remote and --run, which say where the shards of a run are"))
			}
			if from != "" {
				dir, err := scratch.Dir("parts-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(dir)
				if args, err = fetchParts(c.Context(), from, run, dir); err != nil {
					return err
				}
			}
			return mergeShards(c.Context(), args, out, since, force, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write results.json, the reports made from it and the evidence to a `DIR`")
	c.Flags().BoolVar(&force, "force", false, forceUsage)
	c.Flags().StringVar(&from, "remote", "", "join the shards that are in the remote record `REF`: oci://HOST/REPOSITORY or oci-layout:DIR")
	c.Flags().StringVar(&run, "run", "", "with --remote, those of the run `NAME`, which run --run gave them")
	c.Flags().StringVar(&since, "since", "", sinceUsage)
	return c
}

// fetchParts writes the shards of a run in a remote record to folders in dir, and returns
// these.
func fetchParts(ctx context.Context, from, run, dir string) ([]string, error) {
	ref, err := remote.ParseRef(from)
	if err != nil {
		return nil, matrix.Mistake("--remote: %v", err)
	}
	return exchange.FetchParts(ctx, remote.Open(ctx, ref), run, dir)
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
