package main

import (
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

// timesUsage tells of --times, which plan and run have.
const timesUsage = "divide the rows by what they took in a results.json, a `FILE` (default what the program came with)"

// timesOf returns what the rows of a suite took, by a results.json or by the
// published one. A file that has no such times is bad input; a suite of which
// nothing was published has none.
func timesOf(file string, suite *matrix.Spec) (plan.Times, error) {
	if file == "" && !find.IsShipped(suite.Suite) {
		return nil, nil
	}
	results, err := readTimed(file, suite)
	if err != nil {
		return nil, err
	}
	if results.Suite != suite.Suite || results.Target != suite.Target.Module {
		if file == "" { // this suite only has the name of a shipped one
			return nil, nil
		}
		return nil, matrix.Mistake("--times %s: it has the suite %q, with the target %s: want a results.json of %s", file, results.Suite, results.Target, suite.Suite)
	}
	times := make(plan.Times)
	for i := range results.Rows {
		row := &results.Rows[i]
		if cost, ok := results.Costs[row.ID]; ok {
			// Whole milliseconds, so that sums do not depend on their order.
			ms := min(max(0, (cost.Build+cost.Trials)*1000), 1e12)
			times[row.ID] = plan.Time{Toolchain: row.Toolchain, CPU: time.Duration(ms) * time.Millisecond}
		}
	}
	if file != "" && len(times) == 0 {
		return nil, matrix.Mistake("--times %s: it does not say what its rows took: want a results.json with costs", file)
	}
	return times, nil
}

// readTimed reads the results whose times are used.
func readTimed(file string, suite *matrix.Spec) (*matrix.Results, error) {
	if file == "" {
		return find.Published(suite.Suite)
	}
	return output.Read(file)
}
