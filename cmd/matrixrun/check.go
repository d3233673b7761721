package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/forks"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/uses"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// checkFlags are the flags of matrixrun check as they were given.
type checkFlags struct {
	from    []string
	suite   []string
	format  string
	out     string
	reports []string // FORMAT=FILE
	failOn  string
	offline bool
	cache   string
	reach   time.Duration
	try     bool
	write   string
}

func newCheck() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check [PROGRAM]",
		Short: "Report whether what your program is built with leaks, and what to do",
		Example: `  matrixrun check
  matrixrun check v0.50.1
  matrixrun check ../service/go.mod --from results/zerortt
  go list -m -json all | matrixrun check -
  matrixrun check --try
  matrixrun check --write v0.48.2`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return check(c.Context(), f, strings.Join(args, ""), c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.from, "from", nil, "look it up in `RESULTS`: a results.json, or the folder that run -o wrote; can be repeated (default the published results of all suites)")
	flags.StringArrayVar(&f.suite, "suite", nil, "answer for `SUITE` only; with --from, recognise the target by the releases.index of SUITE, which these results are of; can be repeated")
	flags.StringVar(&f.format, "format", checkFormats[0].name, "print a `FORMAT`: terminal, markdown, json, sarif, openvex or annotations")
	flags.StringVarP(&f.out, "out", "o", "", "write the result to a `FILE`")
	flags.StringArrayVar(&f.reports, "report", nil, "also write the result to a file, `FORMAT=FILE`; can be repeated")
	flags.StringVar(&f.failOn, "fail-on", string(matrix.FailOnReached), "exit with 1 for these `LEAKS`: reached, those that the program gets to or may get to, or built")
	flags.BoolVar(&f.offline, "offline", false, "download nothing")
	flags.StringVar(&f.cache, "cache", "", "keep what was found out about modules in the record in a `DIR` (default matrixrun in the user's cache folder)")
	flags.DurationVar(&f.reach, "reach-limit", time.Minute, "look for at most a `DURATION` for what the program reaches; 0 for not at all")
	flags.BoolVar(&f.try, "try", false, "try each fix in a copy of the program: compile it, and say what changes")
	flags.StringVar(&f.write, "write", "", "apply the `FIX`, by its name, to the program's files, and check again")
	return c
}

// checkFormats are the values of check --format.
var checkFormats = formats[report.Checks]{
	{"terminal", "", report.Check},
	{"markdown", "", ofCheck(report.CheckMarkdown)},
	{"json", "", ofCheck(report.CheckJSON)},
	{"sarif", "SARIF 2.1.0, for code scanning", ofCheck(report.CheckSARIF)},
	{"openvex", "OpenVEX 0.2.0: which leaks affect your program", ofCheck(report.CheckVEX)},
	{annotations, "GitHub workflow commands that show leaks at their lines", ofCheck(report.CheckAnnotations)},
}

// ofCheck is the format of a report that does not depend on the screen.
func ofCheck(write func(io.Writer, report.Checks) error) func(io.Writer, report.Checks, report.Screen) error {
	return func(w io.Writer, all report.Checks, _ report.Screen) error { return write(w, all) }
}

// check answers for the program that a name stands for.
func check(ctx context.Context, f checkFlags, name string, stdin io.Reader, stdout, stderr io.Writer) error {
	// Until calls are followed, there is little memory to collect.
	defer debug.SetGCPercent(debug.SetGCPercent(uses.LittleGC))
	prints, err := f.prints()
	var problems matrix.Problems
	if err := problems.Join(err); err != nil {
		return err
	}
	problems = append(problems, f.check()...)
	suites, err := f.suites(ctx)
	if err := problems.Join(err); err != nil {
		return err
	}
	if len(problems) > 0 { // of the program, only the mistakes matter
		_, err := program.Read(ctx, name, program.Options{Stdin: stdin, FilesOnly: true})
		if err := problems.Join(err); err != nil {
			return err
		}
		return problems
	}
	f.otherSuite(stderr)
	memory, done, err := openMemory(f.cache, name, suites)
	if err != nil {
		return err
	}
	defer done(ctx)
	q := uses.Question{
		Name: name, Stdin: stdin, Suites: suites, Memory: memory, FailOn: matrix.FailOn(f.failOn),
		Offline: f.offline, Reach: f.reach, Progress: steps(stderr), Try: f.try,
	}
	all, err := f.answer(ctx, q, stderr)
	if err != nil {
		return err
	}
	for _, p := range prints {
		if err := p.as.print(ctx, all, p.out, stdout, stderr); err != nil {
			return err
		}
	}
	return resultError{all.Exit()}
}

