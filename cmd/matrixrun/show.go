package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

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
	server string
	from   string
	json   bool
	out    string
	cache  string
}

func newShow() *cobra.Command {
	var f showFlags
	c := &cobra.Command{
		Use:   "show ROW/SCENARIO [SUITE]",
		Short: "Show one cell: its trials, what they saw, its evidence, and how to repeat it by hand",
		Example: `  matrixrun show v0.47.0/after-both
  matrixrun show v0.47.0+drop-late-resets/after-both --json
  matrixrun show v0.47.0/after-both -o by-hand`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			return show(c.Context(), f, args[0], args[1:], c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.IntVar(&f.trials, "trials", 10, "judge by `N` proven trials at most, as a run with the same number does")
	flags.BoolVar(&f.fixed, "fixed", false, "judge by all of them, as a run with this flag does")
	flags.StringVar(&f.server, "server-version", "", "the cell of a run whose servers were from this `VERSION`")
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.StringVar(&f.from, "from", "", "take the cell from what run -o has written to a `DIR`, not from the record")
	flags.StringVarP(&f.out, "out", "o", "", "write what repeating it takes, and the evidence, to an empty or new `DIR`")
	flags.StringVar(&f.cache, "cache", "", "where the record is: a `DIR` (default matrixrun in the user's cache folder)")
	return c
}

// show finds a cell in the record and prints it. The workspace of -o takes no
// record, so that it is written even where the cell is not known.
func show(ctx context.Context, f showFlags, name string, args []string, stdout, stderr io.Writer) error {
	c, err := findCell(ctx, f, name, args)
	if err != nil {
		return err
	}
	store, err := openRecord(f.cache)
	if err != nil {
		return err
	}
	s := sweep.New(c.suite, c.plan, store, sweep.Options{Trials: f.trials, Fixed: f.fixed, Jobs: 1, Tool: version()}, func(matrix.Event) {})
	builds := c.row.Adapter.Supported
	if f.out != "" && builds {
		ws, err := s.LayByHand(ctx, c.row, f.out)
		if err != nil {
			return err
		}
		if server := c.plan.Server; server != nil && ws.Conflict == "" {
			if _, err := s.LayByHand(ctx, *server, filepath.Join(f.out, matrix.HandServer)); err != nil {
				return err
			}
		}
		if builds = ws.Conflict == ""; builds {
			fmt.Fprintln(stderr, "wrote", f.out)
		}
	}
	recall := func() (*sweep.Recalled, error) { return s.Recall(ctx, c.row, c.scenario) }
	if f.from != "" {
		recall = func() (*sweep.Recalled, error) { return c.published(f.from) }
	}
	recalled, err := recall()
	var miss *sweep.MissError
	if errors.As(err, &miss) {
		return fmt.Errorf("%w: `%s` makes it", err, c.runLine(f))
	}
	if err != nil {
		return err
	}
	r := c.report(f, recalled)
	if f.out != "" && len(recalled.Evidence.Files) > 0 {
		if err := writeEvidence(f.out, c, recalled.Evidence); err != nil {
			return err
		}
	}
	if !builds || recalled.Row.State == matrix.StatePatchConflict {
		r.Repeat = []string{} // there is nothing to build
	}
	if f.json {
		return report.CellJSON(stdout, r)
	}
	return report.Cell(stdout, r, screen.Of(stdout))
}

// report puts together what is printed.
func (c *cell) report(f showFlags, r *sweep.Recalled) *report.CellReport {
	out := &report.CellReport{
		Suite: c.suite.Suite, Target: c.suite.Target.Module, Row: r.Row, Scenario: c.scenario, Cell: r.Cell,
		Trace: r.Trace, Apart: r.Apart, Counts: r.Count, More: r.More,
		Kept: []string{}, From: filepath.ToSlash(f.from), Folder: filepath.ToSlash(f.out), Repeat: c.repeat(f),
	}
	if out.Counts == nil {
		out.Counts = []matrix.Outcome{}
	}
	for _, file := range r.Evidence.Files {
		out.Kept = append(out.Kept, matrix.EvidencePath(c.row.ID, c.scenario.Name, file.Suffix))
	}
	if r.Cell != nil {
		r.Cell.NoEvidence = r.Evidence.None
	}
	return out
}

// published returns the cell as a run with -o wrote it: the verdict and what the
// deciding trial saw, and the evidence if there is any. The folder has no other
// trials.
func (c *cell) published(name string) (*sweep.Recalled, error) {
	f, err := output.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	results, err := f.Results()
	if err != nil {
		return nil, err
	}
	if results.Suite != c.suite.Suite {
		return nil, matrix.Mistake("%s: it has the suite %q: want %q", f.File, results.Suite, c.suite.Suite)
	}
	server, against := "", ""
	if c.plan.Server != nil {
		server = c.plan.Server.Release.Version
		against = " against servers of " + server
	}
	for _, row := range results.Rows {
		if row.ID != c.row.ID || row.Server != server {
			continue
		}
		found, ok := row.Cell(c.scenario.Name)
		if !ok && row.State == matrix.StateOK {
			break
		}
		row.Cells = []matrix.Cell{}
		r := &sweep.Recalled{Row: row}
		if ok {
			r.Row.Cells = append(r.Row.Cells, found)
			r.Cell = &r.Row.Cells[0]
			r.Evidence.None = found.NoEvidence
			r.Evidence.Files, err = f.Evidence(row.ID, found)
		}
		return r, err
	}
	return nil, fmt.Errorf("reading %s: it has no cell %s/%s%s", f.File, c.row.ID, c.scenario.Name, against)
}

// writeEvidence writes the evidence of a cell to the folder of -o.
func writeEvidence(dir string, c *cell, e matrix.Evidence) error {
	f, err := output.Create(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.WriteEvidence(c.row.ID, c.scenario.Name, e.Files)
}
