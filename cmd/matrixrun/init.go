package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/starter"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

func newInit() *cobra.Command {
	o := starter.Order{}
	c := &cobra.Command{
		Use:   "init MODULE [DIR]",
		Short: "Write a new suite, with a test to complete or with tests that you have",
		Example: `  matrixrun init example.com/lib
  matrixrun init example.com/lib ./my-suite --vuln GO-2024-0001.json
  matrixrun init example.com/lib ./app --test ./internal/parse`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			o.Module = args[0]
			if len(args) > 1 {
				o.Dir = args[1]
			}
			return initSuite(c.Context(), o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&o.Tests, "test", "", "take the tests that import the module from one of these `PACKAGES` of the module in DIR, such as ./...")
	c.Flags().StringVar(&o.Record, "vuln", "", "expect what an OSV record, a `FILE`, calls affected")
	c.Flags().StringVar(&o.Versions, "versions", "", "only releases in a `RANGE`, such as '>= 1.2, < 2'")
	c.Flags().StringVar((*string)(&o.Speaks), "speaks", string(matrix.SpeechTest), "write a test (test), a program whose exit code counts (exit), or one that reports trials with proof (trials): a `SPEECH`")
	return c
}

// initSuite writes a new suite, and prints what to do next.
func initSuite(ctx context.Context, o starter.Order, stdout, stderr io.Writer) error {
	draft, err := starter.New(o)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "asking the module proxy for the releases of %s\n", text.List(draft.Target.Paths()))
	files, filled, err := draft.Fill(ctx)
	if err != nil {
		return err
	}
	if filled.Failed != nil {
		for line := range strings.Lines(filled.Failed.Error()) {
			fmt.Fprintln(stderr, "left out:", strings.TrimSpace(line))
		}
	}
	if err := draft.Write(ctx, files); err != nil {
		return err
	}
	suite := draft.Suite()
	fmt.Fprintf(stdout, "wrote the suite %s: %s\n", suite, filled.Extent())
	if n := len(filled.Left); n > 0 {
		fmt.Fprintf(stdout, "its lock has %s by name alone, which only --only, --refine and bisect try: `matrixrun lock %s` adds them to every run\n", text.Count(n, "more release"), suite)
	}
	if note := draft.LeftOut(); note != "" {
		fmt.Fprintf(stdout, "%s: scenarios in matrix.yaml take them in\n", note)
	}
	if note := draft.Workspace(); note != "" {
		fmt.Fprintln(stdout, note)
	}
	if others := draft.Elsewhere(); len(others) > 0 {
		fmt.Fprintf(stdout, "not in it: %s, which the record names too: want a suite for each\n", text.List(others))
	}
	if id := draft.Unclaimed(filled); id != "" {
		fmt.Fprintf(stdout, "%s calls none of them affected: `matrixrun lock %s VERSION` adds others that the proxy does not list, such as the version of a commit, which `go list -m %s@COMMIT` prints\n", id, suite, draft.Target.Module)
	}
	run := "matrixrun run"
	if filled.Prerelease() {
		run += " --prerelease"
	}
	if stub := draft.Stub(); stub != "" {
		fmt.Fprintf(stdout, "next: write the question in %s, then\n", path.Join(suite, stub))
	} else {
		fmt.Fprintln(stdout, "next:")
	}
	_, err = fmt.Fprintf(stdout, "  %s %s\n", run, suite)
	return err
}
