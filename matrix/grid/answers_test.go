package grid

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// answerTests are rows and the answer in sentences.
var answerTests = []struct {
	name string
	rows []matrix.RowResult
	want []string
}{
	{"merged", sketch("v0.1.0 ·L LL·", "v0.2.0 ·L LL·", "v0.3.0 ·L ···", "v0.4.0 ·L ···"), []string{
		"drop-a and drop-b leak in v0.1.0 - v0.2.0 (2 releases), clean from v0.3.0",
		"retry works in all 4 releases, v0.1.0 - v0.4.0",
	}},
	{"apart", sketch("v0.1.0 ·L LCL", "v0.2.0 ·L ··~", "v0.3.0 ·L L··"), []string{
		"drop-a leaks in v0.1.0 and v0.3.0, clean in v0.2.0",
		"drop-b leaks in v0.1.0, clean from v0.2.0; the leak can kill the connection",
		"retry does not work in v0.1.0, works only at times in v0.2.0, works in v0.3.0",
	}},
	{"holes", sketch("v0.1.0 ·L ?L-", "v0.2.0 !build-failed", "v0.3.0 ·L ·~-", "v0.4.0 !unavailable", "v0.5.0 ·L ·__"), []string{
		"drop-a is clean in v0.3.0 and v0.5.0; not known for v0.1.0: not shown, v0.2.0: build-failed, v0.4.0: unavailable",
		"drop-b leaks in v0.1.0, flaky in v0.3.0; not known for v0.2.0: build-failed, v0.4.0: unavailable, v0.5.0: not run",
		"retry: not known for v0.1.0 and v0.3.0: unsupported, v0.2.0: build-failed, v0.4.0: unavailable, v0.5.0: not run",
	}},
	{"one release", sketch("v0.1.0 ·L C·L"), []string{
		"drop-a leaks in v0.1.0; the leak can kill the connection",
		"drop-b is clean in v0.1.0",
		"retry does not work in v0.1.0",
	}},
	{"two releases", sketch("v0.1.0 ·L C··", "v0.2.0 ·L F··"), []string{
		"drop-a leaks in v0.1.0, flaky in v0.2.0; the leak can kill the connection",
		"drop-b is clean in both releases, v0.1.0 and v0.2.0",
		"retry works in both releases, v0.1.0 and v0.2.0",
	}},
	{"deadly at times", sketch("v0.1.0 ·L CC·", "v0.2.0 ·L LL·", "v0.3.0 ·L CC·", "v0.4.0 ·L LL·", "v0.5.0 ·L CC·", "v0.6.0 ·L LL·", "v0.7.0 ·L LC·"), []string{
		"drop-a leaks in all 7 releases, v0.1.0 - v0.7.0; the leak can kill the connection in v0.1.0, v0.3.0 and v0.5.0",
		"drop-b leaks in all 7 releases, v0.1.0 - v0.7.0; the leak can kill the connection in 4 of 7 releases",
		"retry works in all 7 releases, v0.1.0 - v0.7.0",
	}},
	{"patched", func() []matrix.RowResult {
		rows := sketch("v0.1.0 ·L LL·", "v0.1.0+fix !patch-conflict", "v0.2.0 ·L LL·", "v0.2.0+fix ·L ··L", "v0.3.0 ·L LL·", "v0.3.0+fix !build-failed", "v0.4.0 ·L ···")
		rows[1].Effect, rows[3].Effect, rows[5].Effect = matrix.EffectConflict, matrix.EffectRegresses, matrix.EffectUnbuildable
		return rows
	}(), []string{
		"drop-a and drop-b leak in v0.1.0 - v0.3.0 (3 releases), clean in v0.4.0",
		"retry works in all 4 releases, v0.1.0 - v0.4.0",
		"fix makes something worse in v0.2.0, does not compile in v0.3.0, does not apply in v0.1.0",
		"with fix, drop-a and drop-b are clean in v0.2.0",
		"with fix, retry does not work in v0.2.0",
	}},
	{"all patches", func() []matrix.RowResult {
		rows := sketch("v0.1.0 ·L L?L", "v0.1.0+a+b+c ·L ·?·", "v0.2.0 ·L LLL", "v0.2.0+a+b+c ·L ···", "v0.3.0 ·L LLL", "v0.3.0+b+c ·L ···")
		for _, i := range []int{1, 3, 5} {
			rows[i].Effect = matrix.EffectFixes
		}
		return rows
	}(), []string{
		"drop-a leaks in all 3 releases, v0.1.0 - v0.3.0",
		"drop-b leaks from v0.2.0; not shown for v0.1.0",
		"retry does not work in all 3 releases, v0.1.0 - v0.3.0",
		"a + b + c fixes what it is for in both releases, v0.1.0 and v0.2.0; with it, nothing leaks",
		"with a + b + c, drop-b is clean in v0.2.0; not shown for v0.1.0",
		"b + c fixes what it is for in v0.3.0; with it, nothing leaks",
	}},
	{"nothing patched came to run", func() []matrix.RowResult {
		rows := sketch("v0.1.0+fix !patch-conflict")
		rows[0].Effect = matrix.EffectConflict
		return rows
	}(), []string{"fix does not apply in v0.1.0"}},
}

func TestAnswers(t *testing.T) {
	for _, test := range answerTests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, New(&matrix.Results{Words: leaky, Scenarios: columns, Rows: test.rows}).Answers); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestAnswersOfASample checks that sentences claim nothing of releases that were not tried.
func TestAnswersOfASample(t *testing.T) {
	r := &matrix.Results{
		Words:     leaky,
		Scenarios: columns, Untried: matrix.Untried{"v0.2.0", "v0.4.0", "v0.5.0", "v0.9.0"},
		Rows: sketch("v0.1.0 ·L LL·", "v0.3.0 ·L LL·", "v0.6.0 ·L ·LL", "v0.7.0 ·L ·LL", "v0.8.0 ·L ·L·"),
	}
	want := []string{
		"drop-a leaks in v0.1.0 - v0.3.0 (2 of 3 releases), clean in v0.6.0 - v0.8.0 (3 releases); fixed between v0.3.0 and v0.6.0 (2 releases not tried)",
		"drop-b leaks in all 5 releases that were tried, v0.1.0 - v0.8.0",
		"retry does not work in v0.6.0 - v0.7.0 (2 releases), works in v0.1.0 - v0.3.0 (2 of 3 releases) and v0.8.0; changed between v0.3.0 and v0.6.0 (2 releases not tried)",
	}
	table := New(r)
	if diff := cmp.Diff(want, table.Answers); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := table.Row("v0.8.0").Advice.Do; !cmp.Equal(got, []string{"no later release that was tried leaks less", "workaround for this release: retry"}) {
		t.Errorf("advice on the newest row that was tried: %q", got)
	}
}
