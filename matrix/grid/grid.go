package grid

import (
	"cmp"
	"iter"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// New makes the table of a run's results. Its rows are sorted by version; rows of
// one version keep their order.
func New(r *matrix.Results) *matrix.Grid {
	rows, w := matrix.ByVersion(r.Rows), r.Words.Complete()
	doubts, faints, rebuilds := doubtful(rows, r.Scenarios, w), allFaint(rows), allRebuilt(rows)
	careful, depends := withoutDependent(rebuilds, rows, r.Scenarios, w)
	g := &matrix.Grid{
		Suite:        r.Suite,
		Target:       r.Target,
		Generated:    r.Generated,
		Matrixrun:    r.Matrixrun,
		Lock:         r.Lock,
		Reproduction: r.Reproduction,
		Host:         r.Host,
		Toolchain:    usual(rows),
		Server:       server(rows),
		Since:        r.Since,
		Unaffected:   r.Unaffected,
		Untried:      r.Untried,
		Words:        w,
		Trials:       trials(rows),
		Weakest:      weakest(rows),
		Columns:      byFamily(r),
		Intervals:    matrix.Intervals(r),
		Question:     r.Question,
		Who:          r.Who,
		Families:     families(r, careful),
		Doubts:       doubts,
		Sure:         certainty(r, rows, w),
		Elsewhere:    fromElsewhere(rows),
		Differences:  differences(rows, r.Scenarios, w),
		Unknown:      unknown(rows, r.Scenarios),
	}
	var silent []matrix.Finding
	g.Published, silent = published(r, rows, careful, doubts, faints)
	if g.Trials[1] > 0 { // otherwise, unasked has a finding that nothing was found out
		g.Unknown = append(g.Unknown, silent...)
	}
	g.Answers, g.Details = sentencesOf(r, rows, rebuilds, w)
	advice := advisers(r, rows, careful, depends, doubts, faints)
	// Rows add their footnotes as they are made, so that the numbers are in
	// reading order.
	notes := footnotes{words: w}
	labels := Labels(rows, r.Target)
	built := make(map[string]string) // by binary, the ID of the first row that has it
	for i := range rows {
		row := &rows[i]
		// A patch may change only what the reproduction does not link, and a release
		// only its tests: then two rows have one binary, and one set of trials.
		twin := built[row.Binary]
		if twin == "" && row.Binary != "" {
			built[row.Binary] = row.ID
		}
		line := matrix.GridRow{RowResult: *row, Label: labels[i]}
		line.Advice, line.AsBuilt = advice(i)
		about := ""
		if !addsPatches(rows, i) { // else the row above says it
			about = aboutTarget(row, labels[i] != row.ID)
		}
		line.Notes = notes.ofRow(row, twin, about, g)
		if row.Source.Likeness != nil {
			line.Near = nearTo(&row.Source)
		}
		if cost, ok := r.Costs[row.ID]; ok {
			line.Cost = &cost
		}
		otherwise := func(c matrix.Cell) string { return elsewise(rebuilds, row, c, w) }
		doubt := func(c matrix.Cell) string { return cmp.Or(doubts[c.Scenario], faints[i][c.Scenario]) }
		line.Cells = gridCells(row, g.Columns, otherwise, doubt, &notes)
		for k := range line.Cells {
			line.Cells[k].Faint = faints[i][line.Cells[k].Scenario] != ""
		}
		g.Rows = append(g.Rows, line)
	}
	g.Footnotes = notes.texts
	g.Legend = legend(g.Rows, w)
	return g
}

// sentencesOf returns the answers, and their details: with families, the answers are about
// these, and the details are about each scenario. Rows are sorted by version.
func sentencesOf(r *matrix.Results, rows []matrix.RowResult, rebuilds []rebuilt, w matrix.Words) (short, details []string) {
	all := answers(rows, r.Untried, r.Scenarios, w)
	rest := append(aboutToolchains(rebuilds, rows, r.Scenarios, w), others(rows, r.Scenarios, w)...)
	rest = append(rest, whereTried(r)...)
	if len(r.Families) == 0 {
		return append(all, rest...), nil
	}
	return append(inShort(r, rows, w), rest...), all
}

// scenariosWith returns the scenarios that have some verdict in any row.
func scenariosWith(rows []matrix.RowResult, v matrix.Verdict) map[string]bool {
	found := make(map[string]bool)
	for i := range rows {
		for k := range rows[i].Cells {
			if c := &rows[i].Cells[k]; c.Verdict == v {
				found[c.Scenario] = true
			}
		}
	}
	return found
}

// usual returns the toolchain of the newest release, or if that is not known, of the newest
// row. Only rows with another one get a footnote about it.
func usual(rows []matrix.RowResult) (toolchain string) {
	for _, row := range slices.Backward(rows) {
		if row.Toolchain != "" && row.Source.IsRelease() {
			return row.Toolchain
		}
		toolchain = cmp.Or(toolchain, row.Toolchain)
	}
	return toolchain
}

// server returns the release whose servers all rows ran against. It is empty if
// there is no single one.
func server(rows []matrix.RowResult) string {
	if len(rows) == 0 || slices.ContainsFunc(rows, func(row matrix.RowResult) bool { return row.Server != rows[0].Server }) {
		return ""
	}
	return rows[0].Server
}

// trials returns the fewest and the most trials of a cell with a known verdict.
func trials(rows []matrix.RowResult) [2]int {
	var bounds [2]int
	for c := range knownCells(rows) {
		if bounds[0] == 0 || c.Trials < bounds[0] {
			bounds[0] = c.Trials
		}
		bounds[1] = max(bounds[1], c.Trials)
	}
	return bounds
}

// weakest returns the clean cell whose interval reaches highest, nil if no cell is
// clean.
func weakest(rows []matrix.RowResult) *matrix.Cell {
	var most *matrix.Cell
	for c := range knownCells(rows) {
		if c.Verdict != matrix.VerdictClean || c.Interval == nil {
			continue
		}
		if most == nil || c.Interval[1] > most.Interval[1] {
			most = c
		}
	}
	return most
}

// knownCells yields the cells whose verdict says what the target does.
func knownCells(rows []matrix.RowResult) iter.Seq[*matrix.Cell] {
	return func(yield func(*matrix.Cell) bool) {
		for i := range rows {
			for k := range rows[i].Cells {
				if c := &rows[i].Cells[k]; c.Verdict.Known() && !yield(c) {
					return
				}
			}
		}
	}
}
