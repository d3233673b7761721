package page

import "testing"

// TestSpread checks that labels are on a second line where they would cover each other, and
// that more than two lines are not used.
func TestSpread(t *testing.T) {
	for _, test := range []struct {
		at    []int
		low   []bool
		wants bool
	}{
		{nil, nil, true},
		{[]int{0, 30, 60, 90}, []bool{false, false, false, false}, true},
		{[]int{0, 26, 60}, []bool{false, true, false}, true},
		{[]int{40, 45, 70, 75}, []bool{false, true, false, true}, true},
		{[]int{40, 45, 50}, nil, false},
		{[]int{68, 90}, []bool{false, true}, true}, // of which the first label ends at 76, and the second one begins at 70
	} {
		var turns []turn
		for _, at := range test.at {
			turns = append(turns, turn{At: at, Version: "v0.50.1", Date: "2026-01-02"})
		}
		if got := spread(turns); got != test.wants {
			t.Errorf("%v: %v, want %v", test.at, got, test.wants)
		}
		for i, low := range test.low {
			if turns[i].Low != low {
				t.Errorf("%v: label %d is low: %v, want %v", test.at, i, turns[i].Low, low)
			}
		}
	}
}
