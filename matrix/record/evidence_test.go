package record_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

func TestEvidence(t *testing.T) {
	s, dir := open(t)
	key := record.EvidenceKey{TraceKey: record.TraceKey{Binary: keyA, Scenario: "after-both"}, Outcome: matrix.OutcomeLeak}
	if _, miss := s.Evidence(key); miss != "not in the record" {
		t.Errorf("miss %q", miss)
	}
	for _, want := range []matrix.Evidence{
		{None: "it was not seen again", Proven: true},
		{Trial: aTrace.Trials[0], Files: []matrix.EvidenceFile{{Suffix: ".pcapng", Data: []byte{0, 0xff, '\n'}}, {Suffix: ".qlog", Data: []byte("{}")}}},
	} {
		if err := s.PutEvidence(key, want); err != nil {
			t.Fatal(err)
		}
		got, miss := s.Evidence(key)
		if diff := cmp.Diff(want, got); diff != "" || miss != "" {
			t.Errorf("miss %q, evidence (-put +got):\n%s", miss, diff)
		}
	}
	other := key
	other.Outcome = matrix.OutcomeClean
	if _, miss := s.Evidence(other); miss == "" {
		t.Error("evidence of a leak is a hit for a clean trial")
	}
	other = key
	other.Parameters = "30s"
	if _, miss := s.Evidence(other); miss == "" {
		t.Error("evidence of one trace is a hit for another trace")
	}
	path := only(t, dir, "evidence")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), "pcapng", "pcapgn", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, miss := s.Evidence(key); miss != "damaged: its checksum does not match" {
		t.Errorf("miss %q", miss)
	}
}
