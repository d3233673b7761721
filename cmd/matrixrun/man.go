package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/text"
)

func newMan() *cobra.Command {
	var out string
	var force bool
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
			return writePages(out, manual.Pages(c.Root(), date), force, c.ErrOrStderr())
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "write the pages to the folders man1 and man7 in a `DIR`")
	c.Flags().BoolVar(&force, "force", false, "also overwrite files that matrixrun did not write")
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

// isPage reports whether a file begins as a man page of this program, of any
// version.
var isPage = output.Begins(`\.TH MATRIXRUN[^\n]* matrixrun\n`)

// writePages writes pages below a folder, each complete or not at all, or nothing
// if it cannot write them all.
func writePages(dir string, pages []manual.Page, force bool, stderr io.Writer) error {
	var documents []output.Document
	for _, p := range pages {
		documents = append(documents, output.Document{
			Name:  p.File(),
			Write: func(w io.Writer) error { _, err := w.Write(p.Text); return err },
			Own:   isPage,
		})
	}
	if err := output.Check(dir, output.Files{Documents: documents, Force: force}); err != nil {
		return err
	}
	if err := output.Publish(dir, output.Run{Documents: documents, Force: force}, io.Discard); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "wrote %s to %s\n", text.Count(len(pages), "man page"), dir)
	return nil
}
