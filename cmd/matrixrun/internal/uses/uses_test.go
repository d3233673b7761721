package uses

import (
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/recognise"
	"github.com/matrixrun/matrixrun/matrix"
)

// TestKeepRelevant checks which suites answer: those with code of their target, and those
// that do not know whether there is any. One answer for each target is enough.
func TestKeepRelevant(t *testing.T) {
	used := func(suite, target string) *matrix.Check {
		return &matrix.Check{Suite: suite, Target: target, Uses: []matrix.Use{{}}, Affected: matrix.AffectedTrue}
	}
	none := func(suite, target string, a matrix.Affected) *matrix.Check {
		return &matrix.Check{Suite: suite, Target: target, Affected: a}
	}
	const no, unknown = matrix.AffectedFalse, matrix.AffectedUnknown
	for name, test := range map[string]struct {
		checks []*matrix.Check
		want   []string
	}{
		"one":                             {[]*matrix.Check{none("a", "x", no)}, []string{"a"}},
		"all have code":                   {[]*matrix.Check{used("a", "x"), used("b", "x"), used("c", "y")}, []string{"a", "b", "c"}},
		"one target is surely not there":  {[]*matrix.Check{none("a", "x", no), used("b", "y")}, []string{"b"}},
		"one target may be there":         {[]*matrix.Check{none("a", "x", unknown), used("b", "y")}, []string{"a", "b"}},
		"none is there":                   {[]*matrix.Check{none("a", "x", no), none("b", "x", no), none("c", "y", no)}, []string{"a", "c"}},
		"nobody knows":                    {[]*matrix.Check{none("a", "x", unknown), none("b", "x", unknown)}, []string{"a"}},
		"only another suite has its code": {[]*matrix.Check{none("a", "x", unknown), used("b", "x")}, []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			q := new(inquiry)
			for _, c := range test.checks {
				q.advisers = append(q.advisers, &adviser{check: c})
			}
			q.keepRelevant()
			var got []string
			for _, c := range q.advisers {
				got = append(got, c.check.Suite)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// TestMatter checks that reach is also looked up for a scenario that leaks only in a later
// release. If the program cannot reach it, that release is a remedy.
func TestMatter(t *testing.T) {
	row := func(version string, verdicts ...matrix.Verdict) matrix.RowResult {
		r := matrix.RowResult{ID: version, State: matrix.StateOK, Source: matrix.SourceResult{Version: version}}
		for i, v := range verdicts {
			r.Cells = append(r.Cells, matrix.Cell{Scenario: []string{"now", "later"}[i], Verdict: v, Trials: 10})
		}
		return r
	}
	a := &adviser{sources: &recognise.Sources{Results: &matrix.Results{
		Scenarios: []matrix.Scenario{{Name: "now", Kind: matrix.KindProbe}, {Name: "later", Kind: matrix.KindProbe}},
		Rows:      []matrix.RowResult{row("v1.0.0", "leak", "clean"), row("v1.1.0", "clean", "leak"), row("v1.2.0", "clean", "clean")},
	}}}
	for version, want := range map[string][]string{"v1.0.0": {"later", "now"}, "v1.2.0": {}} {
		u := &matrix.Use{Advice: &a.sources.Table().Row(version).Advice}
		got := a.matter(u)
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", version, got, want)
		}
	}
}
