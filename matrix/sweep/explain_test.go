package sweep

import (
	"os"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

func TestTriedSince(t *testing.T) {
	was := &tried{Binary: "b", Parameters: "p", Server: "s", Scenarios: []string{"a", "c"}}
	tests := map[string]struct {
		was  *tried
		key  record.TraceKey
		want string
	}{
		"never":          {nil, record.TraceKey{Binary: "b"}, "never tried here"},
		"the same":       {was, record.TraceKey{Binary: "b", Parameters: "p", Server: "s", Scenario: "a"}, "it was there, and was pruned or removed"},
		"new scenario":   {was, record.TraceKey{Binary: "b", Parameters: "p", Server: "s", Scenario: "b"}, "never tried here"},
		"apart":          {was, record.TraceKey{Binary: "b", Parameters: "p", Server: "s", Scenario: "a", Apart: true}, "the others disagree, and these run with nothing else running"},
		"binary":         {was, record.TraceKey{Binary: "x", Parameters: "p", Server: "s", Scenario: "a"}, "the binary is another one"},
		"limits":         {was, record.TraceKey{Binary: "b", Parameters: "x", Server: "s", Scenario: "a"}, "the limits, the arguments or what counts as the defect changed"},
		"no sandbox":     {was, record.TraceKey{Binary: "b", Parameters: "p without a sandbox", Server: "s", Scenario: "a"}, "there is no sandbox now"},
		"a sandbox":      {&tried{Binary: "b", Parameters: "p without a sandbox"}, record.TraceKey{Binary: "b", Parameters: "p", Scenario: "a"}, "there is a sandbox now"},
		"both":           {was, record.TraceKey{Binary: "x", Parameters: "x", Server: "s", Scenario: "b"}, "the binary is another one, the limits, the arguments or what counts as the defect changed"},
		"server":         {was, record.TraceKey{Binary: "b", Parameters: "p", Server: "x", Scenario: "a"}, "the server's binary is another one"},
		"no server":      {was, record.TraceKey{Binary: "b", Parameters: "p", Scenario: "a"}, "the servers are the row's own now"},
		"another server": {&tried{Binary: "b", Parameters: "p"}, record.TraceKey{Binary: "b", Parameters: "p", Server: "s"}, "the servers are not the row's own any more"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.was.since(test.key); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestMissesAreGathered checks that scenarios with the same reason share an entry, in
// the order of the suite.
func TestMissesAreGathered(t *testing.T) {
	var events []matrix.Event
	s := newSweep(t, unsupported("v0.1.0"), Options{Explain: true}, func(e matrix.Event) { events = append(events, e) })
	w := &work{sweep: s, row: s.plan.Rows[0]}
	server := &work{sweep: s, row: s.plan.Rows[0], serves: w}
	w.explain(t.Context())
	if len(events) > 0 {
		t.Errorf("of nothing: %+v", events)
	}
	w.noteBuildMiss("damaged: x")
	server.noteBuildMiss(record.NotRecorded)
	server.noteMiss(matrix.MissBinary, "", "gone")
	for _, scenario := range []string{"b", "a", "b"} {
		w.noteTrialsMiss(record.TraceKey{Scenario: scenario}, record.NotRecorded)
	}
	w.noteTrialsMiss(record.TraceKey{Scenario: "a"}, tooFew(10, 4))
	w.noteMiss(matrix.MissEvidence, "a", record.NotRecorded)
	w.explain(t.Context())
	want := []matrix.Miss{
		{What: "build", Why: "damaged: x"},
		{What: "server", Why: "never built here"},
		{What: "server binary", Why: "gone"},
		{What: "trials", Scenarios: []string{"a", "b"}, Why: "never tried here"},
		{What: "trials", Scenarios: []string{"a"}, Why: "4 more needed than the 10 in the record"},
		{What: "evidence", Scenarios: []string{"a"}, Why: "none was kept of this binary"},
	}
	if len(events) != 1 || events[0].Missed == nil {
		t.Fatalf("got %+v", events)
	}
	if diff := cmp.Diff(&matrix.Missed{Row: "v0.1.0", Misses: want}, events[0].Missed); diff != "" {
		t.Error(diff)
	}
}

func TestMissesAreNotGatheredUnasked(t *testing.T) {
	s := newSweep(t, unsupported("v0.1.0"), Options{}, func(matrix.Event) {})
	w := &work{sweep: s, row: s.plan.Rows[0]}
	w.noteBuildMiss(record.NotRecorded)
	w.noteTrialsMiss(record.TraceKey{}, record.NotRecorded)
	w.noteMiss(matrix.MissEvidence, "a", "x")
	if len(w.misses.list) > 0 {
		t.Errorf("%+v", w.misses.list)
	}
}

// TestRemember checks that the reasons of a row compare it with the last time.
func TestRemember(t *testing.T) {
	plan := unsupported("v0.1.0")
	s := newSweep(t, plan, Options{Explain: true}, func(matrix.Event) {})
	a := matrix.Artifact{SHA256: "1"}
	first := &work{sweep: s, row: plan.Rows[0], goVersion: "go1.20"}
	first.remember(a)
	plan.Scenarios = plan.Scenarios[:1]
	again := &work{sweep: s, row: plan.Rows[0], goVersion: "go1.20"}
	again.remember(a) // with fewer scenarios: none is forgotten

	next := &work{sweep: s, row: plan.Rows[0], goVersion: "go1.21"}
	next.noteBuildMiss(record.NotRecorded)
	next.noteTrialsMiss(next.traceKey(a, probe("b")), record.NotRecorded)
	next.noteTrialsMiss(next.traceKey(a, probe("c")), record.NotRecorded)
	next.noteTrialsMiss(next.traceKey(matrix.Artifact{SHA256: "2"}, probe("b")), record.NotRecorded)
	var got []string
	for _, m := range next.misses.list {
		got = append(got, m.Why)
	}
	want := []string{"the toolchain is go1.21, was go1.20", removed, neverTried, "the binary is another one"}
	// Go 1.18 and later have the same flags.
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// A server is not the same as the row of the same name.
	server := &work{sweep: s, row: plan.Rows[0], goVersion: "go1.21", serves: next}
	server.noteBuildMiss(record.NotRecorded)
	if m := next.misses.list[len(next.misses.list)-1]; m.What != matrix.MissServer || m.Why != "never built here" {
		t.Errorf("%+v", m)
	}
}

// TestTwoSweepsShareTrials has two sweeps that use one record, each with a Store of
// its own, as two processes do. Each trial runs once.
func TestTwoSweepsShareTrials(t *testing.T) {
	plan := unsupported("v0.1.0")
	one := newSweep(t, plan, Options{Trials: 10}, func(matrix.Event) {})
	dir := t.TempDir()
	var sweeps []*Sweep
	for range 2 {
		store, err := record.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		sweeps = append(sweeps, New(one.spec, plan, store, one.opts, func(matrix.Event) {}))
	}
	a := keep(t, sweeps[0].store.Store, "2222222222222222222222222222222222222222222222222222222222222222")
	works := make([]work, 8)
	var group sync.WaitGroup
	for i := range works {
		works[i] = work{sweep: sweeps[i%2], row: plan.Rows[0]}
		group.Go(func() {
			s := works[i].sweep
			trace, err := works[i].trace(t.Context(), a, probe("a"), s.budget(), false)
			if err != nil || len(trace.Trials) != 10 {
				t.Errorf("trace %+v, %v", trace, err)
			}
		})
	}
	group.Wait()
	executed := 0
	for i := range works {
		executed += works[i].effort.trials
	}
	if executed != 10 {
		t.Errorf("%d trials were executed, want 10", executed)
	}
}

// TestWait checks that a row sends an event when it waits for another process, and
// then sends its next stage again even if that was sent before.
func TestWait(t *testing.T) {
	stages := make(chan string, 10)
	s := newSweep(t, unsupported("v0.1.0"), Options{}, func(e matrix.Event) {
		if wait := e.Step.Stage == "wait"; wait != (e.Step.Process == os.Getpid()) || e.Step.Silent {
			t.Errorf("event %+v", e.Step)
		}
		stages <- e.Step.Stage
	})
	w := &work{sweep: s, row: s.plan.Rows[0]}
	w.step("run")
	held, err := s.store.Claim(t.Context(), "trace", "a", nil)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		release, err := w.claim(t.Context(), "trace", "a")
		if err != nil {
			t.Error(err)
			return
		}
		release()
		w.step("run")
		close(stages)
	})
	if first, second := <-stages, <-stages; first != "run" || second != "wait" {
		t.Errorf("got %q and %q", first, second)
	}
	held()
	group.Wait()
	if last := <-stages; last != "run" {
		t.Errorf("then got %q", last)
	}
}
