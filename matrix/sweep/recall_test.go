package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// TestRecallOfACell puts a build and trials into a record: only what is there is
// recalled, as much of it as the options take, and nothing is run.
func TestRecallOfACell(t *testing.T) {
	plan := unsupported("v0.1.0")
	row := &plan.Rows[0]
	row.Adapter.Supported, row.Toolchain, row.Release.Sum = true, "go1.26.8", "h1:sum"
	scenario := plan.Scenarios[0]
	s := newSweep(t, plan, Options{Trials: 2}, func(e matrix.Event) { t.Errorf("it does something: %+v", e) })
	recall := func() (*Recalled, string) {
		t.Helper()
		r, err := s.Recall(t.Context(), *row, scenario)
		var miss *MissError
		if errors.As(err, &miss) {
			return nil, miss.What
		}
		if err != nil {
			t.Fatal(err)
		}
		return r, ""
	}

	if _, miss := recall(); miss != "the build of v0.1.0" {
		t.Errorf("the record is empty, and lacks %q", miss)
	}
	a := matrix.Artifact{Complaint: "it does not compile"}
	put(t, s, *row, a)
	if r, _ := recall(); r == nil || r.Cell != nil || r.Row.State != matrix.StateBuildFailed || r.Row.Reason != a.Complaint {
		t.Errorf("of a build that failed it has %+v", r)
	}

	file, data := filepath.Join(t.TempDir(), "repro"), []byte("a binary")
	if err := os.WriteFile(file, data, 0o777); err != nil {
		t.Fatal(err)
	}
	a = matrix.Artifact{SHA256: sum(data), Path: file}
	put(t, s, *row, a)
	if _, miss := recall(); miss != "trials of v0.1.0/a" {
		t.Errorf("there are no trials, and it lacks %q", miss)
	}
	w := &work{sweep: s}
	for _, sc := range plan.Scenarios {
		trace := &matrix.Trace{Scenario: sc.Name}
		for range 3 {
			trace.Trials = append(trace.Trials, matrix.Trial{Scenario: sc.Name, Outcome: matrix.OutcomeClean, Proof: map[string]any{"next_used": true}})
		}
		if err := s.store.PutTrace(w.traceKey(a, sc), trace); err != nil {
			t.Fatal(err)
		}
	}
	key := record.EvidenceKey{TraceKey: w.traceKey(a, scenario), Outcome: matrix.OutcomeClean}
	if err := s.store.PutEvidence(key, matrix.Evidence{None: "it is too shy"}); err != nil {
		t.Fatal(err)
	}
	r, miss := recall()
	if miss != "" {
		t.Fatalf("it lacks %q", miss)
	}
	if r.Cell.Verdict != matrix.VerdictClean || len(r.Row.Cells) != 1 || len(r.Trace.Trials) != 2 || r.More != 1 || r.Apart != nil || r.Evidence.None == "" {
		t.Errorf("recalled %+v", r)
	}
	if diff := cmp.Diff([]matrix.Outcome{matrix.OutcomeClean, matrix.OutcomeClean}, r.Count); diff != "" {
		t.Error(diff)
	}
}

func put(t *testing.T, s *Sweep, row matrix.Row, a matrix.Artifact) {
	t.Helper()
	if _, err := s.store.PutArtifact(build.NewRecipe(s.spec, row, row.Toolchain).Key(), a); err != nil {
		t.Fatal(err)
	}
}
