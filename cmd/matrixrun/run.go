package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/ask"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/engines"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/progress"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/exchange"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/sweep"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// timesUsage describes --times, which plan and run have.
const timesUsage = "divide the rows by the time they took in a results.json, a `FILE` (default the published results)"

// runFlags are the flags of matrixrun run as they were given.
type runFlags struct {
	versions   string
	only       []string
	sample     string
	refine     bool
	prerelease bool
	server     string
	toolchains []string
	patches    []string
	strip      int
	patched    bool
	scenarios  []string
	trials     int
	fixed      bool
	sure       bool
	jobs       int
	fresh      bool
	explain    bool
	json       bool
	out        string
	force      bool
	cache      string
	sandbox    string
	evidence   string
	shard      string
	name       string // of the run that the shard is a part of
	since      string
	times      string
	origins    *origins.Flags
	away       remoteFlags

	ask *ask.Question // makes the suite; nil if the arguments name it
}

func newRun() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [SUITE]",
		Short: "Build and try every release, and print the table",
		Example: `  matrixrun run
  matrixrun run --versions '>= 0.44, < 0.50'
  matrixrun run --only v0.47.0 --patch drop-late-resets
  matrixrun run --sample last-patch --trials 50 --fixed -o out`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return run(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	f.addSelection(flags)
	f.addOut(flags)
	f.addShared(flags)
	f.addRefine(flags)
	f.addSure(flags)
	flags.StringVar(&f.evidence, "evidence", string(matrix.EvidenceLeaks), "with -o, keep a capture of these `CELLS`: leaks, ends, all or none")
	flags.StringVar(&f.shard, "shard", "", "run only part I of N, `I/N`, as plan --shards N lists them, or auto, what an engine says; merge joins the results")
	flags.StringVar(&f.name, "run", "", "with --shard, --push and -o, also write the results to the remote record, as a part of the run `NAME`, for merge --remote")
	flags.StringVar(&f.times, "times", "", timesUsage)
	flags.StringVar(&f.since, "since", "", sinceUsage)
	return c
}

// addOut adds the flags for the folder of results.
func (f *runFlags) addOut(flags *pflag.FlagSet) {
	flags.StringVarP(&f.out, "out", "o", "", "write results.json, the reports made from it and the evidence to a `DIR`")
	flags.BoolVar(&f.force, "force", false, forceUsage)
}

// addRefine adds the flag that adds rows where verdicts change.
func (f *runFlags) addRefine(flags *pflag.FlagSet) {
	flags.BoolVar(&f.refine, "refine", false, "begin with the oldest and the newest release, or with --sample, and try releases between two whose verdicts differ, until it is known which one made each change")
}

// addShared adds the flags of each command that runs rows of a suite.
func (f *runFlags) addShared(flags *pflag.FlagSet) {
	f.addReleases(flags)
	f.addHow(flags)
}

// addHow adds the flags that say how rows are run.
func (f *runFlags) addHow(flags *pflag.FlagSet) {
	f.addTrials(flags)
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "answer `N` rows at a time")
	flags.BoolVar(&f.fresh, "fresh", false, "start over: build and try everything again")
	flags.BoolVar(&f.explain, "explain", false, "say for each row why it was not recalled from the record")
	flags.BoolVar(&f.json, "json", false, "print one event a line as JSON, and no table")
	flags.StringVar(&f.sandbox, "sandbox", string(matrix.SandboxAuto), "contain foreign code in a `MODE`: auto (as far as the system allows), off, or require")
	f.away.add(flags)
	flags.StringVar(&f.cache, "cache", "", "keep the record in a `DIR` (default matrixrun in the user's cache folder)")
}

// addTrials adds the flags for the number of trials.
func (f *runFlags) addTrials(flags *pflag.FlagSet) {
	cells.AddTrials(flags, &f.trials, "at most `N` proven trials of each cell; the suite may settle it earlier")
	flags.BoolVar(&f.fixed, "fixed", false, "run all trials of each cell, even if it is settled earlier")
}

// addSure adds the flag for tables to publish.
func (f *runFlags) addSure(flags *pflag.FlagSet) {
	flags.BoolVar(&f.sure, "sure", false, "run more trials, until the cells are as sure as the suite wants a published table to be")
}

// effort returns the flags for the number of trials.
func (f runFlags) effort() plans.Effort {
	return plans.Effort{Trials: f.trials, Fixed: f.fixed, Sure: f.sure}
}

// check adds the mistakes that the flags alone show.
func (f *runFlags) check(problems *matrix.Problems) {
	cells.CheckTrials(f.trials, problems)
	f.away.check(problems)
	if f.jobs < 1 {
		problems.Add("", 0, "--jobs %d: want at least 1", f.jobs)
	}
	if !slices.Contains(matrix.SandboxModes(), matrix.SandboxMode(f.sandbox)) {
		problems.Add("", 0, "--sandbox %q: want auto, off or require", f.sandbox)
	}
	if f.shard != "" {
		_, err := engines.Place(f.shard, os.Getenv)
		_ = problems.Join(err) // it is bad input
	}
	if f.name != "" && (f.shard == "" || f.out == "" || !f.away.push) {
		problems.Add("", 0, "--run %s: it names the run whose part is written to a remote record: want --shard I/N, --push and -o with it", f.name)
	}
	if f.shard == "" && f.times != "" {
		problems.Add("", 0, "--times %s: it says how a plan is divided: want --shard I/N with it", f.times)
	}
}

