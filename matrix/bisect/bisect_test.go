package bisect

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// line returns the parents of n states in a line.
func line(n int) [][]int {
	parents := make([][]int, n)
	for i := 1; i < n; i++ {
		parents[i] = []int{i - 1}
	}
	return parents
}

// search searches a history in which the states for which isNew is true are New, and
// those for which broken is true are Unknown. It returns the questions as well.
func search(t *testing.T, parents [][]int, isNew, broken func(int) bool) (found, asked []int) {
	t.Helper()
	found, err := Search(parents, func(i int) (Answer, error) {
		asked = append(asked, i)
		switch {
		case broken(i):
			return Unknown, nil
		case isNew(i):
			return New, nil
		}
		return Old, nil
	}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	return found, asked
}

func never(int) bool { return false }

// TestSearchLine finds every change of a line of 2^n states with n questions.
func TestSearchLine(t *testing.T) {
	const steps, n = 6, 1 << 6
	for first := range n {
		found, asked := search(t, line(n), func(i int) bool { return i >= first }, never)
		if !reflect.DeepEqual(found, []int{first}) || len(asked) > steps {
			t.Errorf("%d: got %v after %v", first, found, asked)
		}
	}
	if Steps(n) != steps || Steps(1) != 0 || Steps(0) != 0 {
		t.Errorf("%d states: got %d steps", n, Steps(n))
	}
}

// TestSearchMerged finds the commit of a side branch, and the merge itself.
//
//	0 - 1 - 2 ----- 5 - 6
//	  \ 3 ----- 4 /
func TestSearchMerged(t *testing.T) {
	parents := [][]int{{}, {0}, {1}, {0}, {3}, {2, 4}, {5}}
	for name, test := range map[string]struct {
		isNew []int
		want  int
	}{
		"side branch": {[]int{4, 5, 6}, 4},
		"main branch": {[]int{2, 5, 6}, 2},
		"merge":       {[]int{5, 6}, 5},
		"after it":    {[]int{6}, 6},
	} {
		found, asked := search(t, parents, func(i int) bool {
			for _, n := range test.isNew {
				if n == i {
					return true
				}
			}
			return false
		}, never)
		if !reflect.DeepEqual(found, []int{test.want}) || len(asked) > 4 {
			t.Errorf("%s: got %v after %v", name, found, asked)
		}
	}
}

// TestSearchGap has states that cannot be answered. If the change is among them, all
// that can have made it are returned; otherwise they cost few questions.
func TestSearchGap(t *testing.T) {
	const n = 200
	broken := func(i int) bool { return 80 <= i && i < 120 }
	for first := 1; first < n; first++ {
		found, asked := search(t, line(n), func(i int) bool { return i >= first }, broken)
		want := []int{first}
		if 80 <= first && first <= 120 {
			want = nil
			for i := 80; i <= 120; i++ {
				want = append(want, i)
			}
		}
		if !reflect.DeepEqual(found, want) {
			t.Errorf("%d: got %v, want %v", first, found, want)
		}
		if len(want) == 1 && len(asked) > 2*8+2 {
			t.Errorf("%d: it took %d questions", first, len(asked))
		}
	}
}

// TestSearchAny searches any history for a change that all its descendants keep.
func TestSearchAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "states")
		parents := line(n)
		for i := 2; i < n; i++ {
			if rapid.Bool().Draw(t, "branch") {
				parents[i] = []int{rapid.IntRange(0, i-1).Draw(t, "parent"), i - 1}
			}
		}
		first := rapid.IntRange(0, n-1).Draw(t, "first")
		before := histories(parents)
		found, err := Search(parents, func(i int) (Answer, error) {
			if before[i].has(first) {
				return New, nil
			}
			return Old, nil
		}, func(int) {})
		if err != nil || !reflect.DeepEqual(found, []int{first}) {
			t.Fatalf("got %v, %v, want %d", found, err, first)
		}
	})
}

// TestSearchLeft counts down, to one state.
func TestSearchLeft(t *testing.T) {
	var all []int
	_, err := Search(line(9), func(int) (Answer, error) { return Old, nil }, func(left int) { all = append(all, left) })
	if err != nil || all[0] != 9 || all[len(all)-1] != 1 {
		t.Errorf("got %v, %v", all, err)
	}
	broken := errors.New("broken")
	if _, err := Search(line(9), func(int) (Answer, error) { return Old, broken }, func(int) {}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if found, err := Search(nil, nil, nil); found != nil || err != nil {
		t.Errorf("no states: got %v, %v", found, err)
	}
}

func TestGrow(t *testing.T) {
	for _, test := range []struct {
		from, step int
		isNew      func(int) bool
		broken     func(int) bool
		want       string
		asked      int
	}{
		{99, -1, func(i int) bool { return i < 60 }, never, "68 36", 6},
		{99, -1, func(i int) bool { return i == 0 }, never, "36 0", 7},
		{99, -1, never, never, "none", 7},
		{0, 1, func(i int) bool { return i > 98 }, never, "63 99", 7},
		{0, 1, func(i int) bool { return i > 1 }, func(i int) bool { return i > 0 && i < 10 }, "0 10", 10},
		{0, 1, func(i int) bool { return i > 1 }, func(i int) bool { return i > 0 }, "none", 99},
		{0, -1, never, never, "none", 0},
	} {
		asked := 0
		near, far, ok, err := Grow(100, test.from, test.step, New, func(i int) (Answer, error) {
			asked++
			switch {
			case test.broken(i):
				return Unknown, nil
			case test.isNew(i):
				return New, nil
			}
			return Old, nil
		})
		got := "none"
		if ok {
			got = fmt.Sprint(near, far)
		}
		if err != nil || got != test.want || asked != test.asked {
			t.Errorf("%+v: got %s, %v after %d questions", test, got, err, asked)
		}
	}
}
