package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// TestScenarios compares the scenarios with those in matrix.yaml: the same
// names in the same order, and each acts when its proof says so.
func TestScenarios(t *testing.T) {
	suite, err := spec.Load(zerortt.Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, s := range suite.Scenarios {
		want = append(want, s.Name)
	}
	for _, s := range scenarios {
		got = append(got, s.name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("matrix.yaml (-) and the reproduction (+) differ:\n%s", diff)
	}
	for i, s := range suite.Scenarios {
		checkScenario(t, s, scenarios[i])
	}
}

// checkScenario compares one scenario with its entry in matrix.yaml.
func checkScenario(t *testing.T, want matrix.Scenario, s scenario) {
	if found, ok := findScenario(s.name); !ok || found.name != s.name {
		t.Errorf("findScenario does not find %s", s.name)
	}
	if s.bidi+s.uni == 0 || s.onNext == nil {
		t.Errorf("%s has no early stream, or does nothing with the next connection", s.name)
	}
	if want.Proof["attempted"] != true || want.Proof["rejected"] != true {
		t.Errorf("%s: its proof is %v, which does not ask for a rejected attempt", s.name, want.Proof)
	}
	acted, before := want.Proof["acted"], s.beforeNext != nil
	if before != (acted == report.AfterRejection) {
		t.Errorf("%s: acts before the next connection: %v; its proof asks for %v", s.name, before, acted)
	}
	beforeRejection := s.beforeRejection != nil
	if proven := want.Proof["queued"] == true || want.Proof["sent"] == true; beforeRejection != proven {
		t.Errorf("%s: acts before the rejection: %v; its proof asks for that: %v", s.name, beforeRejection, proven)
	}
	if acted != nil && acted != report.BeforeRejection && acted != report.AfterRejection && acted != report.AfterNext {
		t.Errorf("%s: no trial ever reports acted: %v", s.name, acted)
	}
}

// TestFindScenario checks that an unknown name is not found.
func TestFindScenario(t *testing.T) {
	if s, ok := findScenario("none"); ok {
		t.Errorf("found %q", s.name)
	}
}

// TestBadArguments checks that wrong arguments are errors.
func TestBadArguments(t *testing.T) {
	for _, args := range [][]string{
		nil, {"walk"}, {"run"}, {"run", "-scenario", "none"},
		{"run", "-scenario", "control", "more"}, {"run", "-scenario", "control", "-trials", "0"},
	} {
		if err := command(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
