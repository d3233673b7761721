package sweep

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	_ "github.com/matrixrun/matrixrun/matrix/internal/exittest"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// TestMain makes this program a reproduction if it is called as one. The scenario
// "hang" does not end, and makes a file next to the program; "crash" reports nothing.
// Scenarios whose names begin with shaky are run by shake.
func TestMain(m *testing.M) {
	if len(os.Args) == 8 && os.Args[6] == "-evidence" {
		n, _ := strconv.Atoi(os.Args[5])
		playWithEvidence(os.Args[3], n, os.Args[7])
		return
	}
	if len(os.Args) == 6 && os.Args[1] == "run" {
		n, _ := strconv.Atoi(os.Args[5])
		if strings.HasPrefix(os.Args[3], shaky) {
			shake(os.Args[0], os.Args[3], n)
			return
		}
		if os.Args[3] == "crash" {
			os.Exit(2)
		}
		for i := range n {
			fmt.Printf(`{"scenario": %q, "trial": %d, "outcome": "clean", "proof": {"next_used": true}}`+"\n", os.Args[3], i)
		}
		if os.Args[3] == "hang" {
			_ = os.WriteFile(os.Args[0]+hung, nil, 0o666)
			time.Sleep(time.Minute)
		}
		return
	}
	os.Exit(m.Run())
}

// hung is the suffix of the file that says that a process hangs.
const hung = ".hung"

func sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// probe returns a scenario that needs no proof.
func probe(name string) matrix.Scenario { return matrix.Scenario{Name: name, Kind: matrix.KindProbe} }

// unsupported returns a plan of rows that need no go command and no network.
func unsupported(versions ...string) *matrix.Plan {
	p := &matrix.Plan{Scenarios: []matrix.Scenario{probe("a"), probe("b")}}
	for i, v := range versions {
		p.Rows = append(p.Rows, matrix.Row{ID: v, Release: matrix.Release{Version: v, Module: "example.com/lib"}})
		p.Order = append([]int{i}, p.Order...)
	}
	return p
}

func newSweep(t *testing.T, plan *matrix.Plan, opts Options, emit func(matrix.Event)) *Sweep {
	t.Helper()
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	spec := &matrix.Spec{Suite: "demo", Target: matrix.Target{Module: "example.com/lib"}, Limits: matrix.Limits{Trial: time.Minute}}
	return New(spec, plan, store, opts, emit)
}

func TestRun(t *testing.T) {
	var events []matrix.Event
	s := newSweep(t, unsupported("v0.1.0", "v0.2.0", "v0.3.0"), Options{Trials: 10, Jobs: 1, Tool: "v1"}, func(e matrix.Event) { events = append(events, e) })
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var rows, order []string
	for _, row := range r.Rows {
		rows = append(rows, row.ID)
		if len(row.Cells) != 2 || row.Cells[0].Verdict != matrix.VerdictUnsupported || row.Cells[0].Saw == nil {
			t.Errorf("%s has the cells %+v", row.ID, row.Cells)
		}
	}
	if want := []string{"v0.1.0", "v0.2.0", "v0.3.0"}; !slices.Equal(rows, want) {
		t.Errorf("rows %v, want %v, by version", rows, want)
	}
	for i, e := range events {
		switch {
		case e.Time.IsZero() || (e.Planned != nil) != (i == 0):
			t.Errorf("event %d is %+v", i, e)
		case e.Row != nil:
			order = append(order, e.Row.ID)
		}
	}
	if want := []string{"v0.3.0", "v0.2.0", "v0.1.0"}; !slices.Equal(order, want) || !slices.Equal(events[0].Planned.Rows, want) {
		t.Errorf("answered %v, planned %v, want both %v", order, events[0].Planned.Rows, want)
	}
	if diff := cmp.Diff(matrix.Done{Rows: 3}, s.Done()); diff != "" {
		t.Error(diff)
	}
	if r.Schema != matrix.SchemaVersion || r.Matrixrun != "v1" || len(r.Intervals) != 2 {
		t.Errorf("results %+v", r)
	}
}

// TestRunEnds ends the context after the first row. The results have that row, and no
// other row is begun.
func TestRunEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	events := 0
	s := newSweep(t, unsupported("v0.1.0", "v0.2.0", "v0.3.0"), Options{Jobs: 1}, func(e matrix.Event) {
		if e.Row != nil {
			events++
			cancel()
		}
	})
	r, err := s.Run(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if events != 1 || len(r.Rows) != 1 || r.Rows[0].ID != "v0.3.0" {
		t.Errorf("events for %d rows, results have %+v", events, r.Rows)
	}
}