// suites returns the suites that can answer, with their results: those that --from names,
// or else what was published of a shipped suite.
func (f checkFlags) suites(ctx context.Context) ([]uses.Suite, error) {
	if len(f.from) > 0 {
		return f.suitesFrom(ctx)
	}
	// The method check reports the others.
	names := slices.DeleteFunc(slices.Clone(f.suite), func(name string) bool { return !find.IsShipped(name) })
	if len(f.suite) == 0 {
		names = find.Answering()
	}
	all := make([]uses.Suite, len(names))
	var group errgroup.Group
	for i, name := range names {
		go find.Index(name) //nolint:errcheck // it is read once, here while the results are read
		group.Go(func() (err error) {
			all[i], err = suiteOf(ctx, "", name, func() (*matrix.Results, cellsOf, error) { return find.Outline(name) })
			return err
		})
	}
	return all, group.Wait()
}

// cellsOf returns the cells of a row with what their trials saw.
type cellsOf = func(row string) ([]matrix.Cell, error)

// suitesFrom returns the suites whose results --from names. The error has the mistakes in
// all of them.
func (f checkFlags) suitesFrom(ctx context.Context) (all []uses.Suite, err error) {
	var problems matrix.Problems
	for i, from := range f.from {
		name := ""
		if i < len(f.suite) {
			name = f.suite[i]
		}
		suite, err := suiteOf(ctx, from, name, func() (*matrix.Results, cellsOf, error) {
			results, err := find.Results(ctx, from)
			return results, func(row string) ([]matrix.Cell, error) {
				i := slices.IndexFunc(results.Rows, func(r matrix.RowResult) bool { return r.ID == row })
				return results.Rows[i].Cells, nil
			}, err
		})
		if err := problems.Join(err); err != nil {
			return nil, err
		}
		all = append(all, suite)
	}
	return all, problems.Err()
}

// suiteOf returns a suite with its results. From is empty for what was published, and name
// if the results say which suite they are of.
func suiteOf(ctx context.Context, from, name string, read func() (*matrix.Results, cellsOf, error)) (uses.Suite, error) {
	results, cells, err := read()
	if err != nil {
		return uses.Suite{}, err
	}
	if name != "" && from != "" {
		suite, err := find.Suite([]string{name})
		if err != nil {
			return uses.Suite{}, err
		}
		if suite.Target.Module != results.Target {
			return uses.Suite{}, matrix.Mistake("--from %s --suite %s: these results are about %s, and the suite is about %s", from, name, results.Target, suite.Target.Module)
		}
	}
	if name == "" {
		name = cmp.Or(here(results), results.Suite)
	}
	return uses.Suite{
		Name: name, Results: results, Cells: cells, Fork: forkFor(name),
		Forks: func(row string) (*matrix.Results, error) { return find.ForkRow(ctx, from, results, row) },
	}, nil
}

// here returns the name of the suite in the current folder if the results belong to it, or "".
func here(results *matrix.Results) string {
	name := find.SuiteName(nil)
	if find.IsShipped(name) {
		return ""
	}
	suite, err := find.Suite(nil)
	if err != nil || suite.Suite != results.Suite || suite.Target.Module != results.Target {
		return ""
	}
	return name
}

