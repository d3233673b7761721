package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/uses"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// checkFlags are the flags of matrixrun check as they were given.
type checkFlags struct {
	from   string
	format string
	out    string
}

func newCheck() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check [GO.MOD]",
		Short: "Report whether the release in your go.mod leaks, and what to do",
		Example: `  matrixrun check
  matrixrun check v0.50.1
  matrixrun check ../service/go.mod --from out`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return check(c.Context(), f, strings.Join(args, ""), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.from, "from", "", "look it up in `RESULTS`: a results.json, or the folder that run -o wrote (default the published results)")
	flags.StringVar(&f.format, "format", checkFormats[0].name, "print a `FORMAT`: terminal, markdown or json")
	flags.StringVarP(&f.out, "out", "o", "", "write the result to a `FILE`")
	return c
}

// checkFormats are the values of check --format.
var checkFormats = formats[*matrix.Check]{
	{"terminal", "", report.Check},
	{"markdown", "", func(w io.Writer, c *matrix.Check, _ report.Screen) error { return report.CheckMarkdown(w, c) }},
	{"json", "", func(w io.Writer, c *matrix.Check, _ report.Screen) error { return report.CheckJSON(w, c) }},
}

// check answers for each release of the target that a go.mod names.
func check(ctx context.Context, f checkFlags, name string, stdout, stderr io.Writer) error {
	as, err := checkFormats.choose(f.format, f.out)
	var problems matrix.Problems
	if err := problems.Join(err); err != nil {
		return err
	}
	results, err := find.Results(ctx, f.from)
	if err := problems.Join(err); err != nil {
		return err
	}
	if results == nil {
		return problems
	}
	c, err := uses.Check(name, results)
	if err := problems.Join(err); err != nil {
		return err
	}
	if err := problems.Err(); err != nil {
		return err
	}
	if err := as.print(ctx, c, f.out, stdout, stderr); err != nil {
		return err
	}
	return resultError{c.Exit()}
}
