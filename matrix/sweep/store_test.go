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
	"github.com/matrixrun/matrixrun/matrix/record"
)

func TestCounters(t *testing.T) {
	tests := []struct {
		name string
		did  *effort
		want matrix.Done
	}{
		{"all was in the record", &effort{}, matrix.Done{Rows: 1, Recalled: 1}},
		{"the checksum alone was asked for", &effort{stage: "fetch"}, matrix.Done{Rows: 1, Recalled: 1}},
		{"built and tried", &effort{laid: true, built: true, trials: 50}, matrix.Done{Rows: 1, Built: 1, Trials: 50}},
		{"built to what was tried before", &effort{laid: true, built: true}, matrix.Done{Rows: 1, Built: 1}},
		{"some more trials", &effort{trials: 5}, matrix.Done{Rows: 1, Trials: 5}},
		{"a patch did not go on", &effort{laid: true}, matrix.Done{Rows: 1}},
		{"not to be had", &effort{failed: true}, matrix.Done{Rows: 1}},
	}
	var all counters
	for _, test := range tests {
		var c counters
		c.row(test.did)
		if diff := cmp.Diff(test.want, c.done()); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		all.row(test.did)
	}
	if diff := cmp.Diff(matrix.Done{Rows: 7, Built: 2, Trials: 55, Recalled: 2}, all.done()); diff != "" {
		t.Error(diff)
	}
}

// TestKeyed lets many goroutines count without any other lock. The race detector
// finds two that hold the same key at the same time.
func TestKeyed(t *testing.T) {
	const each = 50
	var k keyed
	counts := make([]int, 3)
	var group sync.WaitGroup
	for i := range counts {
		for range each {
			group.Go(func() {
				defer k.lock(fmt.Sprint("key ", i))()
				counts[i]++
			})
		}
	}
	group.Wait()
	if diff := cmp.Diff([]int{each, each, each}, counts); diff != "" {
		t.Error(diff)
	}
}

// TestKeyedApart locks a key while another one is locked. It must not wait.
func TestKeyedApart(t *testing.T) {
	var k keyed
	defer k.lock("one")()
	locked := make(chan func(), 1)
	go func() { locked <- k.lock("other") }()
	select {
	case unlock := <-locked:
		unlock()
	case <-time.After(time.Minute):
		t.Error("locking a key waits for another key")
	}
}

func TestSerial(t *testing.T) {
	var events []matrix.Event // guarded only by serial
	emit := serial(func(e matrix.Event) { events = append(events, e) })
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() { emit(matrix.Event{}) })
	}
	group.Wait()
	if len(events) != 100 {
		t.Errorf("got %d events, want 100", len(events))
	}
}

func TestNonNil(t *testing.T) {
	saw := []matrix.Sighting{{Side: "server"}}
	got := nonNil([]matrix.Cell{{Scenario: "a"}, {Scenario: "b", Saw: saw, Evidence: []string{"e"}}})
	want := []matrix.Cell{{Scenario: "a", Saw: []matrix.Sighting{}, Evidence: []string{}}, {Scenario: "b", Saw: saw, Evidence: []string{"e"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRecall checks that a fresh sweep finds only what it has put into the record
// itself, and other sweeps find everything.
func TestRecall(t *testing.T) {
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const build = "1111111111111111111111111111111111111111111111111111111111111111"
	key := record.TraceKey{Binary: build, Scenario: "a", Parameters: "p"}
	old := &matrix.Trace{Scenario: "a", Trials: []matrix.Trial{{Scenario: "a", Outcome: matrix.OutcomeClean}}}
	if _, err := store.PutArtifact(build, matrix.Artifact{Complaint: "old", Proven: true}); err != nil {
		t.Fatal(err)
	}
	if err := store.PutTrace(key, old); err != nil {
		t.Fatal(err)
	}

	for _, fresh := range []bool{false, true} {
		r := newStore(store, fresh)
		want := ""
		if fresh {
			want = startedOver
		}
		if a, miss := r.Artifact(build); miss != want || (miss == "") != (a.Complaint == "old") {
			t.Errorf("fresh %v: artifact %+v, miss %q", fresh, a, miss)
		}
		if trace, miss := r.Trace(key); miss != want || (miss == "") != (trace != nil) {
			t.Errorf("fresh %v: trace %+v, miss %q", fresh, trace, miss)
		}
	}

	r := newStore(store, true)
	if _, err := r.PutArtifact(build, matrix.Artifact{Complaint: "new", Proven: true}); err != nil {
		t.Fatal(err)
	}
	if a, miss := r.Artifact(build); miss != "" || a.Complaint != "new" {
		t.Errorf("after putting it: artifact %+v, miss %q", a, miss)
	}
	if _, miss := r.Trace(key); miss != startedOver {
		t.Errorf("putting an artifact made a trace known, miss %q", miss)
	}
	if err := r.PutTrace(key, &matrix.Trace{Scenario: "a"}); err != nil {
		t.Fatal(err)
	}
	if trace, miss := r.Trace(key); miss != "" || len(trace.Trials) != 0 {
		t.Errorf("after putting it: trace %+v, miss %q", trace, miss)
	}
	if a, miss := newStore(store, false).Artifact(build); miss != "" || a.Complaint != "new" {
		t.Errorf("for the next sweep: artifact %+v, miss %q", a, miss)
	}
}

// keep puts this test program into a record as the binary of a reproduction (see
// TestMain), and returns its artifact.
func keep(t *testing.T, store *record.Store, key string) matrix.Artifact {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "repro")
	if err := os.WriteFile(file, data, 0o777); err != nil {
		t.Fatal(err)
	}
	a, err := store.PutArtifact(key, matrix.Artifact{SHA256: sum(data), Path: file})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
