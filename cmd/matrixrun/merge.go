package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/merge"
	"github.com/matrixrun/matrixrun/matrix/report"
)

func newMerge() *cobra.Command {
	var out, since string
	c := &cobra.Command{
		Use:   "merge SHARD...",
		Short: "Join what the shards of a run found out",
		Long: `merge joins the results of all shards of one run, and prints the table that the run
would have printed on one machine. SHARD is a folder that run --shard I/N -o has
written, or the results.json in it.

Where a shard, a row or a cell is missing or comes twice, or where two shards are not
of one run, it names each and writes nothing.`,
		Example: `  matrixrun merge shard-1 shard-2 shard-3 shard-4
  matrixrun merge shard-1 shard-2 shard-3 shard-4 -o out`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return mergeShards(args, out, since, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write results.json, the reports made of it and the evidence to a `DIR`")
	c.Flags().StringVar(&since, "since", "", sinceUsage)
	return c
}

// mergeShards joins shards, and writes what is made of them only when nothing is
// wrong with any of them.
func mergeShards(names []string, out, since string, stdout, stderr io.Writer) error {
	var wrong matrix.Problems
	var missing []string
	checkOut(out, &wrong)
	before, err := readEarlier(since, out, &wrong)
	if err != nil {
		return err
	}
	files, err := openShards(names, out, &wrong, &missing)
	defer files.close()
	if err != nil {
		return err
	}
	results, err := merge.Join(files.parts())
	if err = together(wrong, missing, err); err != nil {
		return err
	}
	if results.Since, err = before.since(results); err != nil {
		return err
	}
	if out != "" {
		if missing := files.lacking(results); len(missing) > 0 {
			return &merge.MissingError{Lines: missing}
		}
	}
	table := grid.New(results)
	if err := report.Terminal(stdout, table, screenOf(stdout)); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	if err := publish(out, results, table, files.evidence, stderr); err != nil {
		return err
	}
	return resultError{table.Exit()}
}

// together makes one error of what was wrong and what was missing before shards
// were joined, and of the one from joining them. Bad input outranks what is
// missing, and hides none of it.
func together(wrong matrix.Problems, missing []string, err error) error {
	var lacking *merge.MissingError
	if errors.As(err, &lacking) {
		missing = append(missing, lacking.Lines...)
	} else if err := wrong.Join(err); err != nil {
		return err
	}
	switch {
	case len(wrong) > 0:
		for _, line := range missing {
			wrong.Add("", 0, "%s", line)
		}
		return wrong
	case len(missing) > 0:
		return &merge.MissingError{Lines: missing}
	default:
		return nil
	}
}
