package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/ask"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/cells"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/verifies"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/report"
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
	out     string
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
	flags.StringVarP(&f.out, "out", "o", "", "also write that document to a `FILE`: as verified.json next to results.json, their page says so")
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
	if f.out != "" {
		if err := problems.Join(output.CheckFile("-o", f.out)); err != nil {
			return err
		}
	}
	for _, id := range f.rows {
		if !slices.ContainsFunc(r.Rows, func(row matrix.RowResult) bool { return row.ID == id }) {
			problems.Add("", 0, "--row %s: the results have no such row", id)
		}
	}
	return problems.Err()
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
	again := verifies.Sample(&matrix.Results{Rows: rowsOf(parts)}, f.trials)
	if f.trials > 0 && len(again) == 0 && !slices.ContainsFunc(parts, func(p verifies.Part) bool { return len(p.Missing) > 0 }) {
		return matrix.Mistake("--trials %d: none of the rows has a binary whose scenarios could be tried again: choose other rows, or leave --trials out", f.trials)
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
	v.all = matrix.Verification{
		Suite: results.Suite, Generated: results.Generated, Matrixrun: results.Matrixrun, Rows: []matrix.VerifiedRow{},
		Host: matrix.Host{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, CPUs: runtime.NumCPU()},
	}
	for _, id := range again {
		v.again[id] = true
	}
	err = v.verifyAll(ctx, parts)
	if err != nil && ctx.Err() == nil {
		return err
	}
	v.all.When = time.Now().UTC().Truncate(time.Second)
	return f.print(ctx, &v.all, stdout, stderr)
}

// print prints a verification, and writes it to the file of -o unless it was interrupted,
// because an incomplete file looks like a complete one. If stdout cannot be written, the
// file is written all the same, and the other way round.
func (f verifyFlags) print(ctx context.Context, v *matrix.Verification, stdout, stderr io.Writer) error {
	var document bytes.Buffer
	if err := text.WriteJSON(&document, v, true); err != nil {
		return err
	}
	printed := document.String()
	if !f.json {
		printed = verification(v, screen.Width(stdout))
	}
	_, err := io.WriteString(stdout, printed)
	switch {
	case v.Stopped():
		return stoppedVerify{v, f.out}
	case f.out != "":
		if wrong := output.WriteFile(ctx, f.out, document.Bytes(), stdout, stderr); wrong != nil {
			return errors.Join(err, wrong)
		}
		fmt.Fprintln(stderr, "wrote", f.out)
	}
	if err != nil {
		return err
	}
	return resultError{v.Exit()}
}

// published returns the results that the arguments name, and their suite.
func published(ctx context.Context, args []string) (r *matrix.Results, suite *matrix.Spec, suiteArg []string, err error) {
	if r, err = find.Results(ctx, strings.Join(args[:min(1, len(args))], "")); err != nil {
		return nil, nil, nil, err
	}
	switch {
	case len(args) > 1:
		suiteArg = args[1:]
	case find.IsShipped(r.Suite):
		suiteArg = []string{r.Suite}
	case len(args) == 1:
		asked, fits, err := ask.NextTo(args[0], r)
		if err != nil {
			return nil, nil, nil, err
		}
		if fits {
			suiteArg = []string{asked}
		}
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
	all    matrix.Verification
}

// verifyAll verifies all parts. If it is interrupted, it notes how much is left.
func (v *verifier) verifyAll(ctx context.Context, parts []verifies.Part) (err error) {
	build := 0
	for _, part := range parts {
		v.all.Rows = append(v.all.Rows, part.Missing...)
		v.all.Built += len(part.Missing)
		build += len(part.Missing) + len(part.Plan.Rows)
	}
	for _, part := range parts {
		if err = v.verify(ctx, part); err != nil {
			v.all.Unbuilt, v.all.Untried = build-v.all.Built, len(v.again)-v.all.Tried
			break
		}
	}
	return err
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
	row := matrix.VerifiedRow{ID: is.ID, Differences: []string{}}
	word := "identical"
	switch {
	case is.State == matrix.StateUnavailable:
		row.Unknown = cmp.Or(is.Reason, "it could not be built here")
	case build:
		differences, unknown := verifies.Compare(was, is)
		row.Differences, row.Unknown = append(row.Differences, differences...), unknown
	default:
		differences, unknown := verifies.Verdicts(was, is, v.suite.Words.Complete())
		row.Differences, row.Unknown = append(row.Differences, differences...), unknown
		word = "the same verdicts"
	}
	if build {
		v.all.Built++
	} else {
		v.all.Tried++
	}
	switch {
	case len(row.Differences) > 0:
		word = strings.Join(row.Differences, "; ")
	case row.Unknown != "":
		word = "not known: " + row.Unknown
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

// verification says in sentences what came out.
func verification(v *matrix.Verification, width int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s: results of %s by matrixrun %s\n%s\n", v.Suite, v.Generated.UTC().Format(time.DateOnly), v.Matrixrun, report.Verified(v))
	for _, row := range v.Rows {
		for _, line := range append(row.Differences, text.Line(row.Unknown)) {
			if line != "" {
				out.WriteString(text.Wrap(row.ID+": "+line, "  ", "    ", cmp.Or(width, 1<<20)))
			}
		}
	}
	return out.String()
}
