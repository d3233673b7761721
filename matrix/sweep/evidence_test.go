package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// playWithEvidence is the reproduction with -evidence. The name of the scenario says
// which trials leak.
func playWithEvidence(role string, n int, folder string) {
	if role == "broken" {
		fmt.Fprintln(os.Stderr, "no folder")
		os.Exit(2)
	}
	for i := range n {
		file := filepath.Join(folder, fmt.Sprintf("%s-%d", role, i))
		text := fmt.Sprintf(`{"scenario": %q, "trial": %d, "datagrams": [{"us": 1, "from": "client", "client": "127.0.0.1:1", "server": "127.0.0.1:2", "data": "AA=="}]}`, role, i)
		for suffix, text := range map[string]string{".json": text, ".log": fmt.Sprint("trial ", i)} {
			if err := os.WriteFile(file+suffix, []byte(text), 0o666); err != nil {
				panic(err)
			}
		}
		outcome, more := "clean", ""
		switch {
		case role == "always", role == "rare" && i == 3, role == "rarest" && i == 19 && seventh():
			outcome = "leak"
		case role == "disputed":
			outcome, more = "leak", `, "wire": {"agrees": false, "why": "nothing was sent"}`
		}
		fmt.Printf(`{"scenario": %q, "trial": %d, "outcome": %q, "proof": {"next_used": true}, "saw": [{"side": "server"}]%s}`+"\n", role, i, outcome, more)
	}
}

// seventh reports whether a process is the seventh that keeps evidence of this role. It
// counts them in a file next to the program.
func seventh() bool {
	name := os.Args[0] + ".asked"
	data, _ := os.ReadFile(name)
	_ = os.WriteFile(name, append(data, '.'), 0o666)
	return len(data) == 6
}

// TestMaxTries checks that a leak that is rarer than one in 26 trials gets its evidence:
// after as many trials as it takes to see the leak again.
func TestMaxTries(t *testing.T) {
	s, a := capturing(t, matrix.EvidenceLeaks, "rarest")
	w := work{sweep: s, row: s.plan.Rows[0]}
	cells := []matrix.Cell{{Scenario: "rarest", Verdict: matrix.VerdictFlaky, Leaks: 2, Trials: 200}}
	if err := w.captures(t.Context(), a, cells); err != nil {
		t.Fatal(err)
	}
	if len(cells[0].Evidence) != 2 || w.effort.trials != 1+5+7*20 {
		t.Errorf("evidence %q, none %q, after %d trials", cells[0].Evidence, cells[0].NoEvidence, w.effort.trials)
	}
	again := []matrix.Cell{{Scenario: "rarest", Verdict: matrix.VerdictFlaky, Leaks: 2, Trials: 400}}
	if err := w.captures(t.Context(), a, again); err != nil || !slices.Equal(again[0].Evidence, cells[0].Evidence) || w.effort.trials != 146 {
		t.Errorf("answered again: %v, evidence %q, after %d trials", err, again[0].Evidence, w.effort.trials)
	}
}

// capturing returns a sweep of one row that wants evidence, and the row's binary.
func capturing(t *testing.T, mode matrix.EvidenceMode, scenarios ...string) (*Sweep, matrix.Artifact) {
	t.Helper()
	plan := unsupported("v0.1.0")
	plan.Scenarios = nil
	for _, name := range scenarios {
		plan.Scenarios = append(plan.Scenarios, probe(name))
	}
	s := newSweep(t, plan, Options{Evidence: mode}, func(matrix.Event) {})
	s.spec.Evidence = true
	return s, keep(t, s.store.Store, strings.Repeat("4", 64))
}

// cellsOf returns cells for texts such as "scenario verdict".
func cellsOf(texts ...string) (cells []matrix.Cell) {
	for _, text := range texts {
		scenario, verdict, _ := strings.Cut(text, " ")
		cells = append(cells, matrix.Cell{Scenario: scenario, Verdict: matrix.Verdict(verdict)})
	}
	return cells
}

