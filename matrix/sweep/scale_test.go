package sweep

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/merge"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// many is the number of releases in TestScale.
const many = 1000

// vast returns a suite with many releases that do not exist. A run must find them all
// in the record.
func vast() *matrix.Spec {
	spec := &matrix.Spec{
		Suite: "vast", Target: matrix.Target{Module: "example.com/lib"}, LockDigest: "sha256:lock", ReproductionDigest: "sha256:repro",
		Scenarios: []matrix.Scenario{
			{Name: "control", Kind: matrix.KindControl}, {Name: "planted", Kind: matrix.KindPlanted}, probe("a"),
		},
		Limits: matrix.Limits{Trial: time.Minute},
	}
	for i := range many {
		spec.Lock = append(spec.Lock, matrix.Release{
			Version: fmt.Sprintf("v0.%d.%d", i/10, i%10), Module: spec.Target.Module,
			Sum: fmt.Sprintf("h1:%d", i), Time: time.Unix(int64(i)*86400, 0).UTC(),
		})
	}
	return spec
}

// fill records a build and trials for every row of a sweep.
func fill(t *testing.T, s *Sweep, trials int) {
	t.Helper()
	dir := t.TempDir()
	for i, row := range s.plan.Rows {
		w := &work{sweep: s, row: row, place: noPlace}
		if err := w.prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		a := matrix.Artifact{SHA256: sum([]byte(row.ID)), Path: filepath.Join(dir, row.ID), CPU: 2, Tools: 1.5}
		if err := os.WriteFile(a.Path, []byte(row.ID), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.PutArtifact(w.buildKey(), a); err != nil {
			t.Fatal(err)
		}
		for _, scenario := range s.plan.Scenarios {
			trace := &matrix.Trace{Scenario: scenario.Name, CPU: 0.5}
			leaks := scenario.Kind == matrix.KindPlanted || scenario.Name == "a" && i < many/2
			for n := range trials {
				trial := matrix.Trial{Scenario: scenario.Name, Trial: n, Outcome: matrix.OutcomeClean, Proof: map[string]any{"next_used": true}, ElapsedUS: 2900}
				if leaks {
					trial.Outcome, trial.Severity = matrix.OutcomeLeak, matrix.SeverityMild
					trial.Saw = []matrix.Sighting{{Side: "server", Code: new(uint64(4919)), Error: "gone"}}
				}
				trace.Trials = append(trace.Trials, trial)
			}
			if err := s.store.PutTrace(w.traceKey(a, scenario), trace); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// recorded returns a function that runs a plan whose rows are all in a record, with so
// many trials in each cell.
func recorded(t *testing.T, spec *matrix.Spec, p *matrix.Plan, trials int) func(*matrix.Plan) *matrix.Results {
	t.Helper()
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	fill(t, New(spec, p, store, Options{Jobs: 2}, func(matrix.Event) {}), trials)
	return func(p *matrix.Plan) *matrix.Results {
		s := New(spec, p, store, Options{Trials: trials, Fixed: true, Jobs: 2}, func(matrix.Event) {})
		r, err := s.Run(t.Context())
		if done := s.Done(); err != nil || done.Recalled != len(p.Rows) || done.Built+done.Trials > 0 {
			t.Fatalf("done %+v, %v", done, err)
		}
		return r
	}
}

// TestScale plans, recalls, shards, merges and reports 1,000 rows.
func TestScale(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it records and recalls 1,000 rows")
	}
	const trials = 5
	spec := vast()
	whole, err := plan.New(spec, plan.Selection{})
	if err != nil || len(whole.Rows) != many {
		t.Fatalf("%d rows, %v", len(whole.Rows), err)
	}
	run := recorded(t, spec, whole, trials)
	began := time.Now()
	r := run(whole)
	recalled := time.Since(began)

	began = time.Now()
	merged := joined(t, whole, run, trials)
	if diff := cmp.Diff(r.Rows, merged.Rows); diff != "" {
		t.Errorf("rows of one run, and of 50 shards:\n%s", diff)
	}
	sharded := time.Since(began)

	began = time.Now()
	reports(t, merged)
	t.Logf("%d rows: recalled in %v, in 50 shards and merged in %v, reported in %v", many, recalled, sharded, time.Since(began))
}

// TestMemory checks that memory does not grow with the number of trials: traces are
// judged and then dropped. Together they would take about 20 MB.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it records and recalls 600 rows")
	}
	spec := vast()
	whole, err := plan.New(spec, plan.Selection{})
	if err != nil {
		t.Fatal(err)
	}
	some := plan.Part(whole, plan.Shard{To: 300})
	var peaks []uint64
	for _, trials := range []int{5, 50} {
		run := recorded(t, spec, some, trials)
		peaks = append(peaks, peak(func() { run(some) }))
	}
	t.Logf("peaks %d KB", []uint64{peaks[0] >> 10, peaks[1] >> 10})
	if peaks[1] > peaks[0]+8<<20 {
		t.Errorf("with ten times the trials, the heap grew from %d to %d bytes", peaks[0], peaks[1])
	}
}

// joined runs a plan in 50 shards and merges them.
func joined(t *testing.T, whole *matrix.Plan, run func(*matrix.Plan) *matrix.Results, trials int) *matrix.Results {
	t.Helper()
	shards := plan.Cut(whole, plan.Costs(whole, nil), 50)
	var rows [][]string
	for _, s := range shards {
		var ids []string
		for _, row := range plan.Part(whole, s).Rows {
			ids = append(ids, row.ID)
		}
		rows = append(rows, ids)
	}
	var parts []merge.Part
	for i, s := range shards {
		r := run(plan.Part(whole, s))
		r.Shard = &matrix.Shard{Index: i + 1, Of: len(shards), Plan: rows, Trials: trials, Fixed: true}
		parts = append(parts, merge.Part{File: fmt.Sprintf("shard-%d", i+1), Results: r})
	}
	merged, err := merge.Join(parts)
	if err != nil {
		t.Fatal(err)
	}
	return merged
}

// reports writes reports, which must say where the leak ends.
func reports(t *testing.T, r *matrix.Results) {
	t.Helper()
	table := grid.New(r)
	var text strings.Builder
	for _, write := range []func(io.Writer) error{
		func(w io.Writer) error { return report.Terminal(w, table, report.Screen{}) },
		func(w io.Writer) error { return report.Markdown(w, table) },
	} {
		text.Reset()
		if err := write(&text); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), "v0.49.9") || !strings.Contains(text.String(), "v0.50.0") {
			t.Error("a report does not say where the leak ends")
		}
	}
	if err := codec.Write(io.Discard, r); err != nil {
		t.Fatal(err)
	}
}

// peak runs a function and returns the most bytes of objects in the heap, sampled
// while the garbage collector runs often.
func peak(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	runtime.GC()
	done := make(chan struct{})
	most := make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		var highest uint64
		for {
			metrics.Read(sample)
			highest = max(highest, sample[0].Value.Uint64())
			select {
			case <-done:
				most <- highest
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	return <-most
}
