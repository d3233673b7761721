package report

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// csvColumns is the header of CSV. New columns go to the end, and no column changes
// its name or place: spreadsheets refer to both.
var csvColumns = []string{
	"suite", "target", "row", "version", "released", "module", "rehomed", "patches", "effect",
	"state", "expected_state", "state_reason",
	"scenario", "kind", "title", "verdict", "expected", "standing",
	"leaks", "trials", "inconclusive", "rate", "interval_low", "interval_high", "severity", "reason",
	"saw", "evidence", "no_second_opinion",
	"toolchain", "adapter", "replace_by", "server", "binary", "sum", "build_cpu_s", "trials_cpu_s", "generated",
	"source_kind", "base", "family", "family_title", "trials_from",
}

// CSV writes a line for each cell as RFC 4180 has it: with a header, and with lines
// that end in CR LF. A row without cells has one line, with an empty scenario.
// Entries of a list are separated by "; ". Rates are fractions of 1, and times are
// CPU seconds of the whole row.
//
// Spreadsheets take some texts for formulas, and some texts come from outside. An
// apostrophe before such a text marks it as text, which is how spreadsheets write
// it themselves.
func CSV(w io.Writer, g *matrix.Grid) error {
	var doc strings.Builder
	out := csv.NewWriter(&doc)
	out.UseCRLF = true
	write := func(record []string) error {
		for i, text := range record {
			record[i] = noFormula(plain(text))
		}
		return out.Write(record)
	}
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	s := standingsOf(g)
	for i := range g.Rows {
		before, after := csvRow(g, &g.Rows[i])
		for _, cell := range csvCells(g, &g.Rows[i], s) {
			if err := write(slices.Concat(before, cell, after, csvFamily(g, cell[0]), csvFrom(&g.Rows[i], cell[0]))); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return emit(w, doc.String())
}

// csvRow returns the fields of a row before those of a cell, and after them.
func csvRow(g *matrix.Grid, row *matrix.GridRow) (before, after []string) {
	before = []string{
		g.Suite, g.Target, row.ID, row.Source.Version, csvTime(row.Source.Time), row.Source.Module,
		strconv.FormatBool(row.Source.Rehomed), strings.Join(row.PatchNames(), "; "), string(row.Effect),
		string(row.State), string(row.ExpectedState), row.Reason,
	}
	build, trials := "", ""
	if row.Cost != nil {
		build, trials = seconds(row.Cost.Build), seconds(row.Cost.Trials)
	}
	after = []string{
		row.Toolchain, row.Adapter, strings.TrimPrefix(row.Replace, "=> "), row.Server, row.Binary, row.Source.Sum,
		build, trials, csvTime(g.Generated),
		string(cmp.Or(row.Source.Kind, matrix.SourceRelease)), row.Source.Base(),
	}
	return before, after
}

// csvCells returns the fields of each cell of a row. If the row was not run, that
// is one record without a scenario.
func csvCells(g *matrix.Grid, row *matrix.GridRow, s standings) (all [][]string) {
	if row.State != matrix.StateOK {
		how, _ := s.ofRow(row)
		return [][]string{csvNoCell(matrix.Scenario{}, how)}
	}
	for i, scenario := range g.Columns {
		c := &row.Cells[i].Cell
		if c.Verdict == "" {
			all = append(all, csvNoCell(scenario, unknown))
			continue
		}
		how, _ := s.ofCell(row, c)
		if how == asExpected && c.Expected == "" && !scenario.Kind.Invariant() {
			how = "" // nothing is expected
		}
		all = append(all, csvCell(scenario, c, how, g.Words))
	}
	return all
}

// csvFamily returns the fields of the family of a scenario. They are empty if it is in none.
func csvFamily(g *matrix.Grid, scenario string) []string {
	for _, f := range familiesOf(g, []string{scenario}) {
		return []string{f.Name, f.Title}
	}
	return []string{"", ""}
}

// csvFrom returns the field that says where the trials of a cell are from, if they ran
// elsewhere.
func csvFrom(row *matrix.GridRow, scenario string) []string {
	for i := range row.Cells {
		if row.Cells[i].Scenario == scenario {
			return []string{row.Cells[i].From}
		}
	}
	return []string{""}
}

// csvCellFields is the number of fields that a cell has.
const csvCellFields = 17

// csvNoCell returns the fields of a cell that the row does not have. Its numbers are
// empty, because zeros would be results.
func csvNoCell(s matrix.Scenario, how standing) []string {
	fields := make([]string, csvCellFields)
	copy(fields, []string{s.Name, string(s.Kind), s.Title, "", "", string(how)})
	return fields
}

// csvCell returns the fields of a cell.
func csvCell(s matrix.Scenario, c *matrix.Cell, how standing, w matrix.Words) []string {
	rate, low, high := "", "", ""
	if c.Trials > 0 {
		rate = csvFraction(float64(c.Leaks) / float64(c.Trials))
	}
	if c.Interval != nil {
		low, high = csvFraction(c.Interval[0]), csvFraction(c.Interval[1])
	}
	var saw []string
	for _, one := range c.Saw {
		about := strings.Join(strings.Fields(Part(one, w)+" "+Code(one)), " ")
		saw = append(saw, strings.TrimRight(one.Side+" "+about, " ")+": "+one.Error)
	}
	return []string{
		s.Name, string(s.Kind), s.Title, string(c.Verdict), string(c.Expected), string(how),
		strconv.Itoa(c.Leaks), strconv.Itoa(c.Trials), strconv.Itoa(c.Inconclusive), rate, low, high, string(c.Severity), c.Reason,
		strings.Join(saw, "; "), strings.Join(c.Evidence, "; "), c.Unread,
	}
}

// csvTime writes a time after RFC 3339, and nothing for the zero time.
func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// csvFraction writes a number with all its digits.
func csvFraction(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// formulas are the characters that begin a formula in some spreadsheet. The wide
// ones do in a Japanese one.
const formulas = "=+-@\t\r\n＝＋－＠"

// noFormula returns a text that no spreadsheet takes for a formula.
func noFormula(text string) string {
	if text != "" && strings.ContainsRune(formulas, []rune(text)[0]) {
		return "'" + text
	}
	return text
}