// otherSuite tells a user who is in the folder of a suite, and names neither a suite nor
// results, that the answer is not about that suite.
func (f checkFlags) otherSuite(stderr io.Writer) {
	if len(f.from)+len(f.suite) > 0 || find.IsShipped(find.SuiteName(nil)) {
		return
	}
	suite, err := find.Suite(nil)
	if err == nil && !find.IsShipped(suite.Suite) {
		fmt.Fprintf(stderr, "note: the answer is from the published results of %s, not about the suite %s in this folder: for that, run `matrixrun run -o DIR`, and check with --from DIR\n", text.List(find.Answering()), suite.Suite)
	}
}

// A checkPrint is one way to print a check.
type checkPrint struct {
	as  format[report.Checks]
	out string // file; empty for standard output
}

// prints returns the ways to print that the flags ask for. The error is matrix.Problems.
func (f checkFlags) prints() (all []checkPrint, err error) {
	var problems matrix.Problems
	as, err := checkFormats.choose(f.format, f.out)
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	all = append(all, checkPrint{as, f.out})
	for _, r := range f.reports {
		name, file, _ := strings.Cut(r, "=")
		if file == "" {
			problems.Add("", 0, "--report %q: want FORMAT=FILE, as in sarif=leaks.sarif", r)
			continue
		}
		as, err := checkFormats.chooseFor("--report", name, "--report", file)
		if err := problems.Join(err); err != nil {
			return nil, err
		}
		all = append(all, checkPrint{as, file})
	}
	return all, problems.Err()
}

// answer answers a question, after a fix has been applied if one is to be.
func (f checkFlags) answer(ctx context.Context, q uses.Question, stderr io.Writer) (report.Checks, error) {
	if f.write == "" {
		return uses.Check(ctx, q)
	}
	written, all, err := uses.Write(ctx, q, f.write)
	if len(written) > 0 {
		fmt.Fprintf(stderr, "wrote %s\n", text.List(written))
	}
	return all, err
}

// forkFor returns what makes forks of the target of a suite, or of PATH@VERSION, as
// matrixrun fork does.
func forkFor(suite string) func(ctx context.Context, of string, patches []string, dir string) (string, error) {
	return func(ctx context.Context, of string, patches []string, dir string) (string, error) {
		f := forkFlags{patches: patches, out: dir, origins: new(origins.Flags)}
		defer f.origins.Close()
		if strings.Contains(of, "@") {
			f.origins.Modules, of = []string{of}, ""
		}
		_, err := writeFork(ctx, f, of, []string{suite}, io.Discard)
		if impossible, ok := errors.AsType[*forks.ImpossibleError](err); ok {
			return matrix.Gist(impossible.Why), nil
		}
		return "", err
	}
}

// steps returns a function that shows on a terminal what is being done.
func steps(w io.Writer) func(step string) {
	return func(step string) {
		if screen.IsTerminal(w) {
			fmt.Fprintln(w, step)
		}
	}
}

// check returns what is wrong with the flags.
func (f checkFlags) check() (problems matrix.Problems) {
	if on := matrix.FailOn(f.failOn); on != matrix.FailOnReached && on != matrix.FailOnBuilt {
		problems.Add("", 0, "--fail-on %q: want %s or %s", f.failOn, matrix.FailOnReached, matrix.FailOnBuilt)
	}
	if f.reach < 0 {
		problems.Add("", 0, "--reach-limit %v: want 0 or more", f.reach)
	}
	if f.try && f.write != "" {
		problems.Add("", 0, "--try goes without --write, which tries the fix too")
	}
	for _, name := range f.suite {
		switch {
		case !find.IsSuite(name):
			problems.Add("", 0, "--suite: %s", find.UnknownSuite(name))
		case len(f.from) == 0 && !find.IsShipped(name):
			problems.Add("", 0, "--suite %s: no results of it come with matrixrun: name yours with --from, as `matrixrun run %s -o DIR` writes them", name, name)
		}
	}
	if n, from := len(f.suite), len(f.from); n > 0 && from > 0 && n != from {
		problems.Add("", 0, "--suite is given %d times, and --from %d times: want as many, in the same order", n, from)
	}
	return problems
}
