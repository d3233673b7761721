package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/progress"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
	"github.com/matrixrun/matrixrun/matrix/spec"
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
	prerelease bool
	server     string
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
	since      string
	times      string
	origins    *origins.Flags
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
	flags.StringVarP(&f.out, "out", "o", "", "write results.json, the reports made from it and the evidence to a `DIR`")
	f.addShared(flags)
	flags.BoolVar(&f.sure, "sure", false, "run more trials, until the cells are as sure as the suite wants a published table to be")
	flags.BoolVar(&f.force, "force", false, forceUsage)
	flags.StringVar(&f.evidence, "evidence", string(matrix.EvidenceLeaks), "with -o, keep a capture of these `CELLS`: leaks, ends, all or none")
	flags.StringVar(&f.shard, "shard", "", "run only part I of N, `I/N`, as plan --shards N lists them; merge joins the results")
	flags.StringVar(&f.times, "times", "", timesUsage)
	flags.StringVar(&f.since, "since", "", sinceUsage)
	return c
}

// addSelection adds the flags that select rows and columns for run and plan, apart
// from those of addReleases.
func (f *runFlags) addSelection(flags *pflag.FlagSet) {
	flags.StringVar(&f.versions, "versions", "", "only releases in a `RANGE`, such as '>= 0.44, < 0.50'")
	flags.StringVar(&f.server, "server-version", "", "run the servers of all trials from this `VERSION`, in a process of their own")
	flags.StringArrayVar(&f.patches, "patch", nil, "add rows with a patch applied, by `NAME` or folder; repeat for several, in order")
	addStrip(flags, &f.strip)
	flags.BoolVar(&f.patched, "patched", false, "add to each release a row with all known patches that name it, together")
	flags.StringArrayVar(&f.scenarios, "scenario", nil, "only scenarios that match a `GLOB`, plus the control and planted ones; repeat for several")
}

// addStrip adds the flag of each command that reads diff files.
func addStrip(flags *pflag.FlagSet, n *int) {
	flags.IntVarP(n, "strip", "p", -1, "the names in diff files begin with `N` folders that are not the module's, as for git apply (default found out)")
}

// addReleases adds the flags that select releases for each command that plans rows.
func (f *runFlags) addReleases(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.only, "only", nil, "only these `VERSIONS`, also ones that are not in the lock; separated by commas")
	flags.StringVar(&f.sample, "sample", "", "only a `SAMPLE` of them: last-patch (of each minor line), latest-N or evenly-N")
	flags.BoolVar(&f.prerelease, "prerelease", false, "also the pre-releases in the lock")
	f.origins = new(origins.Flags)
	f.origins.Add(flags)
}

// addShared adds the flags of each command that runs rows.
func (f *runFlags) addShared(flags *pflag.FlagSet) {
	f.addReleases(flags)
	flags.IntVar(&f.trials, "trials", cells.DefaultTrials, "at most `N` proven trials of each cell; the suite may settle it earlier")
	flags.BoolVar(&f.fixed, "fixed", false, "run all trials of each cell, even if it is settled earlier")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "answer `N` rows at a time")
	flags.BoolVar(&f.fresh, "fresh", false, "start over: build and try everything again")
	flags.BoolVar(&f.explain, "explain", false, "say for each row why it was not recalled from the record")
	flags.BoolVar(&f.json, "json", false, "print one event a line as JSON, and no table")
	flags.StringVar(&f.sandbox, "sandbox", string(matrix.SandboxAuto), "contain foreign code in a `MODE`: auto (as far as the system allows), off, or require")
	flags.StringVar(&f.cache, "cache", "", "keep the record in a `DIR` (default matrixrun in the user's cache folder)")
}

// check adds the mistakes that the flags alone show.
func (f *runFlags) check(problems *matrix.Problems) {
	if f.trials < 1 {
		problems.Add("", 0, "--trials %d: want at least 1", f.trials)
	}
	if f.jobs < 1 {
		problems.Add("", 0, "--jobs %d: want at least 1", f.jobs)
	}
	if !slices.Contains(matrix.SandboxModes(), matrix.SandboxMode(f.sandbox)) {
		problems.Add("", 0, "--sandbox %q: want auto, off or require", f.sandbox)
	}
	if _, ok := plans.ParseShard(f.shard); f.shard != "" && !ok {
		problems.Add("", 0, "--shard %q: want I/N, part I of N, from 1/N to N/N", f.shard)
	}
	if f.shard == "" && f.times != "" {
		problems.Add("", 0, "--times %s: it says how a plan is divided: want --shard I/N with it", f.times)
	}
}

// forceUsage describes --force of commands with a folder of reports.
const forceUsage = "with -o, also overwrite files that matrixrun did not write"

// checkOut returns the error of output.Check if the folder of -o is set.
func checkOut(dir string, files output.Files) error {
	switch {
	case dir != "":
		return output.Check(dir, files)
	case files.Force:
		return matrix.Mistake("--force: it goes with -o DIR")
	}
	return nil
}

