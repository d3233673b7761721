package plans

import (
	"fmt"
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

// rounds refines a plan of a suite with n releases until there is nothing to add. It
// returns the versions that were tried and the gaps that are left. Verdict answers for
// the release with an index, alike for both scenarios.
func rounds(t *testing.T, n int, sel plan.Selection, verdict func(i int) matrix.Verdict) (tried []string, gaps []matrix.Gap) {
	t.Helper()
	suite := &matrix.Spec{Suite: "demo", Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}}}
	for i := range n {
		suite.Lock = append(suite.Lock, matrix.Release{Version: fmt.Sprintf("v0.%d.0", i)})
	}
	return refined(t, suite, sel, verdict)
}

// refined is rounds for a suite whose releases are v0.0.0, v0.1.0 and so on.
func refined(t *testing.T, suite *matrix.Spec, sel plan.Selection, verdict func(i int) matrix.Verdict) (tried []string, gaps []matrix.Gap) {
	t.Helper()
	at := make(map[string]int)
	for i := range len(suite.Lock) + len(suite.Known) {
		at[fmt.Sprintf("v0.%d.0", i)] = i
	}
	todo, err := plan.New(suite, sel)
	if err != nil {
		t.Fatal(err)
	}
	refiner := NewRefiner(suite, sel, todo)
	for round := 0; ; round++ {
		r := &matrix.Results{Scenarios: suite.Scenarios, Untried: todo.Untried}
		tried = nil
		for _, row := range todo.Rows {
			version := row.Release.Version
			tried = append(tried, version)
			r.Rows = append(r.Rows, matrix.RowResult{
				ID: row.ID, Source: matrix.SourceResult{Version: version}, State: matrix.StateOK,
				Cells: []matrix.Cell{{Scenario: "a", Verdict: verdict(at[version])}, {Scenario: "b", Verdict: verdict(at[version])}},
			})
		}
		gaps = matrix.Gaps(matrix.Intervals(r)[0].Ranges)
		more := refiner.More(r)
		if more == nil {
			return tried, gaps
		}
		if len(more.Rows) <= len(todo.Rows) || round > len(at) {
			t.Fatalf("round %d adds nothing to %v", round, tried)
		}
		todo = more
	}
}

// leaksTo returns verdicts that leak before the release with an index.
func leaksTo(end int) func(int) matrix.Verdict {
	return func(i int) matrix.Verdict {
		if i < end {
			return matrix.VerdictLeak
		}
		return matrix.VerdictClean
	}
}

// TestRefineTakesFewRows checks that one change among 62 releases takes 8 rows, wherever
// it is, and that both sides of it were tried.
func TestRefineTakesFewRows(t *testing.T) {
	for end := 1; end < 62; end++ {
		tried, gaps := rounds(t, 62, plan.Selection{Sample: RefineSample}, leaksTo(end))
		if len(tried) > 8 || len(gaps) > 0 || !slices.Contains(tried, fmt.Sprintf("v0.%d.0", end-1)) || !slices.Contains(tried, fmt.Sprintf("v0.%d.0", end)) {
			t.Errorf("a change at %d: tried %v, which leaves %v", end, tried, gaps)
		}
	}
}

// TestRefineStays checks that refining ends where nothing can be found out, and does not
// leave what was selected.
func TestRefineStays(t *testing.T) {
	unbuilt := func(i int) matrix.Verdict {
		if i > 3 && i < 9 {
			return matrix.VerdictError
		}
		return leaksTo(6)(i)
	}
	if tried, gaps := rounds(t, 12, plan.Selection{Sample: RefineSample}, unbuilt); len(gaps) != 0 || len(tried) != 9 {
		t.Errorf("with releases that cannot be tried: tried %v, which leaves %v", tried, gaps)
	}
	sel := plan.Selection{Sample: RefineSample, Versions: matrix.MustConstraint(">= 0.2, < 0.9, != 0.5.0")}
	tried, gaps := rounds(t, 12, sel, leaksTo(5))
	if slices.Contains(tried, "v0.5.0") || len(gaps) != 1 || gaps[0].String() != "fixed between v0.4.0 and v0.6.0 (1 release not tried)" {
		t.Errorf("with a release that is left out: tried %v, which leaves %v", tried, gaps)
	}
	if tried, _ := rounds(t, 12, plan.Selection{Only: []string{"v0.3.0", "v0.7.0"}}, leaksTo(10)); len(tried) != 2 {
		t.Errorf("without a change: tried %v", tried)
	}
}

// TestRefineKnown tries releases that the lock has by name alone, and that no other run tries.
func TestRefineKnown(t *testing.T) {
	suite := &matrix.Spec{Suite: "demo", Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}}}
	for i := range 10 {
		into := &suite.Lock
		if i%9 > 0 {
			into = &suite.Known
		}
		*into = append(*into, matrix.Release{Version: fmt.Sprintf("v0.%d.0", i)})
	}
	tried, gaps := refined(t, suite, plan.Selection{}, leaksTo(4))
	if len(gaps) > 0 || !slices.Contains(tried, "v0.3.0") || !slices.Contains(tried, "v0.4.0") || len(tried) > 6 {
		t.Errorf("tried %v, with gaps %v", tried, gaps)
	}
}
