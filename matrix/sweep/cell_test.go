package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
)

// Scenarios whose names begin with shaky are flaky when others run at the same time.
// Those whose names begin with shakyAlways are flaky when they run alone, too.
const (
	shaky       = "shaky"
	shakyAlways = "shaky-always"
)

// shake reports trials. The first one leaks in the first process of a scenario, and in
// later processes if the scenario is shakyAlways. A later process fails if another
// one runs: files next to the program say which do.
func shake(program, scenario string, n int) {
	here := program + ".running." + scenario
	_ = os.WriteFile(here, nil, 0o666)
	defer os.Remove(here)
	again := os.Mkdir(program+".ran."+scenario, 0o777) != nil
	time.Sleep(20 * time.Millisecond) // so that others are seen
	if running, _ := filepath.Glob(program + ".running.*"); again && len(running) > 1 {
		fmt.Fprintln(os.Stderr, "not alone:", running)
		return
	}
	for i := range n {
		outcome := "clean"
		if i == 0 && (!again || scenario == shakyAlways) {
			outcome = "leak"
		}
		fmt.Printf(`{"scenario": %q, "trial": %d, "outcome": %q, "proof": {"next_used": true}, "saw": [{"side": "server"}]}`+"\n", scenario, i, outcome)
	}
}

// TestFlakyCellsRunApart tries several cells at the same time, most of them flaky.
func TestFlakyCellsRunApart(t *testing.T) {
	plan := unsupported("v0.1.0")
	var mu sync.Mutex
	apart := 0
	s := newSweep(t, plan, Options{Trials: 6}, func(e matrix.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Step.Stage == "apart" {
			apart++
		}
	})
	a := keep(t, s.store.Store, "4444444444444444444444444444444444444444444444444444444444444444")
	clean := matrix.Cell{Verdict: matrix.VerdictClean, Trials: 6}
	want := map[string]matrix.Cell{shakyAlways: {
		Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 6,
		Reason: "1 of 6 trials had the defect, and 1 of 6 when it ran alone",
		Runs:   []matrix.Count{{Leaks: 1, Trials: 6}, {Leaks: 1, Trials: 6}},
	}, "a": clean, "b": clean}
	for i := range 4 {
		want[fmt.Sprint(shaky, i)] = matrix.Cell{
			Verdict: matrix.VerdictFlaky, Leaks: 1, Trials: 12,
			Reason: "1 of 6 trials had the defect, and 0 of 6 when it ran alone",
			Runs:   []matrix.Count{{Leaks: 1, Trials: 6}, {Trials: 6}},
		}
	}
	all := func() (executed int) {
		t.Helper()
		var group sync.WaitGroup
		for name, want := range want {
			group.Go(func() {
				w := work{sweep: s, row: plan.Rows[0]}
				got, err := w.cell(t.Context(), a, probe(name))
				want.Scenario, want.Interval, want.Saw = name, judge.Interval(want.Leaks, want.Trials), got.Saw
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%s: %v, -want +got:\n%s", name, err, diff)
				}
				mu.Lock()
				defer mu.Unlock()
				executed += w.effort.trials
			})
		}
		group.Wait()
		return executed
	}
	if got := all(); got != 7*6+5*6 || apart != 5 {
		t.Errorf("%d trials were executed, %d times apart: want 72, and 5", got, apart)
	}
	if got := all(); got != 0 {
		t.Errorf("with both runs in the record, %d trials were executed", got)
	}
}

// TestBudget settles a cell early by the suite's sequential test, and not if all
// trials are asked for. The trials that settled it count as some of these.
func TestBudget(t *testing.T) {
	plan := unsupported("v0.1.0")
	s := newSweep(t, plan, Options{Trials: 12}, func(matrix.Event) {})
	s.spec.Settle = &matrix.Sequential{P0: 0.05, P1: 0.5, Alpha: 0.01, Beta: 0.01}
	a := keep(t, s.store.Store, "5555555555555555555555555555555555555555555555555555555555555555")
	for _, test := range []struct {
		fixed         bool
		trials, extra int
	}{{false, 8, 8}, {true, 12, 4}, {false, 8, 0}} {
		s.opts.Fixed = test.fixed
		w := work{sweep: s, row: plan.Rows[0]}
		c, err := w.cell(t.Context(), a, probe("a"))
		if err != nil || c.Verdict != matrix.VerdictClean || c.Trials != test.trials || w.effort.trials != test.extra {
			t.Errorf("fixed %v: %s after %d trials, %d executed (%v), want %d and %d", test.fixed, c.Verdict, c.Trials, w.effort.trials, err, test.trials, test.extra)
		}
	}
}