// TestResults computes effects from answers, one of which is missing.
func TestResults(t *testing.T) {
	plan := unsupported("v0.1.0", "v0.1.0+fix", "v0.2.0", "v0.2.0+fix", "v0.3.0")
	fix := matrix.Variant{Patch: "fix", Fixes: []string{"a"}}
	for i := range plan.Rows {
		plan.Rows[i].Release.Version = plan.Rows[i].ID[:len("v0.1.0")]
		if plan.Rows[i].ID != plan.Rows[i].Release.Version {
			plan.Rows[i].Patches = []matrix.Variant{fix}
		}
	}
	s := newSweep(t, plan, Options{}, func(matrix.Event) {})
	answered := func(i int, a matrix.Verdict, built float64) *work {
		r := s.describe(plan.Rows[i])
		r.Cells = []matrix.Cell{{Scenario: "a", Verdict: a}, {Scenario: "b", Verdict: matrix.VerdictClean}}
		return &work{row: plan.Rows[i], place: i, answer: &answer{r, matrix.CPU{Build: built}}}
	}
	r := s.results([]*work{{place: 4}, answered(2, "clean", 0), answered(3, "leak", 2), answered(0, "leak", 1.23456), answered(1, "clean", 0)})
	effects := map[string]matrix.Effect{}
	for _, row := range r.Rows {
		effects[row.ID] = row.Effect
	}
	want := map[string]matrix.Effect{"v0.1.0": "", "v0.1.0+fix": matrix.EffectFixes, "v0.2.0": "", "v0.2.0+fix": matrix.EffectRegresses}
	if diff := cmp.Diff(want, effects); diff != "" {
		t.Error(diff)
	}
	costs := map[string]matrix.CPU{"v0.1.0": {Build: 1.235}, "v0.2.0+fix": {Build: 2}} // of what was built
	if diff := cmp.Diff(costs, r.Costs); diff != "" {
		t.Error(diff)
	}
}

// TestTrace counts the trials that are executed: only those that are not in the
// record, and only once for rows with the same binary.
func TestTrace(t *testing.T) {
	plan := unsupported("v0.1.0")
	s := newSweep(t, plan, Options{Trials: 10}, func(matrix.Event) {})
	a := keep(t, s.store.Store, "2222222222222222222222222222222222222222222222222222222222222222")
	trials := func(rows int) (executed int) {
		t.Helper()
		works := make([]*work, rows)
		var group sync.WaitGroup
		for i := range works {
			works[i] = &work{sweep: s, row: plan.Rows[0]}
			group.Go(func() {
				trace, err := works[i].trace(t.Context(), a, probe("a"), s.budget(), false)
				if err != nil || len(trace.Trials) < s.opts.Trials || len(trace.Failures) > 0 {
					t.Errorf("trace %+v, %v", trace, err)
				}
			})
		}
		group.Wait()
		for i := range works {
			executed += works[i].effort.trials
		}
		return executed
	}
	if got := trials(4); got != 10 {
		t.Errorf("four rows executed %d trials, want 10", got)
	}
	s.opts.Trials = 14
	if got := trials(1); got != 4 {
		t.Errorf("for 14 in all, %d more were executed, want 4", got)
	}
	s.opts.Trials = 3
	if got := trials(1); got != 0 {
		t.Errorf("for 3 in all, %d more were executed", got)
	}
	s.store.fresh = true
	clear(s.store.put)
	if got := trials(2); got != 3 {
		t.Errorf("starting over, two rows executed %d trials, want 3", got)
	}
}

// TestTraceFails checks that as many processes fail before the others are given up when
// a run was interrupted between them: the reason of the cell says how many did.
func TestTraceFails(t *testing.T) {
	plan := unsupported("v0.1.0")
	for before := range maxFailures + 1 {
		s := newSweep(t, plan, Options{Trials: 10}, func(matrix.Event) {})
		a := keep(t, s.store.Store, "2222222222222222222222222222222222222222222222222222222222222222")
		w := work{sweep: s, row: plan.Rows[0]}
		interrupted := &matrix.Trace{Scenario: "crash", Failures: slices.Repeat([]matrix.Failure{{Kind: matrix.FailureCrash}}, before)}
		if err := s.store.PutTrace(w.traceKey(a, probe("crash")), interrupted); err != nil {
			t.Fatal(err)
		}
		trace, err := w.trace(t.Context(), a, probe("crash"), s.budget(), false)
		if err != nil || len(trace.Failures) != maxFailures {
			t.Errorf("after %d failures: trace %+v, %v", before, trace, err)
		}
	}
}

// TestTraceEnds ends the context while a process hangs that has reported three
// trials. They are recorded, and do not run again.
func TestTraceEnds(t *testing.T) {
	plan := unsupported("v0.1.0")
	s := newSweep(t, plan, Options{Trials: 3}, func(matrix.Event) {})
	a := keep(t, s.store.Store, "3333333333333333333333333333333333333333333333333333333333333333")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(a.Path + hung); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	w := work{sweep: s, row: plan.Rows[0]}
	if _, err := w.trace(ctx, a, probe("hang"), s.budget(), false); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	again := work{sweep: s, row: plan.Rows[0]}
	trace, err := again.trace(t.Context(), a, probe("hang"), s.budget(), false)
	if err != nil || len(trace.Trials) != 3 || again.effort.trials != 0 {
		t.Errorf("trace %+v, %v, after %d more trials", trace, err, again.effort.trials)
	}
}
