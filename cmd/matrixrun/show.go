package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/ask"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// showFlags are the flags of matrixrun show as they were given.
type showFlags struct {
	trials int
	fixed  bool
	sure   bool
	server string
	strip  int
	from   string
	json   bool
	out    string
	cache  string

	origins *origins.Flags
}

func newShow() *cobra.Command {
	var f showFlags
	c := &cobra.Command{
		Use:   "show ROW/SCENARIO [SUITE]",
		Short: "Print one cell: its trials, what they saw, its evidence, and how to repeat it by hand",
		Example: `  matrixrun show v0.47.0/after-both
  matrixrun show v0.47.0+drop-late-resets/after-both --json
  matrixrun show v0.47.0/after-both -o by-hand`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 && find.IsSuite(args[0]) && !find.IsSuite(args[1]) {
				return matrix.Mistake("%q is a suite, which goes after the cell: matrixrun show %s %s", args[0], args[1], args[0])
			}
			return show(c.Context(), f, args[0], args[1:], c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	f.origins = new(origins.Flags)
	f.origins.Add(flags)
	f.origins.Patches = true
	flags.Lookup("git").Usage = "the `CLONE` with the commits of --refs, and with the patches of the row that are commits"
	cells.AddTrials(flags, &f.trials, "judge by at most `N` proven trials, as a run with the same number does")
	flags.BoolVar(&f.fixed, "fixed", false, "judge by all of them, as a run with this flag does")
	flags.BoolVar(&f.sure, "sure", false, "judge by as many more as a run with this flag takes")
	flags.StringVar(&f.server, "server-version", "", "the cell of a run whose servers had this `VERSION`")
	addStrip(flags, &f.strip)
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.StringVar(&f.from, "from", "", "read the cell from `RESULTS`, a results.json or the folder that run -o wrote, and not from the record")
	flags.StringVarP(&f.out, "out", "o", "", "write what it takes to repeat the cell, and the evidence, to an empty or new `DIR`")
	flags.StringVar(&f.cache, "cache", "", "the folder of the record, a `DIR` (default matrixrun in the user's cache folder)")
	return c
}

// show finds a cell in the record, or in the results of --from, and prints it. The
// workspace of -o needs neither, so it is written even if the cell is in none.
func show(ctx context.Context, f showFlags, name string, args []string, stdout, stderr io.Writer) error {
	defer f.origins.Close()
	c, err := f.find(ctx, name, args)
	if err != nil {
		return err
	}
	store, err := openRecord(f.cache)
	if err != nil {
		return err
	}
	opts := sweep.Options{Trials: f.trials, Fixed: f.fixed, Sure: f.sure, Jobs: 1, Tool: version()}
	s := sweep.New(c.Suite, c.Plan, store, opts, func(matrix.Event) {})
	var recalled *sweep.Recalled
	if f.from != "" {
		recalled, err = c.Published(ctx, f.from)
	} else {
		recalled, err = s.Recall(ctx, c.Row, c.Scenario)
	}
	if _, missed := errors.AsType[*sweep.MissError](err); missed && f.from == "" { // maybe it was only tried without a sandbox
		opts.Sandbox = matrix.SandboxOff
		if open, openErr := sweep.New(c.Suite, c.Plan, store, opts, func(matrix.Event) {}).Recall(ctx, c.Row, c.Scenario); openErr == nil {
			recalled, err = open, nil
		}
	}
	if err == nil {
		c.AsBuilt(&recalled.Row)
	}
	builds, layErr := layByHand(ctx, s, c, f.out, stderr)
	if layErr != nil {
		return layErr
	}
	if _, ok := errors.AsType[*sweep.MissError](err); ok {
		return fmt.Errorf("%w: `%s` makes it", err, c.RunLine(f.repeated()))
	}
	if err != nil {
		return err
	}
	if f.out != "" && len(recalled.Evidence.Files) > 0 {
		if err := writeEvidence(f.out, c, recalled.Evidence); err != nil {
			return err
		}
	}
	r := f.report(c, recalled)
	if !builds || recalled.Row.State == matrix.StatePatchConflict {
		r.Repeat = []string{}
	}
	if f.json {
		return report.CellJSON(stdout, r)
	}
	return report.Cell(stdout, r, screen.Of(stdout))
}

// find finds the cell. The error has every mistake of the command line.
func (f showFlags) find(ctx context.Context, name string, args []string) (*cells.Cell, error) {
	var problems matrix.Problems
	cells.CheckTrials(f.trials, &problems)
	if f.out != "" {
		if err := problems.Join(output.CheckEmpty(f.out)); err != nil {
			return nil, err
		}
	}
	if f.from != "" && len(args) == 0 {
		suite, err := suiteOfResults(ctx, f.from)
		if err := problems.Join(err); err != nil || len(problems) > 0 {
			return nil, errors.Join(err, problems.Err())
		}
		args = suite
	}
	c, err := cells.Find(ctx, name, f.server, f.strip, f.origins, args)
	if err == nil && f.sure {
		err = cells.CheckSure(c.Suite)
	}
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	return c, problems.Err()
}

// suiteOfResults returns how a command line names the suite of results: nothing if it is the
// one in the current folder. Try writes the suite next to its results.
func suiteOfResults(ctx context.Context, name string) ([]string, error) {
	r, err := output.Read(ctx, name)
	if err != nil {
		return nil, err
	}
	asked, fits, err := ask.NextTo(name, r)
	switch {
	case fits:
		return []string{asked}, nil
	case find.IsShipped(r.Suite):
		return []string{r.Suite}, nil
	case find.SuiteName(nil) == ".":
		return nil, nil
	case err != nil:
		return nil, err
	case asked != "":
		return nil, matrix.Mistake("--from %s: %s next to it has other tests than these results: ask try again, with -o", name, ask.SuiteFile)
	}
	return nil, matrix.Mistake("--from %s: its suite, %s, does not come with matrixrun: name its folder as SUITE; if try wrote these results, it wrote the suite to %s, which belongs next to them", name, r.Suite, ask.SuiteFile)
}

// repeated returns the flags that the commands of a report repeat.
func (f showFlags) repeated() cells.Flags {
	return cells.Flags{Trials: f.trials, Fixed: f.fixed, Sure: f.sure, Out: f.out, Cache: f.cache}
}

// layByHand writes the workspace of -o, if it is set, and reports whether there is
// something to build: a suite may have no adapter for the release, and a patch may
// not apply.
func layByHand(ctx context.Context, s *sweep.Sweep, c *cells.Cell, dir string, stderr io.Writer) (builds bool, err error) {
	if !c.Row.Adapter.Supported || dir == "" {
		return c.Row.Adapter.Supported, nil
	}
	ws, err := s.LayByHand(ctx, c.Row, dir)
	if err != nil || ws.Conflict != "" {
		return false, err
	}
	if server := c.Plan.Server; server != nil {
		if _, err := s.LayByHand(ctx, *server, filepath.Join(dir, matrix.HandServer)); err != nil {
			return false, err
		}
	}
	fmt.Fprintln(stderr, "wrote", dir)
	return true, nil
}

// report returns what is printed.
func (f showFlags) report(c *cells.Cell, r *sweep.Recalled) *report.CellReport {
	repeated := f.repeated()
	if r.Trace != nil {
		repeated.Ran = len(r.Trace.Trials)
	}
	out := &report.CellReport{
		Words: c.Suite.Words, Observed: !c.Suite.Speaks.Reports(),
		Suite: c.Suite.Suite, Target: c.Suite.Target.Module, Row: r.Row, Scenario: c.Scenario, Cell: r.Cell,
		Trace: r.Trace, Apart: r.Apart, Counts: r.Count, More: r.More,
		Sandbox: r.Sandbox, Kept: []string{}, From: filepath.ToSlash(f.from), Folder: filepath.ToSlash(f.out), Repeat: c.Repeat(repeated),
	}
	if out.Counts == nil {
		out.Counts = []matrix.Outcome{}
	}
	for _, file := range r.Evidence.Files {
		out.Kept = append(out.Kept, matrix.EvidencePath(c.Row.ID, c.Scenario.Name, file.Suffix))
	}
	if r.Cell != nil {
		r.Cell.NoEvidence = r.Evidence.None
	}
	return out
}

// writeEvidence writes the evidence of a cell to the folder of -o.
func writeEvidence(dir string, c *cells.Cell, e matrix.Evidence) error {
	return output.WriteEvidence(dir, c.Row.ID, c.Scenario.Name, e.Files)
}
