package record

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestTestsAndUpstream(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key := TestKey{Module: "example.com/lib", Version: "v1.0.0", Packages: []string{"."}}
	if _, miss := s.Tests(key); miss != NotRecorded {
		t.Errorf("miss %q", miss)
	}
	run := &matrix.TestRun{State: matrix.TestsRan, Passed: []string{"TestA"}, Failed: []matrix.FailedTest{{Name: "TestB", Output: "no"}}, Elapsed: time.Second}
	upstream := &matrix.Upstream{Packages: []string{"."}, Passed: 3, Breaks: []matrix.UpstreamTest{{Package: ".", Test: "TestB"}}}
	if err := s.PutTests(key, run); err != nil {
		t.Fatal(err)
	}
	if err := s.PutUpstream(key, upstream); err != nil {
		t.Fatal(err)
	}
	gotRun, _ := s.Tests(key)
	gotUpstream, _ := s.Upstream(key)
	if diff := cmp.Diff([]any{run, upstream}, []any{gotRun, gotUpstream}); diff != "" {
		t.Error(diff)
	}
	key.Patches = [][2]string{{"a", "1"}}
	if _, miss := s.Upstream(key); miss == "" {
		t.Error("the key does not depend on the patches")
	}
}
