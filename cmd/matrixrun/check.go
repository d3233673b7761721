package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
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

// check answers for each release that a go.mod has.
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
	uses, err := usesOf(name, results)
	if err := problems.Join(err); err != nil {
		return err
	}
	if err := problems.Err(); err != nil {
		return err
	}
	c := &matrix.Check{Suite: results.Suite, Target: results.Target, Generated: results.Generated, Matrixrun: results.Matrixrun, Uses: uses}
	lookUp(c, results)
	if err := printCheck(f, c, stdout, stderr); err != nil {
		return err
	}
	return resultError{c.Exit()}
}

// usesOf finds what is to be looked up: a version, or what a go.mod says.
func usesOf(name string, results *matrix.Results) ([]matrix.Use, error) {
	if name == "" {
		name = "go.mod"
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, "go.mod")
	}
	data, err := os.ReadFile(name)
	if err == nil {
		return usesIn(name, data, results)
	}
	if version := "v" + strings.TrimPrefix(name, "v"); semver.IsValid(version) {
		if semver.Canonical(version) != version && !strings.Contains(version, "+incompatible") {
			return nil, matrix.Mistake("%s: want all of the version, as in %s", name, semver.Canonical(version))
		}
		return []matrix.Use{{Module: results.Target, Version: version}}, nil
	}
	return nil, matrix.Mistake("reading go.mod: %v: want a go.mod, the folder of one, or a version such as v1.2.3", err)
}

// lookUp tells what the results say of each use.
func lookUp(c *matrix.Check, results *matrix.Results) {
	adviser := grid.NewAdviser(results)
	leaking := make(map[string]bool)
	for i := range c.Uses {
		u := &c.Uses[i]
		u.Cells = []matrix.Cell{}
		if u.Unknown != "" {
			continue
		}
		advice, ok := adviser.On(u.Version)
		if !ok {
			u.Unknown = fmt.Sprintf("%s is not in the results; %s", u.Version, adviser.Around(u.Version))
			u.Next = fmt.Sprintf("`matrixrun run --only %s` finds it out", u.Version)
			continue
		}
		u.Advice = &advice
		for _, row := range results.Rows {
			for _, cell := range row.Cells {
				if row.ID == u.Version && slices.Contains(advice.Leaks, cell.Scenario) {
					u.Cells = append(u.Cells, cell)
					leaking[cell.Scenario] = true
				}
			}
		}
	}
	c.Scenarios = slices.DeleteFunc(slices.Clone(results.Scenarios), func(s matrix.Scenario) bool { return !leaking[s.Name] })
}

// A checkFormat is one way to show what a check has found.
type checkFormat struct {
	name  string
	write func(w io.Writer, c *matrix.Check, screen report.Screen) error
}

// checkFormats are those of matrixrun check, the default first.
var checkFormats = []checkFormat{
	{"terminal", report.Check},
	{"markdown", func(w io.Writer, c *matrix.Check, _ report.Screen) error { return report.CheckMarkdown(w, c) }},
	{"json", func(w io.Writer, c *matrix.Check, _ report.Screen) error { return report.CheckJSON(w, c) }},
}

// wants reports whether a format is the one that was asked for.
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
