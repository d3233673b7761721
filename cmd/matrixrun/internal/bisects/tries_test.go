package bisects

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestStep checks that a step fits on a screen, and what is cut if not.
func TestStep(t *testing.T) {
	v := matrix.Visit{
		HistoryState: matrix.HistoryState{Name: strings.Repeat("0123456789", 4), Subject: strings.Repeat("subject ", 20)},
		Presence:     matrix.PresenceThere, Verdict: matrix.VerdictLeak, Leaks: 10, Trials: 10, Log: true,
	}
	w := matrix.Words{Leak: matrix.Phrase{One: "fails", Past: "failed"}}.Complete()
	for _, width := range []int{0, 60, 80, 100, 200} {
		line := step(v, w, width)
		if !strings.HasSuffix(line, ": fails, 10 of 10 trials failed (from the log)") {
			t.Errorf("width %d: %q", width, line)
		}
		if n := len([]rune(line)); width >= 80 && n > width || width == 0 && n < 100 {
			t.Errorf("width %d: the line has %d characters: %q", width, n, line)
		}
	}
}
