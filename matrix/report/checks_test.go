package report

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestTogether checks what several suites say together: false only if all of them do.
func TestTogether(t *testing.T) {
	const yes, no, unknown = matrix.AffectedTrue, matrix.AffectedFalse, matrix.AffectedUnknown
	for _, test := range []struct {
		suites []matrix.Affected
		want   matrix.Affected
		exit   int
	}{
		{nil, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{no}, no, matrix.ExitOK},
		{[]matrix.Affected{no, no}, no, matrix.ExitOK},
		{[]matrix.Affected{no, yes}, yes, matrix.ExitDiffers},
		{[]matrix.Affected{yes, no}, yes, matrix.ExitDiffers},
		{[]matrix.Affected{yes, unknown}, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{unknown, yes}, unknown, matrix.ExitUnknown},
		{[]matrix.Affected{no, ""}, unknown, matrix.ExitUnknown},
	} {
		var all Checks
		for _, a := range test.suites {
			all = append(all, &matrix.Check{Affected: a})
		}
		if got := all.Affected(); got != test.want || all.Exit() != test.exit {
			t.Errorf("%q: got %q and exit code %d, want %q and %d", test.suites, got, all.Exit(), test.want, test.exit)
		}
	}
}
