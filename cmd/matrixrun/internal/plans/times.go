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

// Times returns what the rows of a suite took, by the results of --times, or by the
// published ones if file is empty. It returns nil if nothing was published of the
// suite. It is bad input if a file has other results, or no times.
func Times(ctx context.Context, file string, suite *matrix.Spec) (plan.Times, error) {
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
