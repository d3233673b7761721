package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/compare"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// compared is what the formats of a comparison are made from.
type compared struct {
	*matrix.Comparison
	latest *matrix.Results // the newer of the two
}

// diffFormats are the values of diff --format.
var diffFormats = formats[compared]{
	{"terminal", "", func(w io.Writer, c compared, on report.Screen) error { return report.Diff(w, c.Comparison, on) }},
	{"markdown", "", func(w io.Writer, c compared, _ report.Screen) error { return report.DiffMarkdown(w, c.Comparison) }},
	{"json", "", func(w io.Writer, c compared, _ report.Screen) error { return report.DiffJSON(w, c.Comparison) }},
	{"issue", "", func(w io.Writer, c compared, _ report.Screen) error {
		return report.DiffIssue(w, c.Comparison, grid.New(c.latest))
	}},
}

func newDiff() *cobra.Command {
	var as, out string
	var part bool
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Report what changed between two runs, and whether it got worse",
		Example: `  matrixrun diff results/zerortt out
  matrixrun diff results/zerortt out --part --format markdown -o diff.md`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return diff(c.Context(), args[0], args[1], as, out, part, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&as, "format", diffFormats[0].name, "print a `FORMAT`: terminal, markdown, json or issue")
	flags.StringVarP(&out, "out", "o", "", "write the comparison to a `FILE`")
	flags.BoolVar(&part, "part", false, "NEW covers only some rows or scenarios: leave out the rest")
	return c
}

// diff compares two results. The error has every mistake in either file and in the
// command line.
func diff(ctx context.Context, old, latest, as, out string, part bool, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	f, err := diffFormats.choose(as, out)
	if err := problems.Join(err); err != nil {
		return err
	}
	was, err := find.Results(ctx, old)
	if err := problems.Join(err); err != nil {
		return err
	}
	is, err := find.Results(ctx, latest)
	if err := problems.Join(err); err != nil {
		return err
	}
	if old == "" || latest == "" {
		problems.Add("", 0, "an empty name: want OLD and NEW, each a results.json or its folder")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	c, err := compare.New(was, is, compare.Options{Was: old, Is: latest, Part: part})
	if err != nil {
		return err
	}
	if err := f.print(ctx, compared{c, is}, out, stdout, stderr); err != nil {
		return err
	}
	return resultError{c.Exit()}
}
