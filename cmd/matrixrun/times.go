package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	published "github.com/matrixrun/matrixrun/results"
)

// timesUsage tells of --times, which plan and run have.
const timesUsage = "divide the rows by what they took in a results.json, a `FILE` (default what the program came with)"

// shippedResults are what was published of each shipped suite when the program
// was made. They are the same for all who have that program, as the record of a
// machine is not.
var shippedResults = map[string][]byte{"zerortt": published.Zerortt}

// timesOf reads what the rows of a suite took, from a results.json or from what
// was published. What is no such file is bad input.
func timesOf(file string, suite *matrix.Spec) (plan.Times, error) {
	if file == "" {
		times, _, err := readTimes(shippedResults[suite.Suite], suite)
		if err != nil {
			return nil, nil //nolint:nilerr // another suite of that name: nothing was published of it
		}
		return times, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, wrongInput("--times: %v", err)
	}
	times, known, err := readTimes(data, suite)
	if err != nil {
		return nil, wrongInput("--times %s: %v: want a results.json of %s", file, err, suite.Suite)
	}
	if !known {
		return nil, wrongInput("--times %s: it does not say what its rows took: want a results.json with costs", file)
	}
	return times, nil
}

// wrongInput is one mistake of the command line.
func wrongInput(format string, args ...any) matrix.Problems {
	var problems matrix.Problems
	problems.Add("", 0, format, args...)
	return problems
}

// readTimes reads a results.json as far as it tells what rows took, and whether
// it does. No file at all tells nothing.
func readTimes(data []byte, suite *matrix.Spec) (times plan.Times, known bool, err error) {
	if len(data) == 0 {
		return nil, false, nil
	}
	var file struct {
		Schema int
		Suite  string
		Target string
		Rows   []struct{ ID, Toolchain string }
		Costs  map[string]matrix.CPU
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, false, err
	}
	if file.Schema != matrix.SchemaVersion {
		return nil, false, fmt.Errorf("it has the schema %d, this program reads %d", file.Schema, matrix.SchemaVersion)
	}
	if file.Suite != suite.Suite || file.Target != suite.Target.Module {
		return nil, false, fmt.Errorf("it is of the suite %q, with the target %s", file.Suite, file.Target)
	}
	times = make(plan.Times)
	for _, row := range file.Rows {
		if cost, ok := file.Costs[row.ID]; ok {
			// As whole milliseconds, so that sums do not depend on their order.
			ms := min(max(0, (cost.Build+cost.Trials)*1000), 1e12)
			times[row.ID] = plan.Time{Toolchain: row.Toolchain, CPU: time.Duration(ms) * time.Millisecond}
		}
	}
	return times, len(times) > 0, nil
}