// runDocuments are the documents of a run in the folder of -o. To name them, it
// takes no results.
func runDocuments(r *matrix.Results, table *matrix.Grid, o page.Options) []output.Document {
	return append([]output.Document{output.Results(r)}, output.Reports(table, o)...)
}

// run plans rows, answers them, and prints and writes the results.
func run(ctx context.Context, f runFlags, args []string, stdout, stderr io.Writer) error {
	defer f.origins.Close()
	suite, todo, before, err := prepareRun(ctx, f, args)
	if err != nil {
		return err
	}
	total := len(todo.Rows)
	todo, shard, err := f.part(ctx, suite, todo)
	if err != nil {
		return err
	}
	store, done, err := useRecord(ctx, f.cache, stderr)
	if err != nil {
		return err
	}
	defer done()
	if shard != nil && !f.json {
		fmt.Fprintf(stderr, "shard %s: %d of %s\n", f.shard, len(todo.Rows), text.Count(total, "row"))
	}
	show := progress.New(f.json, stdout, stderr)
	s := sweep.New(suite, todo, store,
		sweep.Options{Trials: f.trials, Fixed: f.fixed, Sure: f.sure, Jobs: f.jobs, Fresh: f.fresh, Explain: f.explain, Tool: version(), Sandbox: matrix.SandboxMode(f.sandbox), Evidence: f.evidenceMode()}, show.Event)
	results, err := s.Run(ctx)
	if results == nil {
		show.Close()
		return err
	}
	if err != nil {
		return stopped(show, s.Done(), len(results.Rows), len(todo.Rows))
	}
	if shard != nil {
		shard.Go = plans.GoVersion(todo, results)
		results.Shard = shard
	}
	if results.Since, err = before.since(results); err != nil {
		return err
	}
	table := grid.New(results)
	progress.Finish(show, s.Done(), table.Exit())
	if !f.json {
		_ = report.Terminal(stdout, table, screen.Of(stdout)) // stdout keeps the error, and -o is written all the same
	}
	if err := publish(ctx, f.out, f.force, results, table, s.Evidence, stderr); err != nil {
		return err
	}
	return resultError{table.Exit()}
}

// prepareRun reads all the input of run and plans the rows. The error has every
// mistake in the suite, the flags and the patches.
func prepareRun(ctx context.Context, f runFlags, args []string) (*matrix.Spec, *matrix.Plan, *earlier, error) {
	var problems matrix.Problems
	if f.since != "" && f.shard != "" {
		problems.Add("", 0, "--since %s, --shard %s: the results of one shard are not enough: give --since to merge", f.since, f.shard)
	}
	before, err := readEarlier(ctx, f.since, f.out, &problems)
	if err != nil {
		return nil, nil, nil, err
	}
	suite, todo, err := prepare(ctx, f, args)
	if err := problems.Join(err); err != nil {
		return nil, nil, nil, err
	}
	if suite != nil && before != nil {
		_, err = before.since(&matrix.Results{Suite: suite.Suite, Target: suite.Target.Module})
		if err := problems.Join(err); err != nil {
			return nil, nil, nil, err
		}
	}
	return suite, todo, before, problems.Err()
}

// prepare is prepareRun without --since.
func prepare(ctx context.Context, f runFlags, args []string) (*matrix.Spec, *matrix.Plan, error) {
	var problems matrix.Problems
	f.check(&problems)
	if err := problems.Join(checkOut(f.out, f.files(nil))); err != nil {
		return nil, nil, err
	}
	if !slices.Contains(evidenceModes, matrix.EvidenceMode(f.evidence)) {
		problems.Add("", 0, "--evidence %q: want leaks, ends, all or none", f.evidence)
	}
	suite, todo, err := f.plan(ctx, args, problems)
	if err == nil {
		err = nothingToRun(todo)
	}
	if err == nil && f.sure {
		err = cells.CheckSure(suite)
	}
	if err == nil {
		err = checkOut(f.out, f.files(todo))
	}
	return suite, todo, err
}

// nothingToRun returns the mistake of asking only for rows that the plan leaves out: a
// table without rows proves nothing.
func nothingToRun(todo *matrix.Plan) error {
	var problems matrix.Problems
	for _, skip := range todo.Skips {
		if len(todo.Rows) == 0 {
			problems.Add("", 0, "there is nothing to run: %s: %s", skip.ID, skip.Reason)
		}
	}
	return problems.Err()
}

// files returns what run is going to write to the folder of -o, with the evidence
// of a plan unless that is nil.
func (f runFlags) files(todo *matrix.Plan) output.Files {
	files := output.Files{Documents: runDocuments(nil, nil, page.Options{}), Force: f.force}
	if todo != nil && f.evidenceMode() != matrix.EvidenceNone {
		for _, row := range todo.Rows {
			files.Rows = append(files.Rows, row.ID)
		}
		for _, s := range todo.Scenarios {
			files.Scenarios = append(files.Scenarios, s.Name)
		}
	}
	return files
}

