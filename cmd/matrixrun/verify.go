package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/verifies"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/sweep"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// verifyFlags are the flags of matrixrun verify as they were given.
type verifyFlags struct {
	rows    []string
	sample  int
	trials  int
	jobs    int
	sandbox string
	json    bool
}

func newVerify() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use:   "verify [RESULTS [SUITE]]",
		Short: "Build published rows again, and compare the binaries and the verdicts",
		Example: `  matrixrun verify --sample 5
  matrixrun verify results/advisories --sample 2 --trials 1
  matrixrun verify --row v0.47.0 --row v0.65.0`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return verify(c.Context(), f, args, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.rows, "row", nil, "only the row with an `ID`; repeat for several")
	flags.IntVar(&f.sample, "sample", 0, "only `N` rows, at random")
	flags.IntVar(&f.trials, "trials", 0, "also try the scenarios of `N` of the rows again, at random")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "build `N` rows at a time")
	flags.StringVar(&f.sandbox, "sandbox", string(matrix.SandboxAuto), "contain foreign code in a `MODE`: auto (as far as the system allows), off, or require")
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	return c
}

// check returns the mistakes that the flags show, next to the results.
func (f verifyFlags) check(r *matrix.Results) error {
	var problems matrix.Problems
	if f.sample < 0 || f.trials < 0 || f.jobs < 1 {
		problems.Add("", 0, "--sample %d, --trials %d, --jobs %d: want none below 0, and at least one job", f.sample, f.trials, f.jobs)
	}
	if f.sample > 0 && len(f.rows) > 0 {
		problems.Add("", 0, "--sample %d, --row %s: want one of them", f.sample, f.rows[0])
	}
	if !slices.Contains(matrix.SandboxModes(), matrix.SandboxMode(f.sandbox)) {
		problems.Add("", 0, "--sandbox %q: want auto, off or require", f.sandbox)
	}
	for _, id := range f.rows {
		if !slices.ContainsFunc(r.Rows, func(row matrix.RowResult) bool { return row.ID == id }) {
			problems.Add("", 0, "--row %s: the results have no such row", id)
		}
	}
	return problems.Err()
}

// A verified is what verify prints as JSON.
type verified struct {
	Suite     string        `json:"suite"`
	Generated time.Time     `json:"generated"` // of the results
	Matrixrun string        `json:"matrixrun"` // that made them
	Rows      []verifiedRow `json:"rows"`
	Identical int           `json:"identical"` // rows that came out the same
	Tried     int           `json:"tried"`     // rows whose scenarios were tried again
	Agree     int           `json:"agree"`     // of these, rows with the same verdicts
	Unknown   int           `json:"unknown"`   // rows that could not be built or tried
}

// A verifiedRow is one row. What is wrong with it is empty if nothing is.
type verifiedRow struct {
	ID          string   `json:"id"`
	Differences []string `json:"differences"`
	Unknown     string   `json:"unknown"` // why nothing is known

	again bool // it is about trials
}