// run plans rows, answers them, and prints and writes the results.
func run(ctx context.Context, f runFlags, args []string, stdout, stderr io.Writer) error {
	defer f.origins.Close()
	t, before, err := prepareRun(ctx, f, args)
	if err != nil {
		return err
	}
	todo, shard, err := f.part(ctx, t.suite, t.todo)
	if err != nil {
		return err
	}
	goMods, err := f.goMods(ctx, t.suite)
	if err != nil {
		return err
	}
	store, done, err := useRecord(ctx, f.cache, stderr)
	if err != nil {
		return err
	}
	defer done()
	if shard != nil && !f.json {
		fmt.Fprintf(stderr, "shard %d/%d: %d of %s\n", shard.Index, shard.Of, len(todo.Rows), text.Count(len(t.todo.Rows), "row"))
	}
	show := progress.New(f.json, stdout, stderr, t.suite.Words)
	o := sweep.Options{Trials: f.trials, Fixed: f.fixed, Sure: f.sure, Jobs: f.jobs, Fresh: f.fresh, Explain: f.explain, Tool: version(), Sandbox: matrix.SandboxMode(f.sandbox), Evidence: f.evidenceMode()}
	o.Exchange = f.away.open(ctx, store, func(what string) { progress.Note(show, what) })
	o.Verify, _ = f.away.share()
	if f.refine {
		o.More = plans.NewRefiner(t.suite, t.sel, todo).More
	}
	s := sweep.New(t.suite, todo, store, o, show.Event)
	results, err := s.Run(ctx)
	if results == nil {
		show.Close()
		return err
	}
	if err != nil {
		return stopped(show, s.Done(), len(results.Rows), s.Planned())
	}
	if shard != nil {
		shard.Go = plans.GoVersion(todo, results)
		results.Shard = shard
	}
	results.MarkRetracted(goMods)
	if results.Since, err = before.since(results); err != nil {
		return err
	}
	table := grid.New(results)
	progress.Finish(show, s.Done(), table.Exit())
	if !f.json {
		_ = report.Terminal(stdout, table, screen.Of(stdout)) // stdout keeps the error, and -o is written all the same
	}
	if err := publish(ctx, f.out, f.force, results, table, s.Evidence, stderr, f.asked(t.suite, results, stderr)...); err != nil {
		return err
	}
	if f.name != "" {
		if err := exchange.PutPart(ctx, o.Exchange.Remote, f.name, results.Shard, f.out); err != nil {
			return fmt.Errorf("%w: run the same command again: its rows are recalled from the record", err)
		}
		fmt.Fprintf(stderr, "wrote part %d of %d of the run %s to %s\n", shard.Index, shard.Of, f.name, o.Exchange.Remote.Ref())
	}
	return resultError{table.Exit()}
}

// goMods returns what is known of the go.mod files of the releases, which say which are
// retracted. A suite without files has no index, so that the module proxy is asked for the
// newest one.
func (f runFlags) goMods(ctx context.Context, suite *matrix.Spec) ([]matrix.ReleaseGoMod, error) {
	if f.ask != nil {
		return f.ask.GoMods(ctx, suite), nil
	}
	return plans.GoMods(suite)
}

// prepareRun reads all the input of run and plans the rows. The error has every
// mistake in the suite, the flags and the patches.
func prepareRun(ctx context.Context, f runFlags, args []string) (*task, *earlier, error) {
	var problems matrix.Problems
	if f.refine && f.shard != "" {
		problems.Add("", 0, "--refine, --shard %s: want one of them: which releases --refine adds depends on the results of all shards", f.shard)
	}
	if f.since != "" && f.shard != "" {
		problems.Add("", 0, "--since %s, --shard %s: the results of one shard are not enough: give --since to merge", f.since, f.shard)
	}
	before, err := readEarlier(ctx, f.since, f.out, &problems)
	if err != nil {
		return nil, nil, err
	}
	t, err := prepare(ctx, f, args)
	if err := problems.Join(err); err != nil {
		return nil, nil, err
	}
	if t != nil && before != nil {
		_, err = before.since(&matrix.Results{Suite: t.suite.Suite, Target: t.suite.Target.Module})
		if err := problems.Join(err); err != nil {
			return nil, nil, err
		}
	}
	return t, before, problems.Err()
}

// prepare is prepareRun without --since.
func prepare(ctx context.Context, f runFlags, args []string) (*task, error) {
	var problems matrix.Problems
	f.check(&problems)
	if err := problems.Join(checkOut(f.out, f.files(nil))); err != nil {
		return nil, err
	}
	if !slices.Contains(evidenceModes, matrix.EvidenceMode(f.evidence)) {
		problems.Add("", 0, "--evidence %q: want leaks, ends, all or none", f.evidence)
	}
	t, err := f.plan(ctx, args, problems)
	if err == nil {
		err = nothingToRun(t.todo)
	}
	if err == nil && f.sure {
		err = cells.CheckSure(t.suite)
	}
	if err == nil {
		err = checkOut(f.out, f.files(t.todo))
	}
	return t, err
}

// stopped finishes a run that was stopped, and returns its error.
func stopped(show progress.Display, d matrix.Done, answered, planned int) error {
	d.Rows, d.Interrupted = answered, true // d counts rows that were begun, too
	progress.Finish(show, d, exitUnknown)
	return interruptedError{done: answered, rows: planned}
}
