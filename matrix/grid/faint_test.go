package grid

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestFaint checks which clean cells next to a flaky one may be clean by chance.
func TestFaint(t *testing.T) {
	rows := sketch("v0.1.0 ··~··", "v0.2.0 ··?··", "v0.3.0 ··~··", "v0.4.0 ··?··", "v0.5.0 ·····", "v0.6.0 ·····", "v0.7.0 ··L··")
	const column = 2
	set := func(i, leaks, trials int) { rows[i].Cells[column].Leaks, rows[i].Cells[column].Trials = leaks, trials }
	for _, c := range []struct {
		leaks, of, trials int
		want              string
	}{
		{1, 200, 200, "0 of 200 trials may be chance, next to 1 of 200 in v0.3.0: take more with --trials"},
		{3, 200, 200, "0 of 200 trials may be chance, next to 3 of 200 in v0.3.0: take more with --trials"},
		{5, 200, 200, ""},
		{3, 200, 400, ""},
	} {
		set(2, c.leaks, c.of)
		set(4, 0, c.trials)
		if got := faint(rows, 4, rows[4].Cells[column]); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	set(2, 1, 200)
	for _, i := range []int{2, 3, 5, 6} { // not clean, or next to none that is flaky
		if got := faint(rows, i, rows[i].Cells[column]); got != "" {
			t.Errorf("%s: %q", rows[i].ID, got)
		}
	}
	patched := sketch("v0.1.0 ··~··", "v0.1.0+fix ·····")
	if faint(patched, 1, matrix.Cell{Scenario: "drop-a", Verdict: matrix.VerdictClean, Trials: 10}) == "" {
		t.Error("a patch cures what may be chance")
	}
}
