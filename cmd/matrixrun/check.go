package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
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
		Short: "Tell what your go.mod gets: does it leak, and what to do",
		Example: `  matrixrun check
  matrixrun check v0.50.1
  matrixrun check ../service/go.mod --from out`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return check(f, strings.Join(args, ""), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.from, "from", "", "look it up in a results.json, a `RESULTS` file or the folder that run -o has written")
	flags.StringVar(&f.format, "format", checkFormats[0].name, "a `FORMAT`: terminal, markdown or json")
	flags.StringVarP(&f.out, "out", "o", "", "write it to a `FILE`, whole or not at all")
	return c
}

// check answers for each release of the target that a go.mod names.
func check(f checkFlags, name string, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	if !slices.ContainsFunc(checkFormats, f.wants) {
		problems.Add("", 0, "--format %q: want terminal, markdown or json", f.format)
	}
	results, err := find.Results(f.from)
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
	if err := printCheck(f, c, stdout, stderr); err != nil {
		return err
	}
	return resultError{c.Exit()}
}

// A checkFormat is one way to print a check.
type checkFormat struct {
	name  string
	write func(w io.Writer, c *matrix.Check, screen report.Screen) error
}

// checkFormats are the values of --format, the default first.
var checkFormats = []checkFormat{
	{"terminal", report.Check},
	{"markdown", func(w io.Writer, c *matrix.Check, _ report.Screen) error { return report.CheckMarkdown(w, c) }},
	{"json", func(w io.Writer, c *matrix.Check, _ report.Screen) error { return report.CheckJSON(w, c) }},
}

// wants reports whether a format is that of --format.
func (f checkFlags) wants(c checkFormat) bool { return c.name == f.format }

// printCheck prints an answer, or writes it to a file.
func printCheck(f checkFlags, c *matrix.Check, stdout, stderr io.Writer) error {
	var on report.Screen
	if f.out == "" {
		on = screen.Of(stdout)
	}
	i := slices.IndexFunc(checkFormats, f.wants)
	as := format{name: f.format, write: func(w io.Writer, _ reported) error { return checkFormats[i].write(w, c, on) }}
	return writeReport(as, reported{}, f.out, stdout, stderr)
}