// plan reads the suite and the patches and plans the rows. The error has every
// mistake in them and in the flags that select rows, after the known problems.
func (f runFlags) plan(ctx context.Context, args []string, problems matrix.Problems) (*matrix.Spec, *matrix.Plan, error) {
	sel := plan.Selection{Only: f.only, Sample: f.sample, Prerelease: f.prerelease, Scenarios: f.scenarios, Server: f.server, Together: f.patched}
	var err error
	if sel.Versions, err = matrix.ParseConstraint(f.versions); err != nil {
		problems.Add("", 0, "--versions: %v", err)
	}
	suite, err := find.Suite(args)
	if err := problems.Join(err); err != nil {
		return nil, nil, err
	}
	names := f.patches
	if f.patched {
		if len(names) > 0 {
			problems.Add("", 0, "--patched, --patch %s: want one of them: --patched takes all patches", names[0])
		}
		names = find.PatchesFor(args)
	}
	for _, name := range names {
		loaded, err := loadPatches(ctx, name, suite, f.strip)
		if err := problems.Join(err); err != nil {
			return nil, nil, err
		}
		sel.Patches = append(sel.Patches, loaded...)
	}
	if suite == nil {
		return nil, nil, problems
	}
	sel.Others, err = f.findOrigins(ctx, suite, args, len(problems) == 0)
	if err := problems.Join(err); err != nil {
		return nil, nil, err
	}
	todo, err := plan.New(suite, sel)
	if err := problems.Join(err); err != nil {
		return nil, nil, err
	}
	return suite, todo, problems.Err()
}

// findOrigins returns the targets that are no releases. Unless the rest of the input is
// sound, it only checks the flags that name them: to find them can take a while.
func (f runFlags) findOrigins(ctx context.Context, suite *matrix.Spec, args []string, sound bool) ([]matrix.Release, error) {
	if !sound {
		return nil, f.origins.Check(suite)
	}
	return f.origins.Find(ctx, suite, args)
}

// stopped finishes a run that was stopped, and returns its error.
func stopped(show progress.Display, d matrix.Done, answered, planned int) error {
	d.Rows, d.Interrupted = answered, true // d counts rows that were begun, too
	progress.Finish(show, d, exitUnknown)
	return interruptedError{done: answered, rows: planned}
}

// part returns the rows of --shard, and what their results say about the shard;
// without the flag the plan itself, and nil.
func (f runFlags) part(ctx context.Context, suite *matrix.Spec, whole *matrix.Plan) (*matrix.Plan, *matrix.Shard, error) {
	if f.shard == "" {
		return whole, nil, nil
	}
	times, err := plans.Times(ctx, f.times, suite)
	if err != nil {
		return nil, nil, err
	}
	shard, _ := plans.ParseShard(f.shard)
	todo, about, err := shard.Part(suite, whole, times)
	if err != nil {
		return nil, nil, err
	}
	about.Server, about.Trials, about.Fixed, about.Sure, about.Evidence = f.server, f.trials, f.fixed, f.sure, f.evidenceMode()
	return todo, about, nil
}

// evidenceModes are the values of --evidence.
var evidenceModes = []matrix.EvidenceMode{matrix.EvidenceNone, matrix.EvidenceLeaks, matrix.EvidenceEnds, matrix.EvidenceAll}

// evidenceMode returns which cells keep evidence. Without -o there is no folder to
// keep it in.
func (f runFlags) evidenceMode() matrix.EvidenceMode {
	if f.out == "" {
		return matrix.EvidenceNone
	}
	return matrix.EvidenceMode(f.evidence)
}

// publish writes a run to the folder of -o, if there is one.
func publish(ctx context.Context, dir string, force bool, r *matrix.Results, table *matrix.Grid, evidence output.Finder, stderr io.Writer) error {
	if dir == "" {
		return nil
	}
	o := page.Options{SuiteArg: find.SuiteArg(r)}
	var err error
	if o.Near, err = output.Near(ctx, dir, r); err != nil {
		fmt.Fprintf(stderr, "index.html does not link the page next to it: %v\n", err)
	}
	run := output.Run{Results: r, Documents: runDocuments(r, table, o), Evidence: evidence, Force: force}
	return output.Publish(dir, run, stderr)
}

// loadPatches reads the patches that a name stands for, and checks them against the suite
// if it is known.
func loadPatches(ctx context.Context, name string, suite *matrix.Spec, strip int) ([]*matrix.Patch, error) {
	names := spec.Names{Strip: strip}
	if suite != nil {
		names = spec.NamesIn(suite.Target, strip)
	}
	loaded, err := find.LoadPatches(ctx, name, names)
	if err != nil {
		return nil, err
	}
	var problems matrix.Problems
	var all []*matrix.Patch
	for _, l := range loaded {
		all = append(all, l.Patch)
		if suite == nil {
			continue
		}
		if err := problems.Join(spec.CheckPatch(l.Patch, suite.Lock, suite.Scenarios)); err != nil {
			return nil, err
		}
	}
	return all, problems.Err()
}
