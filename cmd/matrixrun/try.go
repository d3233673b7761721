package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/ask"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// trySample is the sample that try begins with, unless another one is asked for.
const trySample = "evenly-7"

func newTry() *cobra.Command {
	f := runFlags{evidence: string(matrix.EvidenceNone), origins: new(origins.Flags)}
	var q ask.Question
	c := &cobra.Command{
		Use:   "try MODULE [DIR]",
		Short: "Find the releases of a module that fail a test of yours, without any file",
		Example: `  matrixrun try gopkg.in/yaml.v3 --test TestParse
  matrixrun try example.com/lib ./internal/parse --test TestParse/empty
  matrixrun try example.com/lib ./... --test TestParse
  matrixrun try example.com/lib --test TestParse --versions '>= 1.2' -o out`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			q.Module, q.Dir = args[0], "."
			if len(args) > 1 {
				q.Dir = args[1]
			}
			return tryTests(c.Context(), f, q, c)
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&q.Tests, "test", nil, "a test of a package in DIR, `NAME` or NAME/SUBTEST; repeat for several (default all, or with ./... those in files that import MODULE)")
	flags.DurationVar(&q.Limit, "timeout", 30*time.Second, "give up a test after a `TIME`")
	flags.BoolVar(&q.Hang, "hang", false, "a call of the module that takes longer than --timeout is the defect too")
	flags.BoolVar(&q.NoCgo, "no-cgo", false, "leave out files that need cgo, also if there is a C compiler")
	f.addRange(flags)
	f.addSample(flags)
	f.addToolchains(flags)
	f.addPatches(flags)
	f.addOut(flags)
	f.addRefine(flags)
	f.addHow(flags)
	flags.Lookup("trials").DefValue = "3"
	flags.Lookup("sample").Usage += " (default evenly-7, and --refine)"
	return c
}

// tryTests runs the tests of a question.
func tryTests(ctx context.Context, f runFlags, q ask.Question, c *cobra.Command) error {
	if q.Limit <= 0 {
		return matrix.Mistake("--timeout %v: want a time such as 30s", q.Limit)
	}
	if f.versions == "" && f.sample == "" && len(f.only) == 0 && !f.refine {
		f.sample, f.refine = trySample, true
	}
	q.Only, q.Prerelease, q.Trials = f.only, f.prerelease, tryTrials
	q.Proxy, f.ask = source.NewProxy(), &q
	q.Note = func(note string) { fmt.Fprintln(c.ErrOrStderr(), note) }
	if f.trials > 0 {
		q.Trials = f.trials // also in the suite that -o keeps
	}
	return run(ctx, f, nil, c.OutOrStdout(), c.ErrOrStderr())
}

// tryTrials is how many trials of each test count, unless --trials says otherwise. One shows
// what a test does, and three also show most of the tests that do not always do the same.
const tryTrials = 3
