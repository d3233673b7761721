//go:build soak

package zerortt

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// soakTrials is the number of trials, unless $SOAK_TRIALS says another one.
const soakTrials = 20_000

// jobsPerCore makes 12 reproductions run at the same time on each core: a sweep
// runs half as many more of them as it has jobs.
const jobsPerCore = 8

// TestSoak runs the oldest release of each API era, the newest one, and those
// that the suite shows first, through every scenario. It runs so many
// reproductions at the same time that each of them often waits for a core. See soak.problems for what makes it fail. Cells of
// which nothing can be proven are left out.
//
// It takes minutes, so it is behind a build tag: make soak runs it.
func TestSoak(t *testing.T) {
	suite, todo := planSoak(t)
	per := perCell(t, suite, todo)
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	// The first sweep builds everything, so that the second one only runs trials.
	for _, options := range []sweep.Options{{Trials: 1, Jobs: 2}, {Trials: per, Jobs: jobsPerCore * runtime.NumCPU()}} {
		options.Fixed = true
		s := sweep.New(suite, todo, store, options, func(e matrix.Event) {
			if e.Row != nil {
				fmt.Printf("%-8s %s\n", e.Row.ID, e.Row.State)
			}
		})
		results, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if options.Trials < per {
			continue
		}
		all := count(t, s, todo, results)
		fmt.Println()
		fmt.Print(all.table())
		for _, problem := range all.problems() {
			t.Error(problem)
		}
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
	todo, err := plan.New(suite, plan.Selection{Only: append(append(eras(suite), newest), suite.First...)})
	if err != nil {
		t.Fatal(err)
	}
	return suite, todo
}

// perCell returns the number of trials of each cell, and prints what is going to
// run. It spreads the trials over all cells that can prove something.
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
		for _, c := range judge.Expect(suite.Expect, todo.Scenarios, row.Release.Module, row.Release.Version, blank) {
			if c.Expected != matrix.VerdictVacuous {
				cells++
			}
		}
	}
	per := max(2, (trials+cells-1)/cells)
	jobs := jobsPerCore * runtime.NumCPU()
	fmt.Printf("%d releases, %d cells, %d trials a cell, %d reproductions at the same time on %d cores\n",
		len(todo.Rows), cells, per, jobs+jobs/2, runtime.NumCPU())
	return per
}

// count counts the trials of all cells.
func count(t *testing.T, s *sweep.Sweep, todo *matrix.Plan, results *matrix.Results) *soak {
	t.Helper()
	all := &soak{}
	for _, sc := range todo.Scenarios {
		all.scenarios = append(all.scenarios, soakCount{name: sc.Name})
	}
	for i, row := range results.Rows {
		if row.State != matrix.StateOK {
			all.wrong = append(all.wrong, fmt.Sprintf("%s is %s: %s", row.ID, row.State, row.Reason))
			continue
		}
		for j, sc := range todo.Scenarios {
			c := row.Cells[j]
			want := cmp.Or(c.Expected, map[matrix.Kind]matrix.Verdict{
				matrix.KindControl: matrix.VerdictClean, matrix.KindPlanted: matrix.VerdictLeak,
			}[sc.Kind])
			if want == matrix.VerdictVacuous {
				continue
			}
			r, err := s.Recall(t.Context(), todo.Rows[i], sc)
			if err != nil {
				t.Fatal(err)
			}
			all.cell(row.ID, &all.scenarios[j], c, want, r)
		}
	}
	return all
}
