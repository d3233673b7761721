package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/compare"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// compared is what a format of a comparison is made from.
type compared struct {
	*matrix.Comparison
	is     *matrix.Results // the newer of the two
	screen report.Screen
}

// diffFormats are those of matrixrun diff, the default first.
var diffFormats = []struct {
	name  string
	write func(w io.Writer, c compared) error
}{
	{"terminal", func(w io.Writer, c compared) error { return report.Diff(w, c.Comparison, c.screen) }},
	{"markdown", func(w io.Writer, c compared) error { return report.DiffMarkdown(w, c.Comparison) }},
	{"json", func(w io.Writer, c compared) error { return report.DiffJSON(w, c.Comparison) }},
	{"issue", func(w io.Writer, c compared) error {
		return report.DiffIssue(w, c.Comparison, grid.New(c.is))
	}},
}

func newDiff() *cobra.Command {
	var as, out string
	var part bool
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Tell what changed between two runs, and whether it is for the worse",
		Example: `  matrixrun diff results/zerortt out
  matrixrun diff results/zerortt out --part --format markdown -o diff.md`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return diff(args[0], args[1], as, out, part, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&as, "format", diffFormats[0].name, "the `FORMAT`: terminal, markdown, json or issue")
	flags.StringVarP(&out, "out", "o", "", "write it to a `FILE`, whole or not at all")
	flags.BoolVar(&part, "part", false, "NEW is of some rows or scenarios only: leave out what it lacks")
	return c
}

// diff compares two results. What is wrong with the command line and with either
// file is told at once.
func diff(old, latest, as, out string, part bool, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	write := findDiffFormat(as, &problems)
	was, wrong := find.Results(old)
	if err := problems.Join(wrong); err != nil {
		return err
	}
	is, wrong := find.Results(latest)
	if err := problems.Join(wrong); err != nil {
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
	d := compared{Comparison: c, is: is}
	if out == "" {
		d.screen = screen.Of(stdout)
	}
	f := format{name: as, write: func(w io.Writer, _ reported) error { return write(w, d) }}
	if err := writeReport(f, reported{}, out, stdout, stderr); err != nil {
		return err
	}
	return resultError{c.Exit()}
}

// findDiffFormat returns the format of a name.
func findDiffFormat(name string, problems *matrix.Problems) func(io.Writer, compared) error {
	var names []string
	for _, f := range diffFormats {
		if f.name == name {
			return f.write
		}
		names = append(names, f.name)
	}
	problems.Add("", 0, "--format %q: want one of %s", name, strings.Join(names, ", "))
	return nil
}
