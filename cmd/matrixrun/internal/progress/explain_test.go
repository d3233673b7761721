package progress

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestReasons checks which reasons share a line, and how scenarios are counted.
func TestReasons(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e", "f", "g"}
	tests := map[string]struct {
		misses []matrix.Miss
		want   []string
	}{
		"one for all": {
			[]matrix.Miss{{What: "build", Why: "x"}, {What: "trials", Scenarios: all, Why: "y"}},
			[]string{"        v1.0.0      build: x; trials: y"},
		},
		"some": {
			[]matrix.Miss{{What: "build", Why: "x"}, {What: "trials", Scenarios: all[:2], Why: "y"}, {What: "trials", Scenarios: all[1:], Why: "z"}},
			[]string{"        v1.0.0      build: x", "                    trials of a, b: y", "                    trials of 6 of 7 scenarios: z"},
		},
		"of one": {
			[]matrix.Miss{{What: "trials", Scenarios: all[:1], Why: "y"}},
			[]string{"        v1.0.0      trials of a: y"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tally := tally{rows: 88, width: len("v1.0.0+fix"), scenarios: len(all)}
			if diff := cmp.Diff(test.want, tally.reasons(&matrix.Missed{Row: "v1.0.0", Misses: test.misses})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReasonsOfNoRow checks that --explain says so if everything was in the record.
func TestReasonsOfNoRow(t *testing.T) {
	const nothing = "everything was in the record"
	for _, explain := range []bool{false, true} {
		for _, missed := range []bool{false, true} {
			var tally tally
			tally.lines(matrix.Event{Planned: &matrix.Planned{Explain: explain}})
			if missed {
				tally.lines(matrix.Event{Missed: &matrix.Missed{Row: "v1.0.0", Misses: []matrix.Miss{{What: "build"}}}})
			}
			lines := tally.lines(matrix.Event{Time: time.Now(), Done: &matrix.Done{}})
			if got := lines[0] == nothing; got != (explain && !missed) {
				t.Errorf("explain %v, missed %v: %q", explain, missed, lines)
			}
		}
	}
}
