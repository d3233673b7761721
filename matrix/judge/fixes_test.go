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
	for _, test := range []struct{ globs, want []string }{
		{[]string{"*"}, []string{"a", "b", "w"}},
		{[]string{"w", "a"}, []string{"a", "w"}}, // in the suite's order
		{nil, nil},
	} {
		if diff := cmp.Diff(test.want, Fixes(scenarios, test.globs)); diff != "" {
			t.Errorf("%q: %s", test.globs, diff)
		}
	}
}
