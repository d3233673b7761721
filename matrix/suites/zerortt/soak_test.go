//go:build soak

package zerortt

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// soakTrials is the number of trials if $SOAK_TRIALS is not set.
const soakTrials = 10_000

// Medians that trials should stay below. The test only prints a note if they do not,
// since the time of a trial depends on the machine.
const (
	boundPlain  = 5 * time.Millisecond
	boundQueued = 25 * time.Millisecond // if the trial fills a send queue first
)

// TestSoak runs all scenarios on the oldest release of each API era and on the
// newest release, while other work loads every core. No trial may be misjudged, and
// fewer than one in a thousand may be inconclusive. Cells that can prove nothing
// are left out.
//
// It takes minutes. make soak runs it.
func TestSoak(t *testing.T) {
	suite, todo := planSoak(t)
	per := perCell(t, suite, todo)
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := sweep.New(suite, todo, store, sweep.Options{Trials: per, Fixed: true, Jobs: 1}, func(e matrix.Event) {
		if e.Row != nil {
			fmt.Printf("%-8s %s\n", e.Row.ID, e.Row.State)
		}
	})
	defer burn()()
	results, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := &soak{scenarios: make([]soakCount, len(todo.Scenarios))}
	for i, row := range results.Rows {
		if row.State != matrix.StateOK {
			t.Errorf("%s is %s: %s", row.ID, row.State, row.Reason)
			continue
		}
		for j, sc := range todo.Scenarios {
			all.cell(t, s, todo.Rows[i], sc, row.Cells[j], &all.scenarios[j])
		}
	}
	all.print(todo)
	if all.misjudged > 0 {
		t.Errorf("%d trials were misjudged", all.misjudged)
	}
	if all.inconclusive*1000 >= all.trials {
		t.Errorf("%d of %d trials were inconclusive: want less than one in a thousand", all.inconclusive, all.trials)
	}
}

// planSoak plans the rows.
func planSoak(t *testing.T) (*matrix.Spec, *matrix.Plan) {
	t.Helper()
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	var newest string
	for _, r := range suite.Lock { // by version
		if suite.Releases.Admits(r.Version) && !matrix.IsPrerelease(r.Version) {
			newest = r.Version
		}
	}
	todo, err := plan.New(suite, plan.Selection{Only: append(eras(suite), newest)})
	if err != nil {
		t.Fatal(err)
	}
	return suite, todo
}

// perCell returns the number of trials for each cell that can prove something.
func perCell(t *testing.T, suite *matrix.Spec, todo *matrix.Plan) int {
	t.Helper()
	trials := soakTrials
	if text := os.Getenv("SOAK_TRIALS"); text != "" {
		var err error
		if trials, err = strconv.Atoi(text); err != nil || trials < 1 {
			t.Fatalf("SOAK_TRIALS=%s: want a number of trials", text)
		}
	}
	cells := 0
	for _, row := range todo.Rows {
		blank := make([]matrix.Cell, len(todo.Scenarios))
		for i, s := range todo.Scenarios {
			blank[i].Scenario = s.Name
		}
		for _, c := range judge.Expect(suite.Expect, todo.Scenarios, row.Release.Version, blank) {
			if c.Expected != matrix.VerdictVacuous {
				cells++
			}
		}
	}
	per := (trials + cells - 1) / cells
	fmt.Printf("%d releases, %d cells, %d trials a cell, %d cores, all of them busy\n", len(todo.Rows), cells, per, runtime.NumCPU())
	return per
}

// burn loads every core until its result is called. This process itself is the load,
// so that no other process can be left behind.
func burn() (stop func()) {
	var done atomic.Bool
	var group sync.WaitGroup
	for range runtime.NumCPU() {
		group.Go(func() {
			for !done.Load() {
			}
		})
	}
	return func() {
		done.Store(true)
		group.Wait()
	}
}

// A soakCount counts the trials of one or more cells.
type soakCount struct {
	trials, leaks, clean    int
	inconclusive, misjudged int
	elapsed                 []time.Duration
}

// A soak has the counts of all trials, and of each scenario.
type soak struct {
	soakCount
	scenarios []soakCount
}

// cell counts the trials of one cell, and reports errors if they are wrong.
func (a *soak) cell(t *testing.T, s *sweep.Sweep, row matrix.Row, sc matrix.Scenario, c matrix.Cell, sum *soakCount) {
	want := cmp.Or(c.Expected, map[matrix.Kind]matrix.Verdict{
		matrix.KindControl: matrix.VerdictClean, matrix.KindPlanted: matrix.VerdictLeak,
	}[sc.Kind])
	if want == matrix.VerdictVacuous {
		return
	}
	if c.Verdict != want {
		t.Errorf("%s/%s is %s, want %s: %s", row.ID, sc.Name, c.Verdict, want, c.Reason)
	}
	r, err := s.Recall(t.Context(), row, sc)
	if err != nil {
		t.Error(err)
		return
	}
	i := 0
	for _, trace := range []*matrix.Trace{r.Trace, r.Apart} {
		if trace == nil {
			continue
		}
		sum.misjudged += len(trace.Failures)
		a.misjudged += len(trace.Failures)
		for _, trial := range trace.Trials {
			one := countTrial(r.Count[i], want, trial)
			i++
			sum.add(one)
			a.add(one)
			if one.misjudged+one.inconclusive > 0 {
				t.Logf("%s/%s trial %d counts for %s: %s (%v)", row.ID, sc.Name, trial.Trial, r.Count[i-1], trial.Why, trial.Proof)
			}
		}
	}
}

// countTrial counts one trial of a cell whose trials should all have this verdict.
func countTrial(outcome matrix.Outcome, want matrix.Verdict, trial matrix.Trial) soakCount {
	c := soakCount{trials: 1, elapsed: []time.Duration{time.Duration(trial.ElapsedUS) * time.Microsecond}}
	switch outcome {
	case matrix.OutcomeLeak:
		c.leaks = 1
	case matrix.OutcomeClean:
		c.clean = 1
	default:
		c.inconclusive = 1
		return c
	}
	disputed := trial.Wire != nil && !trial.Wire.Agrees
	if string(outcome) != string(want) || disputed {
		c.misjudged = 1
	}
	return c
}

func (c *soakCount) add(more soakCount) {
	c.trials += more.trials
	c.leaks += more.leaks
	c.clean += more.clean
	c.inconclusive += more.inconclusive
	c.misjudged += more.misjudged
	c.elapsed = append(c.elapsed, more.elapsed...)
}

func (c *soakCount) median() time.Duration {
	if len(c.elapsed) == 0 {
		return 0
	}
	slices.Sort(c.elapsed)
	return c.elapsed[len(c.elapsed)/2]
}

// print prints a line for each scenario, and one for all scenarios together.
func (a *soak) print(todo *matrix.Plan) {
	fmt.Printf("\n%-22s %7s %7s %7s %13s %10s %9s\n", "scenario", "trials", "leak", "clean", "inconclusive", "misjudged", "median")
	line := func(name string, c *soakCount, note string) {
		fmt.Printf("%-22s %7d %7d %7d %13d %10d %6.1f ms%s\n", name, c.trials, c.leaks, c.clean, c.inconclusive, c.misjudged,
			float64(c.median().Microseconds())/1000, note)
	}
	for i, s := range todo.Scenarios {
		bound := boundPlain
		if s.Proof["queued"] == true {
			bound = boundQueued
		}
		note := ""
		if a.scenarios[i].median() >= bound {
			note = fmt.Sprintf("  not below %v", bound)
		}
		line(s.Name, &a.scenarios[i], note)
	}
	line("all", &a.soakCount, "")
}
