package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/bisects"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// bisectFormats are the values of bisect --format.
var bisectFormats = formats[*matrix.Bisection]{
	{"terminal", "", report.Bisect},
	{"markdown", "for an issue", func(w io.Writer, b *matrix.Bisection, _ report.Screen) error { return report.BisectMarkdown(w, b) }},
	{"json", "", func(w io.Writer, b *matrix.Bisection, _ report.Screen) error { return report.BisectJSON(w, b) }},
}

// bisectFlags are the flags of matrixrun bisect: some of those of run, and its own.
type bisectFlags struct {
	runFlags
	scenario  string
	good, bad string
	git, as   string
	toolchain string
	all       bool
	log       string
	format    string
}

func newBisect() *cobra.Command {
	var f bisectFlags
	c := &cobra.Command{
		Use:   "bisect [SUITE]",
		Short: "Find the release or the commit that broke or fixed a scenario",
		Example: `  matrixrun bisect --scenario after-write
  matrixrun bisect --scenario after-write --good v0.48.0 --bad v0.47.0
  matrixrun bisect --scenario after-write --git ../clone --bad v0.47.0
  matrixrun bisect --scenario after-write --all --format markdown -o bisect.md`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return runBisect(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.scenario, "scenario", "", "the `SCENARIO` whose verdict changes")
	flags.StringVar(&f.good, "good", "", "a `STATE` that does not leak: a version or, with --git, a commit (default: look for one)")
	flags.StringVar(&f.bad, "bad", "", "a `STATE` that leaks (default: look for one)")
	flags.StringVar(&f.git, "git", "", "bisect over the commits of a `CLONE` of the target, and not over its releases")
	flags.StringVar(&f.as, "as", "", "treat all commits like this `VERSION` of the target, whatever they are nearest to")
	flags.StringVar(&f.toolchain, "toolchain", "", "build every release with this `TOOLCHAIN`, such as go1.21.13, and not with that of the suite's rules")
	flags.BoolVar(&f.all, "all", false, "try every state, and report every change")
	flags.StringVar(&f.log, "log", "", "keep what each state shows in a `FILE`, and go on from what it has")
	flags.StringVar(&f.versions, "versions", "", "only releases in a `RANGE`, such as '>= 0.44, < 0.50'")
	flags.StringVar(&f.format, "format", bisectFormats[0].name, "print a `FORMAT`: terminal, markdown or json")
	flags.StringVarP(&f.out, "out", "o", "", "write the report to a `FILE`")
	cells.AddTrials(flags, &f.trials, "at most `N` proven trials of each state; the suite may settle it earlier")
	flags.BoolVar(&f.fixed, "fixed", false, "run all trials of each state, even if it is settled earlier")
	flags.BoolVar(&f.fresh, "fresh", false, "start over: build and try everything again")
	flags.StringVar(&f.sandbox, "sandbox", string(matrix.SandboxAuto), "contain foreign code in a `MODE`: auto (as far as the system allows), off, or require")
	f.away.add(flags)
	flags.StringVar(&f.cache, "cache", "", "keep the record in a `DIR` (default matrixrun in the user's cache folder)")
	return c
}

// runBisect finds where a verdict changes. The exit code is exitUnknown if it is not
// known which of several states made a change.
func runBisect(ctx context.Context, f bisectFlags, args []string, stdout, stderr io.Writer) error {
	b, format, err := f.prepare(ctx, args)
	if err != nil {
		return err
	}
	defer b.Close()
	store, done, err := useRecord(ctx, f.cache, stderr)
	if err != nil {
		return err
	}
	defer done()
	percent, _ := f.away.share()
	b.Use(f.away.open(ctx, store, func(what string) { fmt.Fprintln(stderr, what) }), percent)
	found, err := b.Run(ctx, store, stdout, stderr)
	if err != nil {
		return err
	}
	if err := format.print(ctx, found, f.out, stdout, stderr); err != nil {
		return err
	}
	return resultError{found.Exit()}
}

// prepare checks the command line and reads the suite, the ends and the log.
func (f bisectFlags) prepare(ctx context.Context, args []string) (*bisects.Bisect, format[*matrix.Bisection], error) {
	var problems matrix.Problems
	f.jobs = runtime.GOMAXPROCS(0)
	f.check(&problems)
	format, err := bisectFormats.choose(f.format, f.out)
	if err := problems.Join(err); err != nil {
		return nil, format, err
	}
	versions, err := matrix.ParseConstraint(f.versions)
	if err != nil {
		problems.Add("", 0, "--versions: %v", err)
	}
	if f.scenario == "" {
		problems.Add("", 0, "--scenario is missing: want the name of the scenario whose verdict changes")
	}
	if f.git != "" && f.versions != "" {
		problems.Add("", 0, "--git, --versions: want one of them: --versions selects releases, and --git means commits")
	}
	if wrong := matrix.CheckToolchain(f.toolchain); f.toolchain != "" && wrong != "" {
		problems.Add("", 0, "--toolchain %q: not a toolchain: %s", f.toolchain, wrong)
	}
	if f.git != "" && f.toolchain != "" {
		problems.Add("", 0, "--git, --toolchain %s: want one of them: the toolchain of a commit is found out by building it", f.toolchain)
	}
	if f.git == "" && f.as != "" {
		problems.Add("", 0, "--as %s: it goes with --git", f.as)
	}
	b, err := bisects.New(ctx, args, bisects.Options{
		Scenario: f.scenario, Good: f.good, Bad: f.bad, Git: f.git, Versions: versions, Toolchain: f.toolchain, All: f.all, Log: f.log, As: f.as, ForOthers: f.format != bisectFormats[0].name || f.out != "",
		Sweep: sweep.Options{Trials: f.trials, Fixed: f.fixed, Jobs: f.jobs, Fresh: f.fresh, Tool: version(), Sandbox: matrix.SandboxMode(f.sandbox)},
	}, problems)
	return b, format, err
}