func TestCaptures(t *testing.T) {
	paths := func(scenario string) []string {
		return []string{"evidence/v0.1.0/" + scenario + ".log", "evidence/v0.1.0/" + scenario + ".pcapng"}
	}
	tests := []struct {
		mode   matrix.EvidenceMode
		cell   string
		trials int      // that are run for the evidence
		paths  []string // of the files
		none   string   // why there is none
	}{
		{matrix.EvidenceLeaks, "always leak", 1, paths("always"), ""},
		{matrix.EvidenceLeaks, "rare flaky", 6, paths("rare"), ""},
		{matrix.EvidenceLeaks, "never leak", 26, nil, "none of 26 further trials came out as leak, with a capture that agrees"},
		{matrix.EvidenceLeaks, "disputed leak", 26, nil, "none of 26 further trials came out as leak, with a capture that agrees"},
		{matrix.EvidenceLeaks, "broken leak", 1, nil, "the reproduction fails where it is to keep evidence: exit status 2: no folder"},
		{matrix.EvidenceLeaks, "never clean", 0, nil, ""},
		{matrix.EvidenceLeaks, "always vacuous", 0, nil, ""},
		{matrix.EvidenceLeaks, "always error", 0, nil, ""},
		{matrix.EvidenceAll, "never clean", 1, paths("never"), ""},
		{matrix.EvidenceAll, "always leak", 1, paths("always"), ""},
		{matrix.EvidenceAll, "always error", 0, nil, ""},
		{matrix.EvidenceNone, "always leak", 0, nil, ""},
		{"", "always leak", 0, nil, ""},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.mode, " ", test.cell), func(t *testing.T) {
			scenario, _, _ := strings.Cut(test.cell, " ")
			s, a := capturing(t, test.mode, scenario)
			for round, trials := range []int{test.trials, 0} { // the second round recalls it
				w, cells := work{sweep: s, row: s.plan.Rows[0]}, cellsOf(test.cell)
				if err := w.captures(t.Context(), a, cells); err != nil {
					t.Fatal(err)
				}
				if w.effort.trials != trials {
					t.Errorf("round %d: %d trials, want %d", round, w.effort.trials, trials)
				}
				if diff := cmp.Diff(test.paths, cells[0].Evidence); diff != "" || cells[0].NoEvidence != test.none {
					t.Errorf("round %d: none %q, want %q; paths (-want +got):\n%s", round, cells[0].NoEvidence, test.none, diff)
				}
			}
		})
	}
}

// TestCapturesAreShared has two rows with the same binary. They share the evidence,
// and each has its own paths.
func TestCapturesAreShared(t *testing.T) {
	s, a := capturing(t, matrix.EvidenceLeaks, "rare")
	var works [2]work
	var group sync.WaitGroup
	for i, id := range []string{"v0.1.0", "v0.1.1"} {
		works[i] = work{sweep: s, row: matrix.Row{ID: id}}
		group.Go(func() {
			cells := cellsOf("rare leak")
			if err := works[i].captures(t.Context(), a, cells); err != nil || !slices.Contains(cells[0].Evidence, "evidence/"+id+"/rare.pcapng") {
				t.Errorf("%s: evidence %v, %v", id, cells[0].Evidence, err)
			}
		})
	}
	group.Wait()
	if ran := works[0].effort.trials + works[1].effort.trials; ran != 6 {
		t.Errorf("%d trials were run, want 6", ran)
	}
	for _, id := range []string{"v0.1.0", "v0.1.1"} {
		files, err := s.Evidence(id, "rare")
		if err != nil || len(files) != 2 || string(files[0].Data) != "trial 3" {
			t.Errorf("%s has %d files, %v", id, len(files), err)
		}
	}
	if _, err := s.Evidence("v0.1.0", "often"); err == nil {
		t.Error("there is evidence that nobody asked for")
	}
	s.store.fresh = true
	clear(s.store.put)
	again := work{sweep: s, row: s.plan.Rows[0]}
	if err := again.captures(t.Context(), a, cellsOf("rare leak")); err != nil || again.effort.trials != 6 {
		t.Errorf("starting over, %d trials were run, %v", again.effort.trials, err)
	}
}

// TestEvidenceThatWasRemoved removes the evidence between the run and its publication.
// It is made again, and no event says so after the run.
func TestEvidenceThatWasRemoved(t *testing.T) {
	s, a := capturing(t, matrix.EvidenceLeaks, "always")
	w := work{sweep: s, row: s.plan.Rows[0]}
	if err := w.captures(t.Context(), a, cellsOf("always leak")); err != nil {
		t.Fatal(err)
	}
	s.over.Store(true)
	s.emit = func(e matrix.Event) { t.Errorf("event %+v", e) }
	if err := os.RemoveAll(filepath.Join(filepath.Dir(a.Path), "..", "..", "evidence")); err != nil {
		t.Fatal(err)
	}
	files, err := s.Evidence("v0.1.0", "always")
	if err != nil || len(files) != 2 || w.effort.trials != 2 {
		t.Errorf("%d files after %d trials, %v", len(files), w.effort.trials, err)
	}
}

// TestCapturesNeedASuiteThatCan has a reproduction that cannot keep evidence.
func TestCapturesNeedASuiteThatCan(t *testing.T) {
	s, a := capturing(t, matrix.EvidenceAll, "always")
	s.spec.Evidence = false
	w, cells := work{sweep: s, row: s.plan.Rows[0]}, cellsOf("always leak")
	if err := w.captures(t.Context(), a, cells); err != nil || w.effort.trials != 0 || cells[0].NoEvidence != "" {
		t.Errorf("%d trials, none %q, %v", w.effort.trials, cells[0].NoEvidence, err)
	}
}

// TestCapturesThatCannotBeHad checks that a cell without evidence says why, and that
// the end of the context is an error.
func TestCapturesThatCannotBeHad(t *testing.T) {
	s, a := capturing(t, matrix.EvidenceLeaks, "always")
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	w, cells := work{sweep: s, row: s.plan.Rows[0]}, cellsOf("always leak")
	if err := w.captures(t.Context(), a, cells); err != nil || !strings.Contains(cells[0].NoEvidence, "capturing scenario always: stat $TMPDIR") {
		t.Errorf("none %q, %v", cells[0].NoEvidence, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.captures(ctx, a, cells); err == nil {
		t.Error("an ended context is not an error")
	}
}
