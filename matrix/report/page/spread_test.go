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
		{[]int{0, 22, 60}, []bool{false, false, false}, true},
		{[]int{40, 45, 62, 80}, []bool{false, true, false, true}, true},
		{[]int{40, 45, 50}, nil, false},
		{[]int{40, 61, 62}, []bool{false, true, false}, true},
		{[]int{40, 61, 83, 84}, []bool{false, true, false, true}, true},
	} {
		var turns []turn
		for _, at := range test.at {
			turns = append(turns, turn{At: at})
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
