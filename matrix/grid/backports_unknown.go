package grid

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// unknown returns what could not be found out: of the table of the run, and what
// the releases' own tests say.
func (m *backporter) unknown() []matrix.Finding {
	out := unknown(m.rows, m.scenarios)
	for i := range m.rows {
		if u := m.rows[i].Upstream; u != nil && u.Unknown != "" {
			out = append(out, matrix.Finding{
				Row:  m.rows[i].ID,
				Text: fmt.Sprintf("%s: the result of the release's own tests is not known: %s. Run again when that is fixed", m.rows[i].ID, matrix.Gist(u.Unknown)),
			})
		}
	}
	out = append(out, m.idle()...)
	for i := range m.rows {
		row, base := &m.rows[i], matrix.BaseOf(&m.rows[i], m.rows)
		if base == nil || !ran(row) || !ran(base) || slices.ContainsFunc(out, func(f matrix.Finding) bool { return f.Row == row.ID || f.Row == base.ID }) {
			continue // it is a release, or there is a finding about it
		}
		if doubt := m.unjudged(i, base); doubt != "" {
			out = append(out, matrix.Finding{Row: row.ID, Text: fmt.Sprintf("%s: what the patches do is not known: %s", row.ID, doubt)})
		}
	}
	return out
}

// unjudged says why nobody knows what the patches of row i do: a scenario has an answer without
// them and none with them, or came out clean in too few trials. It is empty if it is known.
func (m *backporter) unjudged(i int, base *matrix.RowResult) string {
	row := &m.rows[i]
	for _, was := range base.Cells {
		is, ok := row.Cell(was.Scenario)
		if ok && row.Effect == "" && was.Verdict.Known() && !is.Verdict.Known() {
			return fmt.Sprintf("%s is %s without them, and %s with them", was.Scenario, m.words.Name(was.Verdict), m.words.Name(is.Verdict))
		}
		cured := was.Verdict.Leaks() && is.Verdict == matrix.VerdictClean
		if note := faint(m.rows, i, is); cured && note != "" {
			return was.Scenario + ": " + note
		}
	}
	return ""
}

// idle returns a finding for each column whose patches change no verdict although something leaks
// without them, if nobody said what they should cure. They may be for something else, or for
// nothing. If the tests of the release were run too, somebody knows that the suite may not
// measure what the patches do.
func (m *backporter) idle() (out []matrix.Finding) {
	for _, column := range m.columns {
		var first *matrix.RowResult
		told := false // some row says what the patches do, or why not
		for _, row := range m.inColumn(column) {
			base := matrix.BaseOf(row, m.rows)
			told = told || len(row.Fixes) > 0 || row.Upstream != nil || row.Effect != matrix.EffectUnmeasured
			if first == nil && base != nil && len(leaking(base, m.scenarios)) > 0 {
				first = row
			}
		}
		if first != nil && !told {
			out = append(out, matrix.Finding{Row: first.ID, Text: fmt.Sprintf("%s: the same scenarios %s with the patches and without. Name those that the patches should cure with --fix, or use --fix none", first.ID, m.words.Leak.Many)})
		}
	}
	return out
}
