package grid

import (
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// Intervals tells how each scenario went over the releases, for every list of
// patches that a row has: first the releases as they are, then the lists in
// the order in which they first come. A row without the cell counts with its
// state, so that no interval ever spans a release of which nothing is known.
func Intervals(rows []matrix.RowResult, scenarios []matrix.Scenario) []matrix.Interval {
	intervals := []matrix.Interval{}
	for _, s := range allSeries(rows) {
		for _, scenario := range scenarios {
			intervals = append(intervals, matrix.Interval{
				Scenario: scenario.Name,
				Patches:  s.patches,
				Ranges:   runs(s.rows, verdict(scenario.Name)),
			})
		}
	}
	return intervals
}

// A series is all rows with the same patches, by version.
type series struct {
	patches []string
	rows    []matrix.RowResult
}

func allSeries(rows []matrix.RowResult) []series {
	var all []series
	for _, row := range inOrder(rows) {
		patches := names(&row)
		i := slices.IndexFunc(all, func(s series) bool { return slices.Equal(s.patches, patches) })
		if i < 0 {
			i = len(all)
			all = append(all, series{patches: patches})
		}
		all[i].rows = append(all[i].rows, row)
	}
	slices.SortStableFunc(all, func(a, b series) int { return min(len(a.patches), 1) - min(len(b.patches), 1) })
	return all
}

// runs divides rows into runs of neighbours that a question has one answer to.
func runs(rows []matrix.RowResult, ask func(*matrix.RowResult) string) []matrix.Range {
	ranges := []matrix.Range{}
	for i := range rows {
		answer, at := ask(&rows[i]), version(&rows[i])
		if n := len(ranges); n > 0 && ranges[n-1].Verdict == answer {
			ranges[n-1].To = at
			ranges[n-1].Rows++
			continue
		}
		ranges = append(ranges, matrix.Range{Verdict: answer, From: at, To: at, Rows: 1})
	}
	return ranges
}

// verdict asks a row for the verdict on a scenario.
func verdict(scenario string) func(*matrix.RowResult) string {
	return func(row *matrix.RowResult) string {
		if c, ok := row.Cell(scenario); ok {
			return string(c.Verdict)
		}
		return string(row.State)
	}
}
