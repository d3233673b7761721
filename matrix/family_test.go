package matrix

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFamilyIn checks that a family leaks where any of its probes does, and is clean only
// where all of them are.
func TestFamilyIn(t *testing.T) {
	f := Family{Name: "both", Scenarios: []string{"a", "b"}}
	leak, kill := Cell{Verdict: VerdictLeak, Severity: SeverityMild}, Cell{Verdict: VerdictFlaky, Severity: SeveritySevere}
	clean, vacuous, failed := Cell{Verdict: VerdictClean}, Cell{Verdict: VerdictVacuous}, Cell{Verdict: VerdictError}
	for _, c := range []struct {
		name string
		a, b Cell // without a verdict, the cell was not run
		want FamilyResult
	}{
		{"all clean", clean, clean, FamilyResult{Verdict: VerdictClean, Leaks: []string{}}},
		{"one leaks", clean, leak, FamilyResult{Verdict: VerdictLeak, Leaks: []string{"b"}}},
		{"one leaks, the other is not known", vacuous, leak, FamilyResult{Verdict: VerdictLeak, Leaks: []string{"b"}}},
		{"one leaks at times, and kills", kill, clean, FamilyResult{Verdict: VerdictFlaky, Leaks: []string{"a"}, Kills: true}},
		{"always outranks at times", kill, leak, FamilyResult{Verdict: VerdictLeak, Leaks: []string{"a", "b"}, Kills: true}},
		{"one is not known", clean, vacuous, FamilyResult{Verdict: VerdictVacuous, Leaks: []string{}}},
		{"the first that is not known", failed, vacuous, FamilyResult{Verdict: VerdictError, Leaks: []string{}}},
		{"one was not run", clean, Cell{}, FamilyResult{Leaks: []string{}}},
		{"the first was not run", Cell{}, vacuous, FamilyResult{Leaks: []string{}}},
	} {
		var row RowResult
		for name, cell := range map[string]Cell{"a": c.a, "b": c.b} {
			if cell.Verdict != "" {
				cell.Scenario = name
				row.Cells = append(row.Cells, cell)
			}
		}
		c.want.Family = "both"
		if diff := cmp.Diff(c.want, f.In(&row)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
