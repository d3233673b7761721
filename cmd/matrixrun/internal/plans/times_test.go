package plans

import (
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestExpected checks that a run is not expected to take the time of trials that it does not
// make.
func TestExpected(t *testing.T) {
	cell := func(scenario string, trials int) matrix.Cell { return matrix.Cell{Scenario: scenario, Trials: trials} }
	results := &matrix.Results{
		Rows: []matrix.RowResult{
			{ID: "v1.0.0", Toolchain: "go1", Binary: "a", Cells: []matrix.Cell{cell("x", 900), cell("y", 90), cell("z", 10)}},
			{ID: "v1.0.1", Toolchain: "go1", Binary: "a", Cells: []matrix.Cell{cell("x", 100), cell("y", 90), cell("z", 10)}}, // shares the binary, and is judged by fewer of its trials
			{ID: "v1.1.0", Toolchain: "go1", Binary: "b", Cells: []matrix.Cell{cell("x", 4), cell("y", 0), cell("z", 0)}},
			{ID: "v1.2.0", Toolchain: "go1"},                                                      // was not built
			{ID: "v1.3.0", Binary: "d", Cells: []matrix.Cell{cell("x", 1)}},                       // has no costs
			{ID: "v1.4.0", Binary: "f", Cells: []matrix.Cell{cell("x", 1<<62), cell("y", 1<<62)}}, // out of range
		},
		Costs: map[string]matrix.CPU{
			"v1.0.0": {Build: 2, Trials: 100}, "v1.0.1": {Build: 0.5, Trials: 100}, "v1.1.0": {Build: 3, Trials: 0.4},
			"v1.2.0": {Build: 7}, "v1.4.0": {Build: 1e300, Trials: 1e300},
		},
	}
	suite := &matrix.Spec{Trials: 10}
	all := []matrix.Scenario{{Name: "x"}, {Name: "y"}, {Name: "z"}}
	const ms, day = time.Millisecond, 24 * time.Hour
	for _, test := range []struct {
		effort    Effort
		scenarios []matrix.Scenario
		want      map[string]time.Duration
	}{
		{Effort{Trials: -1, Sure: true}, all, map[string]time.Duration{"v1.0.0": 102000 * ms, "v1.0.1": 20500 * ms, "v1.1.0": 3400 * ms, "v1.2.0": 7000 * ms, "v1.4.0": 2 * day}},
		{Effort{Trials: -1}, all, map[string]time.Duration{"v1.0.0": 5000 * ms, "v1.0.1": 3500 * ms, "v1.1.0": 3400 * ms, "v1.2.0": 7000 * ms, "v1.4.0": day + time.Duration(day.Milliseconds()*20>>30)*time.Millisecond}},
		{Effort{Trials: 50}, all, map[string]time.Duration{"v1.0.0": 13000 * ms, "v1.0.1": 11500 * ms, "v1.1.0": 3400 * ms}},
		{Effort{Trials: 50, Fixed: true}, all, map[string]time.Duration{"v1.0.0": 17000 * ms, "v1.0.1": 15500 * ms, "v1.1.0": 8000 * ms}},
		{Effort{Trials: -1}, all[:1], map[string]time.Duration{"v1.0.0": 3000 * ms, "v1.0.1": 1500 * ms, "v1.1.0": 3400 * ms}},
		{Effort{Trials: -1, Sure: true}, all[1:], map[string]time.Duration{"v1.0.0": 12000 * ms, "v1.0.1": 10500 * ms, "v1.1.0": 3000 * ms}},
	} {
		got := expected(results, test.effort.of(suite, &matrix.Plan{Scenarios: test.scenarios}))
		if want := len(results.Costs); len(got) != want {
			t.Errorf("%+v: %d rows, want %d", test.effort, len(got), want)
		}
		for id, want := range test.want {
			if took := got[id].CPU; took != want {
				t.Errorf("%+v: %s takes %v, want %v", test.effort, id, took, want)
			}
		}
	}
}
