package grid

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// New makes the table of a run's results. Rows are put in the order of their
// versions; of one version they stay as they are.
func New(r *matrix.Results) *matrix.Grid {
	rows := matrix.ByVersion(r.Rows)
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
		Trials:       trials(rows),
		Weakest:      weakest(rows),
		Columns:      slices.Clone(r.Scenarios),
		Intervals:    matrix.Intervals(rows, r.Scenarios),
		Answers:      answers(rows, r.Scenarios),
		Differences:  differences(rows, r.Scenarios),
		Unknown:      unknown(rows, r.Scenarios),
	}
	adviser := NewAdviser(r)
	// Footnotes are numbered as rows are made, hence in reading order.
	var notes footnotes
	built := make(map[string]string) // by binary, the first row that has it
	for i := range rows {
		row := &rows[i]
		twin := built[row.Binary]
		if twin == "" && row.Binary != "" {
			built[row.Binary] = row.ID
		}
		line := matrix.GridRow{RowResult: *row, Label: row.ID, Notes: notes.ofRow(row, twin, g), Advice: adviser.on(i)}
		if i > 0 && len(row.Patches) > 0 && row.Version() == rows[i-1].Version() {
			line.Label = "  + " + label(row)
		}
		if cost, ok := r.Costs[row.ID]; ok {
			line.Cost = &cost
		}
		line.Cells = gridCells(row, r.Scenarios, &notes)
		g.Rows = append(g.Rows, line)
	}
	g.Footnotes = notes
	g.Legend = legend(g.Rows)
	return g
}

// usual is the toolchain that goes without saying: the newest release's.
func usual(rows []matrix.RowResult) string {
	for _, row := range slices.Backward(rows) {
		if row.Toolchain != "" {
			return row.Toolchain
		}
	}
	return ""
}

// server is the release whose servers all rows were tried against, if it is one.
func server(rows []matrix.RowResult) string {
	for _, row := range rows {
		if row.Server != rows[0].Server {
			return ""
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return rows[0].Server
}

// trials returns the fewest and the most trials on which a verdict rests.
func trials(rows []matrix.RowResult) [2]int {
	var bounds [2]int
	for c := range judged(rows) {
		if bounds[0] == 0 || c.Trials < bounds[0] {
			bounds[0] = c.Trials
		}
		bounds[1] = max(bounds[1], c.Trials)
	}
	return bounds
}

// weakest returns the clean cell whose interval reaches highest.
func weakest(rows []matrix.RowResult) *matrix.Cell {
	var most *matrix.Cell
	for c := range judged(rows) {
		if c.Verdict != matrix.VerdictClean || c.Interval == nil {
			continue
		}
		if most == nil || c.Interval[1] > most.Interval[1] {
			most = &c
		}
	}
	return most
}

// judged yields the cells whose verdict is known.
func judged(rows []matrix.RowResult) func(yield func(matrix.Cell) bool) {
	return func(yield func(matrix.Cell) bool) {
		for i := range rows {
			for _, c := range rows[i].Cells {
				if c.Verdict.Known() && !yield(c) {
					return
				}
			}
		}
	}
}
