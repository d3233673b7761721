package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/ask"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// reported is what a report is made from: a results.json, and its table, which all
// formats share so that no two can disagree.
type reported struct {
	results  *matrix.Results
	table    *matrix.Grid
	near     []page.Near
	verified *matrix.Verification // what came out when they were verified, for html; may be nil
	suite    string               // how a command line names it
	index    string               // the address of the page that lists that of html
	row      string               // the ID of the row that the report is about; empty if it is about all
}

// reportFormats are the values of report --format.
var reportFormats = formats[reported]{
	{"terminal", "the answers and the table, for a screen", func(w io.Writer, d reported, on report.Screen) error { return report.Terminal(w, d.table, on) }},
	{"markdown", "COMPATIBILITY.md: GitHub-flavoured, with footnotes", ofTable(report.Markdown)},
	{html, "index.html: one page that answers for a version or a go.mod", func(w io.Writer, d reported, _ report.Screen) error {
		return page.Write(w, d.table, page.Options{SuiteArg: d.suite, Near: d.near, Index: d.index, Verified: d.verified})
	}},
	{"json", "results.json, formatted again", func(w io.Writer, d reported, _ report.Screen) error { return codec.Write(w, d.results) }},
	{"junit", "JUnit XML for what shows the tests of a CI job", ofTable(report.JUnit)},
	{"csv", "a line for each cell, for spreadsheets", ofTable(report.CSV)},
	{"svg", "a heat map for READMEs, light and dark", ofTable(report.SVG)},
	{badge, "a small SVG about the newest release, or --row", func(w io.Writer, d reported, _ report.Screen) error { return report.Badge(w, d.table, d.row) }},
	{"osv", "Open Source Vulnerability records of what leaks, a JSON array", ofTable(report.OSV)},
	{"summary", "Markdown for $GITHUB_STEP_SUMMARY, cut to its limit", func(w io.Writer, d reported, _ report.Screen) error {
		return report.Summary(w, d.table, report.SummaryLimit)
	}},
	{annotations, "GitHub workflow commands for what differs and what is not known", ofTable(report.Annotations)},
}

// html is the format that also has what is next to the results.
const html = "html"

// badge is the format that is about one row.
const badge = "badge"

// annotations is the format that is made of commands for a CI system. They must reach
// its log as they are.
const annotations = "annotations"

// ofTable adapts a format that is made from the table alone.
func ofTable(write func(io.Writer, *matrix.Grid) error) func(io.Writer, reported, report.Screen) error {
	return func(w io.Writer, d reported, _ report.Screen) error { return write(w, d.table) }
}

func newReport() *cobra.Command {
	var as, out, row string
	c := &cobra.Command{
		Use:   "report [RESULTS]",
		Short: "Print the results of a run in another format",
		Example: `  matrixrun report
  matrixrun report out --format markdown -o COMPATIBILITY.md
  matrixrun report --format badge --row v0.50.1 -o badge.svg
  matrixrun report out --format summary -o summary.md`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var problems matrix.Problems
			f, err := reportFormats.choose(as, out)
			if err := problems.Join(err); err != nil {
				return err
			}
			name := strings.Join(args, "")
			results, err := find.Results(c.Context(), name)
			if err := problems.Join(err); err != nil || len(problems) > 0 {
				return errors.Join(err, problems.Err())
			}
			d := reported{results: results, table: grid.New(results)}
			if as == html {
				d.index, d.suite = output.IndexAbove(name), find.SuiteArg(results)
				if _, fits, _ := ask.NextTo(name, results); fits {
					d.suite = ask.SuiteFile
				}
				if d.near, err = find.Near(c.Context(), name, results); err != nil {
					return err
				}
				d.verified, err = output.Verified(c.Context(), name, results)
				if err := problems.Join(err); err != nil || len(problems) > 0 {
					return errors.Join(err, problems.Err())
				}
			}
			if d.row, err = findRow(as, row, d.table); err != nil {
				return err
			}
			return f.print(c.Context(), d, out, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	flags := c.Flags()
	flags.StringVar(&as, "format", reportFormats[0].name, "the `FORMAT` of the report")
	flags.StringVar(&row, "row", "", "the `ROW` that a badge is about (default the newest release)")
	flags.StringVarP(&out, "out", "o", "", "write the report to a `FILE`")
	return c
}

// findRow returns the ID of the row that a report is about: the asked one, or else
// the newest release. It is empty for formats that are about all rows.
func findRow(format, asked string, table *matrix.Grid) (string, error) {
	if format != badge {
		if asked != "" {
			return "", matrix.Mistake("--row %s: the format %s is about all rows: want --format badge, or no --row", asked, format)
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
		return "", matrix.Mistake("--format %s: the results have no release", format)
	}
	return "", matrix.Mistake("--row %s: the results have no such row: the last one is %s", asked, table.Rows[len(table.Rows)-1].ID)
}
