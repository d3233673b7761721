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

// TestRecallOfACell fills a record step by step. Recall says what is missing, runs
// nothing, and in the end returns as many trials as the options use.
func TestRecallOfACell(t *testing.T) {
	plan := unsupported("v0.1.0")
	row := &plan.Rows[0]
	row.Adapter.Supported, row.Toolchain, row.Release.Sum = true, "go1.26.8", "h1:sum"
	scenario := plan.Scenarios[0]
	s := newSweep(t, plan, Options{Trials: 2}, func(e matrix.Event) { t.Errorf("recalling emits %+v", e) })
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
		t.Errorf("in an empty record, %q is missing", miss)
	}
	a := matrix.Artifact{Complaint: "it does not compile", Proven: true}
	put(t, s, *row, a)
	if r, _ := recall(); r == nil || r.Cell != nil || r.Row.State != matrix.StateBuildFailed || r.Row.Reason != a.Complaint {
		t.Errorf("a failed build is recalled as %+v", r)
	}

	file, data := filepath.Join(t.TempDir(), "repro"), []byte("a binary")
	if err := os.WriteFile(file, data, 0o777); err != nil {
		t.Fatal(err)
	}
	a = matrix.Artifact{SHA256: sum(data), Path: file}
	put(t, s, *row, a)
	if _, miss := recall(); miss != "trials of v0.1.0/a" {
		t.Errorf("without trials, %q is missing", miss)
	}
	putClean(t, s, a, 3)
	key := record.EvidenceKey{TraceKey: (&work{sweep: s}).traceKey(a, scenario), Outcome: matrix.OutcomeClean}
	if err := s.store.PutEvidence(key, matrix.Evidence{None: "it is too shy", Proven: true}); err != nil {
		t.Fatal(err)
	}
	r, miss := recall()
	if miss != "" {
		t.Fatalf("%q is missing", miss)
	}
	if r.Cell.Verdict != matrix.VerdictClean || len(r.Row.Cells) != 1 || len(r.Trace.Trials) != 2 || r.More != 1 || r.Apart != nil || r.Evidence.None == "" {
		t.Errorf("recalled %+v", r)
	}
	if diff := cmp.Diff([]matrix.Outcome{matrix.OutcomeClean, matrix.OutcomeClean}, r.Count); diff != "" {
		t.Error(diff)
	}
}

// put records the outcome of building a row.
func put(t *testing.T, s *Sweep, row matrix.Row, a matrix.Artifact) {
	t.Helper()
	if _, err := s.store.PutArtifact(build.NewRecipe(s.spec, row, "", row.Toolchain, nil).Key(), a); err != nil {
		t.Fatal(err)
	}
}

// putClean records clean trials of each scenario of the plan.
func putClean(t *testing.T, s *Sweep, a matrix.Artifact, trials int) {
	t.Helper()
	for _, scenario := range s.plan.Scenarios {
		trace := &matrix.Trace{Scenario: scenario.Name}
		for range trials {
			trace.Trials = append(trace.Trials, matrix.Trial{Scenario: scenario.Name, Outcome: matrix.OutcomeClean, Proof: map[string]any{"next_used": true}})
		}
		if err := s.store.PutTrace((&work{sweep: s}).traceKey(a, scenario), trace); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRecallWithoutAdapter recalls a cell of a row that the suite cannot build.
func TestRecallWithoutAdapter(t *testing.T) {
	plan := unsupported("v0.1.0")
	s := newSweep(t, plan, Options{}, func(matrix.Event) {})
	r, err := s.Recall(t.Context(), plan.Rows[0], plan.Scenarios[0])
	if err != nil || r.Cell == nil || r.Cell.Verdict != matrix.VerdictUnsupported || r.Trace != nil {
		t.Errorf("Recall = %+v, %v, want an unsupported cell", r, err)
	}
}
