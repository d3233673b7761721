package record_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// TestUnproven puts what earlier versions recorded, who could take a fault of the
// machine for a failure of the code. It does not come back; everything else does.
func TestUnproven(t *testing.T) {
	s, _ := open(t)
	putArtifact(t, s, keyA, matrix.Artifact{Complaint: "failed to initialize build cache"})
	if a, miss := s.Artifact(keyA); miss != record.Unproven {
		t.Errorf("Artifact = %+v, miss %q", a, miss)
	}
	putArtifact(t, s, keyB, matrix.Artifact{Conflict: "hunk 1"})
	if _, miss := s.Artifact(keyB); miss != "" {
		t.Errorf("a conflict is a miss: %s", miss)
	}

	tests := record.TestKey{Version: "v1.0.0"}
	for _, proven := range []bool{false, true} {
		if err := s.PutTests(tests, &matrix.TestRun{State: matrix.TestsUncompiled, Complaint: "no", Proven: proven}); err != nil {
			t.Fatal(err)
		}
		if run, miss := s.Tests(tests); (miss == "") != proven {
			t.Errorf("Tests = %+v, miss %q", run, miss)
		}
	}

	evidence := record.EvidenceKey{Outcome: matrix.OutcomeLeak}
	for _, proven := range []bool{false, true} {
		if err := s.PutEvidence(evidence, matrix.Evidence{None: "half a file", Proven: proven}); err != nil {
			t.Fatal(err)
		}
		if e, miss := s.Evidence(evidence); (miss == "") != proven {
			t.Errorf("Evidence = %+v, miss %q", e, miss)
		}
	}

	key := record.TraceKey{Scenario: "s"}
	crash := matrix.Failure{Kind: matrix.FailureCrash, Reason: "after 3 of 10 trials: exit status 2: panic: no"}
	trace := &matrix.Trace{Scenario: "s", Trials: []matrix.Trial{{Scenario: "s"}}, Failures: []matrix.Failure{
		{Kind: matrix.FailureCrash, Reason: "after 0 of 10 trials: signal: killed"},
		crash,
		{Kind: matrix.FailureCrash, Reason: "after 0 of 10 trials: exit status 1: cannot write", Log: "write: no space left on device"},
	}}
	if err := s.PutTrace(key, trace); err != nil {
		t.Fatal(err)
	}
	if got, miss := s.Trace(key); miss != "" || len(got.Failures) != 1 || got.Failures[0] != crash || len(got.Trials) != 1 {
		t.Errorf("Trace = %+v, miss %q", got, miss)
	}
}
