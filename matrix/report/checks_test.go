package report

import (
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestTogether checks what several suites say together: false only if all of them do.
func TestTogether(t *testing.T) {
	const yes, no, unknown = matrix.AffectedTrue, matrix.AffectedFalse, matrix.AffectedUnknown
	for _, test := range []struct {
		suites []matrix.Affected
		uses   []matrix.Affected // of one more suite, which is affected if none of them is unknown
		want   matrix.Affected
		exit   int
	}{
		{nil, nil, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{no}, nil, no, matrix.ExitOK},
		{[]matrix.Affected{no, no}, nil, no, matrix.ExitOK},
		{[]matrix.Affected{no, yes}, nil, yes, matrix.ExitDiffers},
		{[]matrix.Affected{yes, no}, nil, yes, matrix.ExitDiffers},
		{[]matrix.Affected{no, unknown}, nil, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{no, ""}, nil, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{yes, unknown}, nil, yes, matrix.ExitDiffers}, // of modules that were not looked at
		{[]matrix.Affected{unknown, yes}, nil, yes, matrix.ExitDiffers},
		{[]matrix.Affected{yes, unknown}, []matrix.Affected{no, unknown}, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{unknown}, []matrix.Affected{no, yes}, yes, matrix.ExitDiffers},
	} {
		var all Checks
		for _, a := range test.suites {
			all = append(all, &matrix.Check{Affected: a})
		}
		if test.uses != nil {
			one := &matrix.Check{Affected: matrix.AffectedTrue}
			if slices.Contains(test.uses, unknown) {
				one.Affected = unknown
			}
			for _, a := range test.uses {
				one.Uses = append(one.Uses, matrix.Use{Affected: a})
			}
			all = append(all, one)
		}
		if got := all.Affected(); got != test.want || all.Exit() != test.exit {
			t.Errorf("%q, uses %q: got %q and exit code %d, want %q and %d", test.suites, test.uses, got, all.Exit(), test.want, test.exit)
		}
	}
}
