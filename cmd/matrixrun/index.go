package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

func newIndex() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "index DIR",
		Short: "Print a page that lists the results in a folder, and links their pages",
		Example: `  matrixrun run -o answers/mine ./my-suite
  matrixrun index answers -o answers/index.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return index(c.Context(), args[0], out, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write the page to a `FILE`, which belongs into DIR")
	return c
}

// index prints the page, or writes it to the file of -o.
func index(ctx context.Context, dir, out string, stdout, stderr io.Writer) error {
	var problems matrix.Problems
	if out != "" {
		if err := problems.Join(output.CheckFile("-o", out)); err != nil {
			return err
		}
	}
	listed, err := output.List(ctx, dir, find.DefaultSuite)
	if err := problems.Join(err); err != nil {
		return err
	}
	if len(listed) == 0 && len(problems) == 0 {
		problems.Add("", 0, "%s: it has no folder with results and their page: `matrixrun run -o` writes one", dir)
	}
	if len(problems) > 0 {
		return problems
	}
	var b bytes.Buffer
	if err := page.WriteIndex(&b, listed); err != nil {
		return err
	}
	if out == "" {
		_, err := stdout.Write(b.Bytes())
		return err
	}
	if err := output.WriteFile(ctx, out, b.Bytes(), stdout, stderr); err != nil {
		return err
	}
	fmt.Fprintln(stderr, "wrote", out)
	return nil
}
