package uses

import (
	"slices"
	"testing"

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
