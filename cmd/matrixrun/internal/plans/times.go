// Package plans shows the plan of a run, and divides it among machines by the time
// that its rows took before.
package plans

import (
	"context"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

// An Effort says how many trials of each cell a run makes, as its flags do.
type Effort struct {
	Trials int // the most proven trials; negative for the number in matrix.yaml
	Fixed  bool
	Sure   bool
}

// Times returns how long each row of a plan is expected to take: as long as in the results in a
// file, or in the published ones if file is "", with the trials that the effort makes. It
// returns nil if no results of the suite were published. It is bad input if the results are
// those of another suite, or have no times.
func Times(ctx context.Context, file string, suite *matrix.Spec, todo *matrix.Plan, effort Effort) (plan.Times, error) {
	if file == "" && !find.IsShipped(suite.Suite) {
		return nil, nil
	}
	var results *matrix.Results
	var err error
	if file == "" {
		results, err = find.Published(suite.Suite)
	} else {
		results, err = output.Read(ctx, file)
	}
	if err != nil {
		return nil, err
	}
	if results.Suite != suite.Suite || results.Target != suite.Target.Module {
		if file == "" { // the suite only has the name of a shipped one
			return nil, nil
		}
		return nil, matrix.Mistake("--times %s: it has the suite %q, with the target %s: want a results.json of %s", file, results.Suite, results.Target, suite.Suite)
	}
	times := expected(results, effort.of(suite, todo))
	if file != "" && len(times) == 0 {
		return nil, matrix.Mistake("--times %s: it does not say what its rows took: want a results.json with costs", file)
	}
	return times, nil
}

// expected returns how long each row of results would take in a run that makes as many trials of
// a cell as tries returns. Published results have up to 5,000 trials of a cell, to be sure, and a
// run that makes ten must not be divided by those.
func expected(results *matrix.Results, tries func(*matrix.Cell) int) plan.Times {
	ran := make(map[string]int)
	for i := range results.Rows {
		row := &results.Rows[i]
		ran[row.Binary] = max(ran[row.Binary], sum(row, func(c *matrix.Cell) int { return c.Trials }))
	}
	times := make(plan.Times)
	for i := range results.Rows {
		row := &results.Rows[i]
		cost, ok := results.Costs[row.ID]
		if !ok {
			continue
		}
		trials := milliseconds(cost.Trials)
		// Rows with the same binary share its trials, and each has the cost of all of them.
		if n := ran[row.Binary]; n > 0 {
			trials = trials * int64(sum(row, tries)) / int64(n)
		}
		took := milliseconds(cost.Build) + trials
		times[row.ID] = plan.Time{Toolchain: row.Toolchain, CPU: time.Duration(took) * time.Millisecond}
	}
	return times
}

// of returns a function that returns how many proven trials a run of a plan makes of a cell that
// an earlier run has settled.
func (e Effort) of(suite *matrix.Spec, todo *matrix.Plan) func(*matrix.Cell) int {
	runs := make(map[string]bool)
	for i := range todo.Scenarios {
		runs[todo.Scenarios[i].Name] = true
	}
	most := suite.MostTrials(e.Trials)
	return func(c *matrix.Cell) int {
		switch n := c.Trials; {
		case !runs[c.Scenario]:
			return 0
		case e.Sure || n == 0:
			return n
		case e.Fixed:
			return most
		default:
			return min(n, most)
		}
	}
}

// sum returns the sum of a function over the cells of a row.
func sum(row *matrix.RowResult, of func(*matrix.Cell) int) (n int) {
	const bound = 1 << 30 // keeps sums in range
	for i := range row.Cells {
		n = min(n+min(of(&row.Cells[i]), bound), bound)
	}
	return n
}

// milliseconds converts seconds, at most a day. Unlike those of floats, sums of whole numbers do
// not depend on the order.
func milliseconds(seconds float64) int64 {
	const day = 24 * 60 * 60 * 1000
	return int64(min(max(0, seconds*1000), day))
}
