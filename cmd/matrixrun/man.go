package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

func newMan() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "man",
		Short: "Write the man pages",
		Example: `  matrixrun man -o man
  matrixrun man -o ~/.local/share/man`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return usage(c, fmt.Errorf("want -o DIR, to write the pages to"))
			}
			date, err := sourceDate(os.Getenv("SOURCE_DATE_EPOCH"))
			if err != nil {
				return err
			}
			return writePages(out, manual.Pages(c.Root(), date), c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write the pages to the folders man1 and man7 in a `DIR`")
	return c
}

// sourceDate returns the date of epoch, in the format of
// https://reproducible-builds.org/specs/source-date-epoch. It returns "" if
// epoch is empty.
func sourceDate(epoch string) (string, error) {
	if epoch == "" {
		return "", nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return "", matrix.Mistake("SOURCE_DATE_EPOCH=%q: want a number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
}

// writePages writes pages below a folder, each complete or not at all.
func writePages(dir string, pages []manual.Page, stderr io.Writer) error {
	for _, p := range pages {
		file := filepath.Join(dir, filepath.FromSlash(p.File()))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return fmt.Errorf("making a folder for the man pages: %w", err)
		}
		if err := maybe.WriteFile(file, p.Text, 0o666); err != nil {
			return fmt.Errorf("writing %s: %w", file, err)
		}
	}
	fmt.Fprintf(stderr, "wrote %s to %s\n", text.Count(len(pages), "man page"), dir)
	return nil
}
