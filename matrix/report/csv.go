package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// csvColumns is the header of CSV. Columns are added at the end; none changes its
// name or its place, since spreadsheets count on both.
var csvColumns = []string{
	"suite", "target", "row", "version", "released", "module", "rehomed", "patches", "effect",
	"state", "expected_state", "state_reason",
	"scenario", "kind", "title", "verdict", "expected", "standing",
	"leaks", "trials", "inconclusive", "rate", "interval_low", "interval_high", "severity", "reason",
	"saw", "evidence", "no_second_opinion",
	"toolchain", "adapter", "replace_by", "server", "binary", "sum", "build_cpu_s", "trials_cpu_s", "generated",
}

// CSV writes a line for each cell, after RFC 4180: with a header, lines that end
// with CR LF, and in UTF-8. A row without cells has one line, whose scenario is
// empty. Lists have their entries apart by "; ". Rates are fractions of 1, times CPU
// seconds of the whole row.
//
// A spreadsheet takes some texts for formulas, and some of these come from outside:
// they begin with an apostrophe, as it would write them itself.
func CSV(w io.Writer, g *matrix.Grid) error {
	out := csv.NewWriter(w)
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
			if err := write(slices.Concat(before, cell, after)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// csvCells returns the fields of each cell of a row; of a row that never came to run
// those of none.
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
		if how == stands && c.Expected == "" && !scenario.Kind.Invariant() {
			how = "" // nothing is expected
		}
		all = append(all, csvCell(scenario, c, how))
	}
	return all
}

// csvNoCell returns the fields of a cell that is not there: no numbers, since a
// nought would be one.
func csvNoCell(s matrix.Scenario, how standing) []string {
	fields := make([]string, csvCellFields)
	copy(fields, []string{s.Name, string(s.Kind), s.Title, "", "", string(how)})
	return fields
}

// csvRow returns the fields of a row that stand before those of its cells, and
// those after them.
func csvRow(g *matrix.Grid, row *matrix.GridRow) (before, after []string) {
	before = []string{
		g.Suite, g.Target, row.ID, row.Source.Version, csvTime(row.Source.Time), row.Source.Module,
		strconv.FormatBool(row.Source.Rehomed), strings.Join(row.PatchNames(), "; "), string(row.Effect),
		string(row.State), string(row.ExpectedState), row.Reason,
	}
	build, trials := "", ""
	if cost := row.Cost; cost != nil {
		build, trials = seconds(cost.Build), seconds(cost.Trials)
	}
	after = []string{
		row.Toolchain, row.Adapter, strings.TrimPrefix(row.Replace, "=> "), row.Server, row.Binary, row.Source.Sum,
		build, trials, csvTime(g.Generated),
	}
	return before, after
}

// csvCellFields is how many of the columns are about the cell.
const csvCellFields = 17

// csvCell returns the fields of a cell.
func csvCell(s matrix.Scenario, c *matrix.Cell, how standing) []string {
	rate, low, high := "", "", ""
	if c.Trials > 0 {
		rate = csvFraction(float64(c.Leaks) / float64(c.Trials))
	}
	if c.Interval != nil {
		low, high = csvFraction(c.Interval[0]), csvFraction(c.Interval[1])
	}
	var seen []string
	for _, one := range c.Saw {
		where := "connection"
		if one.Stream >= 0 {
			where = fmt.Sprintf("stream %d", one.Stream)
		}
		seen = append(seen, fmt.Sprintf("%s %s code %d: %s", one.Side, where, one.Code, one.Error))
	}
	return []string{
		s.Name, string(s.Kind), s.Title, string(c.Verdict), string(c.Expected), string(how),
		strconv.Itoa(c.Leaks), strconv.Itoa(c.Trials), strconv.Itoa(c.Inconclusive), rate, low, high, string(c.Severity), c.Reason,
		strings.Join(seen, "; "), strings.Join(c.Evidence, "; "), c.Unread,
	}
}

func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func csvFraction(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// formulas are the characters with which a formula begins in some spreadsheet; the
// wide ones do where Japanese is the language.
const formulas = "=+-@\t\r\n＝＋－＠"

// noFormula returns a text that no spreadsheet takes for a formula.
func noFormula(text string) string {
	if text != "" && strings.ContainsRune(formulas, []rune(text)[0]) {
		return "'" + text
	}
	return text
}
