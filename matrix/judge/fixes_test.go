package judge

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestFixes(t *testing.T) {
	scenarios := []matrix.Scenario{
		{Name: "control", Kind: matrix.KindControl}, {Name: "a", Kind: matrix.KindProbe}, {Name: "b", Kind: matrix.KindProbe}, {Name: "w", Kind: matrix.KindWorkaround},
	}
	base := func(leaking string) *matrix.RowResult {
		row := &matrix.RowResult{}
		for _, s := range scenarios {
			c := matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictClean}
			if s.Name == leaking {
				c.Verdict = matrix.VerdictFlaky
			}
			row.Cells = append(row.Cells, c)
		}
		return row
	}
	for _, test := range []struct {
		name    string
		globs   []string
		base    *matrix.RowResult
		leaking bool
		want    []string
	}{
		{"globs", []string{"*"}, base("a"), true, []string{"a", "b", "w"}},
		{"globs in the suite's order", []string{"w", "a"}, nil, false, []string{"a", "w"}},
		{"all that leaks", nil, base("b"), true, []string{"b"}},
		{"nothing leaks", nil, base(""), true, []string{"a", "b", "w"}},
		{"no base", nil, nil, true, nil},
		{"not asked for", nil, base("b"), false, nil},
	} {
		if diff := cmp.Diff(test.want, Fixes(scenarios, test.globs, test.base, test.leaking)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}
