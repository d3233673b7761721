package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// A format is one way to show results. All are made from a results.json alone,
// and through one grid, so that no two can disagree.
type format struct {
	name  string
	about string // after "FORMAT: "
	write func(w io.Writer, d reported) error
}

// reported is what a format is made from.
type reported struct {
	results *matrix.Results
	table   *matrix.Grid
	screen  report.Screen // that it is for; the zero one for a file
	row     string        // the ID of the row that a format is of, where it is of one
}

// formats are those of matrixrun report, the default first.
var formats = []format{
	{"terminal", "the answers and the table, for a screen", func(w io.Writer, d reported) error { return report.Terminal(w, d.table, d.screen) }},
	{"markdown", "COMPATIBILITY.md: GitHub-flavoured, with footnotes", func(w io.Writer, d reported) error { return report.Markdown(w, d.table) }},
	{"html", "index.html: one page that answers for a version or a go.mod", func(w io.Writer, d reported) error {
		return page.Write(w, d.table, page.Options{SuiteArg: find.SuiteArg(d.results)})
	}},
	{"json", "results.json, laid out anew", func(w io.Writer, d reported) error { return codec.Write(w, d.results) }},
	{"junit", "JUnit XML for what shows the tests of a CI job", func(w io.Writer, d reported) error { return report.JUnit(w, d.table) }},
	{"csv", "a line for each cell, for spreadsheets", func(w io.Writer, d reported) error { return report.CSV(w, d.table) }},
	{"svg", "a heat map for READMEs, light and dark", func(w io.Writer, d reported) error { return report.SVG(w, d.table) }},
	{"badge", "a small SVG that tells how the newest release fares, or --row", func(w io.Writer, d reported) error { return report.Badge(w, d.table, d.row) }},
	{"osv", "Open Source Vulnerability records of what leaks, a JSON array", func(w io.Writer, d reported) error { return report.OSV(w, d.table) }},
	{"summary", "Markdown for $GITHUB_STEP_SUMMARY, cut to its limit", func(w io.Writer, d reported) error { return report.Summary(w, d.table, report.SummaryLimit) }},
	{"annotations", "GitHub workflow commands for what differs and what is not known", func(w io.Writer, d reported) error { return report.Annotations(w, d.table) }},
}

// ofOneRow are the formats that are of one row, which --row names.
var ofOneRow = []string{"badge"}

func newReport() *cobra.Command {
	var as, out, row string
	c := &cobra.Command{
		Use:   "report [RESULTS]",
		Short: "Show what a run found out in another format",
		Example: `  matrixrun report
  matrixrun report out --format markdown -o COMPATIBILITY.md
  matrixrun report --format badge --row v0.50.1 -o badge.svg
  matrixrun report out --format summary -o summary.md`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := findFormat(as)
			if err != nil {
				return err
			}
			results, err := find.Results(strings.Join(args, ""))
			if err != nil {
				return err
			}
			d := reported{results: results, table: grid.New(results)}
			if d.row, err = findRow(f, row, d.table); err != nil {
				return err
			}
			if out == "" {
				d.screen = screen.Of(c.OutOrStdout())
			}
			return writeReport(f, d, out, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&as, "format", formats[0].name, "the `FORMAT` of the report")
	flags.StringVar(&row, "row", "", "the `ROW` that a badge is of, by default the newest release")
	flags.StringVarP(&out, "out", "o", "", "write the report to a `FILE`, whole or not at all")
	return c
}

// findFormat returns the format of a name.
func findFormat(name string) (format, error) {
	names := make([]string, len(formats))
	for i, f := range formats {
		if f.name == name {
			return f, nil
		}
		names[i] = f.name
	}
	return format{}, matrix.Mistake("--format %q: want one of %s", name, strings.Join(names, ", "))
}

// findRow returns the ID of the row that a format is of: the one that was asked for,
// else the newest release. Formats of all rows have none.
func findRow(f format, asked string, table *matrix.Grid) (string, error) {
	if !slices.Contains(ofOneRow, f.name) {
		if asked != "" {
			return "", matrix.Mistake("--row %s: the format %s is of all rows; want --format badge, or no --row", asked, f.name)
		}
		return "", nil
	}
	if asked == "" {
		asked = report.Newest(table)
	}
	if asked != "" && table.Row(asked) != nil {
		return asked, nil
	}
	if len(table.Rows) == 0 || asked == "" {
		return "", matrix.Mistake("--format %s: these results have no release to make one of", f.name)
	}
	return "", matrix.Mistake("--row %s: the results have no such row: the last one is %s", asked, table.Rows[len(table.Rows)-1].ID)
}

// writeReport writes a report to a file, whole or not at all, or to the standard
// output.
func writeReport(f format, d reported, out string, stdout, stderr io.Writer) error {
	var b bytes.Buffer
	if err := f.write(&b, d); err != nil {
		return fmt.Errorf("making the report %s: %w", f.name, err)
	}
	if out == "" {
		_, err := stdout.Write(b.Bytes())
		return err
	}
	if err := maybe.WriteFile(out, b.Bytes(), 0o666); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	fmt.Fprintln(stderr, "wrote", out)
	return nil
}
