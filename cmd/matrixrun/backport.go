package main

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/progress"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// backportFlags are the flags of matrixrun backport: those of run that say which
// rows there are and how they are run, and its own.
type backportFlags struct {
	runFlags
	git      string
	fix      []string
	each     bool
	upstream bool
	limit    time.Duration
}

func newBackport() *cobra.Command {
	var f backportFlags
	c := &cobra.Command{
		Use:   "backport PATCH... [SUITE]",
		Short: "Try a patch on every release of a range, and say where it falls short",
		Example: `  matrixrun backport drop-late-resets
  matrixrun backport drop-late-resets --versions '>= 0.44' --upstream-tests
  matrixrun backport fix.patch --versions '= 0.47.0' --fix 'after-*'
  matrixrun backport --git ../clone d22d57973 --fix 'after-*' -o out`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return backport(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.git, "git", "", "PATCH is a commit of a `CLONE`: what it changes against its first parent")
	flags.StringArrayVar(&f.fix, "fix", nil, "what it is to cure: scenarios that match a `GLOB`; again for several (default the patch's Fixes, else all that leaks without it)")
	flags.BoolVar(&f.each, "each", false, "try each PATCH by itself, and all that are for a release together on the last patch release of each minor line")
	flags.BoolVar(&f.upstream, "upstream-tests", false, "run the tests that the release ships with the packages that are patched, with the patch and without")
	flags.DurationVar(&f.limit, "upstream-limit", 5*time.Minute, "let the tests of a package take a `DURATION`")
	flags.StringVar(&f.versions, "versions", "", "releases in a `RANGE`, such as '>= 0.44, < 0.50' (default those that the patch is for, else all)")
	flags.StringArrayVar(&f.scenarios, "scenario", nil, "only what it is to cure and scenarios that match a `GLOB`; again for several")
	flags.StringVarP(&f.out, "out", "o", "", "write results.json and BACKPORTS.md to a `DIR`, and the diffs of commits")
	f.addShared(flags)
	return c
}

// backport tries patches on releases.
func backport(ctx context.Context, f backportFlags, args []string, stdout, stderr io.Writer) error {
	f.evidence = string(matrix.EvidenceNone)
	p, err := prepareBackport(ctx, f, args)
	if err != nil {
		return err
	}
	store, done, err := useRecord(ctx, f.cache)
	if err != nil {
		return err
	}
	defer done()
	show := progress.New(f.json, stdout, stderr)
	s := sweep.New(p.suite, p.plan, store, sweep.Options{
		Trials: f.trials, Fixed: f.fixed, Jobs: f.jobs, Fresh: f.fresh, Explain: f.explain, Tool: version(),
		Cures: true, UpstreamTests: f.upstream, UpstreamLimit: f.limit,
	}, show.Event)
	results, err := s.Run(ctx)
	if err != nil {
		return interrupt(show, s.Done(), len(results.Rows), len(p.plan.Rows))
	}
	table := grid.Backports(results, p.showLine)
	progress.Finish(show, s.Done(), table.Exit())
	if !f.json {
		_ = report.Backports(stdout, table, screen.Of(stdout)) // stdout keeps the error, and -o is written all the same
	}
	if err := p.publish(f.out, results, table, stderr); err != nil {
		return err
	}
	return resultError{table.Exit()}
}

// publish writes the results, the table and the diffs of commits to the folder of
// -o, if there is one.
func (p *backportPlan) publish(dir string, results *matrix.Results, table *matrix.Backports, stderr io.Writer) error {
	if dir == "" {
		return nil
	}
	f, err := output.Create(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	var documents []output.Document
	for _, patch := range p.commits {
		documents = append(documents, output.Document{Name: patch.Name + ".patch", Write: func(w io.Writer) error {
			_, err := w.Write(patch.Variants[0].Diff)
			return err
		}})
	}
	documents = append(documents, output.Results(results), output.Document{Name: "BACKPORTS.md", Write: func(w io.Writer) error {
		return report.BackportsMarkdown(w, table)
	}})
	for _, d := range documents {
		if err := f.WriteDocument(d, stderr); err != nil {
			return err
		}
	}
	return nil
}