// verify builds rows of published results again.
func verify(ctx context.Context, f verifyFlags, args []string, stdout, stderr io.Writer) error {
	results, suite, suiteArg, err := published(ctx, args)
	if err != nil {
		return err
	}
	if err := f.check(results); err != nil {
		return err
	}
	if err := sameInputs(results, suite); err != nil {
		return err
	}
	rows := f.rows
	if f.sample > 0 {
		rows = verifies.Sample(results, f.sample)
	}
	parts, err := verifies.Plan(ctx, suite, suiteArg, results, rows)
	if err != nil {
		return err
	}
	dir, err := scratch.Dir("verify-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	store, err := record.Open(dir) // an empty one, so that everything is built
	if err != nil {
		return err
	}
	v := &verifier{flags: f, suite: suite, store: store, stderr: stderr, again: map[string]bool{}}
	v.all = verified{Suite: results.Suite, Generated: results.Generated, Matrixrun: results.Matrixrun, Rows: []verifiedRow{}}
	for _, id := range verifies.Sample(&matrix.Results{Rows: rowsOf(parts)}, f.trials) {
		v.again[id] = true
	}
	for _, part := range parts {
		for _, id := range part.Missing {
			v.all.Rows = append(v.all.Rows, verifiedRow{ID: id, Differences: []string{}, Unknown: "the suite here does not plan it"})
			v.all.Unknown++
		}
		if err := v.verify(ctx, part); err != nil {
			return err
		}
	}
	if f.json {
		err = text.WriteJSON(stdout, v.all, true)
	} else {
		_, err = io.WriteString(stdout, v.all.text(screen.Width(stdout)))
	}
	return cmp.Or(err, v.all.exit())
}

// published returns the results that the arguments name, and their suite.
func published(ctx context.Context, args []string) (r *matrix.Results, suite *matrix.Spec, suiteArg []string, err error) {
	if r, err = find.Results(ctx, strings.Join(args[:min(1, len(args))], "")); err != nil {
		return nil, nil, nil, err
	}
	if len(args) > 1 {
		suiteArg = args[1:]
	} else if find.IsShipped(r.Suite) {
		suiteArg = []string{r.Suite}
	}
	if suite, err = find.Suite(suiteArg); err != nil {
		return nil, nil, nil, err
	}
	if suite.Suite != r.Suite || suite.Target.Module != r.Target {
		return nil, nil, nil, matrix.Mistake("the results are those of the suite %s about %s, and the suite is %s about %s: name theirs as SUITE", r.Suite, r.Target, suite.Suite, suite.Target.Module)
	}
	return r, suite, suiteArg, nil
}

// sameInputs returns an error if the rows cannot come out the same here, because what all of
// them are made from is not the same.
func sameInputs(r *matrix.Results, suite *matrix.Spec) error {
	if suite.ReproductionDigest != r.Reproduction {
		return fmt.Errorf("nothing can be compared: the reproduction of the results is %s, and that of the suite here is %s: take the version of both from one commit, such as that of matrixrun %s", r.Reproduction, suite.ReproductionDigest, r.Matrixrun)
	}
	if host := runtime.GOOS + "/" + runtime.GOARCH; r.Host.GOOS != "" && host != r.Host.GOOS+"/"+r.Host.GOARCH {
		return fmt.Errorf("nothing can be compared: the results are from %s/%s, and this machine is %s", r.Host.GOOS, r.Host.GOARCH, host)
	}
	return nil
}

// rowsOf returns the published rows of all parts.
func rowsOf(parts []verifies.Part) (all []matrix.RowResult) {
	for _, p := range parts {
		all = append(all, p.Published...)
	}
	return all
}

// A verifier builds parts.
type verifier struct {
	flags  verifyFlags
	suite  *matrix.Spec
	store  *record.Store
	stderr io.Writer
	again  map[string]bool // the rows whose scenarios are tried again
	all    verified
}

// verify builds one part, and tries some rows of it.
func (v *verifier) verify(ctx context.Context, part verifies.Part) error {
	tries := verifies.Part{Plan: &matrix.Plan{Scenarios: part.Plan.Scenarios, Server: part.Plan.Server}}
	for i, row := range part.Plan.Rows {
		if v.again[row.ID] {
			tries.Plan.Order = append(tries.Plan.Order, len(tries.Plan.Rows))
			tries.Plan.Rows, tries.Published = append(tries.Plan.Rows, row), append(tries.Published, part.Published[i])
		}
	}
	if err := v.sweep(ctx, part, true); err != nil || len(tries.Plan.Rows) == 0 {
		return err
	}
	return v.sweep(ctx, tries, false)
}

// sweep builds the rows of a part, or tries them.
func (v *verifier) sweep(ctx context.Context, part verifies.Part, build bool) error {
	o := sweep.Options{Trials: cells.SuitesTrials, Jobs: v.flags.jobs, Build: build, Tool: version(), Sandbox: matrix.SandboxMode(v.flags.sandbox)}
	_, err := sweep.New(v.suite, part.Plan, v.store, o, func(e matrix.Event) {
		if e.Row == nil {
			return
		}
		i := slices.IndexFunc(part.Published, func(r matrix.RowResult) bool { return r.ID == e.Row.ID })
		v.note(&part.Published[i], e.Row, build)
	}).Run(ctx)
	return err
}

// note adds what came out of a row.
func (v *verifier) note(was, is *matrix.RowResult, build bool) {
	row := verifiedRow{ID: is.ID, Differences: []string{}, again: !build}
	word := "identical"
	switch {
	case is.State == matrix.StateUnavailable:
		row.Unknown = is.Reason
	case build:
		row.Differences = append(row.Differences, verifies.Compare(was, is)...)
	default:
		differences, unknown := verifies.Verdicts(was, is, v.suite.Words.Complete())
		row.Differences, row.Unknown = append(row.Differences, differences...), unknown
		word = "the same verdicts"
	}
	if !build {
		v.all.Tried++
	}
	switch {
	case len(row.Differences) > 0:
		word = strings.Join(row.Differences, "; ")
	case row.Unknown != "":
		word = "not known: " + row.Unknown
		v.all.Unknown++
	case build:
		v.all.Identical++
	default:
		v.all.Agree++
	}
	if build || len(row.Differences) > 0 || row.Unknown != "" {
		v.all.Rows = append(v.all.Rows, row)
	}
	fmt.Fprintf(v.stderr, "%s  %s\n", is.ID, text.Line(word))
}

// text says in sentences what came out.
func (r verified) text(width int) string {
	var out strings.Builder
	built := 0
	for _, row := range r.Rows {
		if !row.again {
			built++
		}
	}
	fmt.Fprintf(&out, "%s: results of %s by matrixrun %s\n", r.Suite, r.Generated.UTC().Format(time.DateOnly), r.Matrixrun)
	fmt.Fprintf(&out, "%d of %s came out as published", r.Identical, text.Count(built, "row"))
	if r.Tried > 0 {
		fmt.Fprintf(&out, "; %d of %d that were tried again have the same verdicts", r.Agree, r.Tried)
	}
	out.WriteString("\n")
	for _, row := range r.Rows {
		for _, line := range append(row.Differences, text.Line(row.Unknown)) {
			if line != "" {
				out.WriteString(text.Wrap(row.ID+": "+line, "  ", "    ", cmp.Or(width, 1<<20)))
			}
		}
	}
	return out.String()
}

// exit returns the exit status, as an error unless it is 0.
func (r verified) exit() error {
	for _, row := range r.Rows {
		if len(row.Differences) > 0 {
			return resultError{matrix.ExitDiffers}
		}
	}
	if r.Unknown > 0 || len(r.Rows) == 0 {
		return resultError{matrix.ExitUnknown}
	}
	return nil
}
