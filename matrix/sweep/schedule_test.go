package sweep

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// chained returns a plan with one row for each of the toolchains.
func chained(toolchains ...string) *matrix.Plan {
	p := &matrix.Plan{}
	for i, chain := range toolchains {
		version := fmt.Sprintf("v0.%d.0", i)
		p.Rows = append(p.Rows, matrix.Row{ID: version, Release: matrix.Release{Version: version}, Toolchain: chain})
	}
	return p
}

// all returns the places of all rows of a plan.
func all(p *matrix.Plan) []int {
	var rows []int
	for i := range p.Rows {
		rows = append(rows, i)
	}
	return rows
}

// building returns the rows that are being built.
func building(s *schedule) []int {
	rows := []int{}
	for row := range s.active {
		rows = append(rows, row)
	}
	slices.Sort(rows)
	return rows
}

func TestSchedule(t *testing.T) {
	a := "go1.1"
	b := "go1.2"
	tests := []struct {
		name  string
		plan  *matrix.Plan
		first []string
		jobs  int
		steps [][]int // rows that are being built, after the first one of the step before has left
	}{
		{"one job", chained(a, a, a), nil, 1, [][]int{{0}, {0, 1}, {1, 2}}},
		{"a toolchain is prepared by one row, and then neighbours of what is built go on, away from each other",
			chained(a, a, a, a, a, a), []string{"v0.3.0"}, 2, [][]int{{3}, {3, 2, 4}, {2, 1, 4}, {4, 1, 5}}},
		{"the toolchain for which most rows wait is prepared first",
			chained(a, b, b, b), nil, 1, [][]int{{1}, {1, 0}, {0, 2}}},
		{"two toolchains are prepared at once", chained(a, a, b, b), nil, 2, [][]int{{0, 2}, {0, 1, 2}, {2, 1, 3}}},
		{"but not before those to answer first have begun", chained(a, a, b, b), []string{"v0.0.0", "v0.1.0"}, 2, [][]int{{0}, {0, 1, 2}}},
		{"where all neighbours are being built, the farthest row comes next",
			chained(a, a, a, a, a, a, a, a), []string{"v0.0.0"}, 3, [][]int{{0}, {0, 1, 4, 7}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSchedule(test.plan, test.first, test.jobs, test.jobs)
			s.start(all(test.plan))
			for i, step := range test.steps {
				want := step
				if i > 0 {
					s.leave(step[0], true)
					want = slices.Clone(step[1:])
				}
				slices.Sort(want)
				if diff := cmp.Diff(want, building(s)); diff != "" {
					t.Fatalf("step %d (-want +got):\n%s", i, diff)
				}
			}
		})
	}
}

// TestCompilers checks that a row that is built alone may use all cores.
func TestCompilers(t *testing.T) {
	s := newSchedule(chained("a", "a", "a"), nil, 2, 8)
	s.start([]int{0, 1, 2})
	admit := func(row, want int) func(bool) {
		t.Helper()
		compilers, leave, err := s.admit(t.Context(), row)
		if err != nil || compilers != want {
			t.Errorf("row %d is built with %d compilers, %v; want %d", row, compilers, err, want)
		}
		return leave
	}
	admit(0, 8)(true)
	leave1, leave2 := admit(1, 4), admit(2, 4)
	leave1(true)
	leave2(true)
	admit(1, 8)(true) // once more, as its binary was lost
	admit(noPlace, 4)(true)
}

// TestUnprepared checks that a build without a binary does not prepare its toolchain.
func TestUnprepared(t *testing.T) {
	s := newSchedule(chained("a", "a", "a"), nil, 2, 2)
	s.start([]int{0, 1, 2})
	s.leave(0, false)
	if got := building(s); len(got) != 1 {
		t.Errorf("%v are built side by side before the toolchain is prepared", got)
	}
}

func TestAdmitEnds(t *testing.T) {
	s := newSchedule(chained("a", "a"), nil, 1, 1)
	s.start([]int{0, 1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.admit(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}

// TestScheduleHolds checks the rules of the schedule while builds end in any order.
func TestScheduleHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chains := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 30).Draw(t, "toolchains")
		slices.Sort(chains)
		plan := chained(chains...)
		jobs := rapid.IntRange(1, 5).Draw(t, "jobs")
		var first []string
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(chains)-1), 0, 3).Draw(t, "first") {
			first = append(first, plan.Rows[i].Release.Version)
		}
		s := newSchedule(plan, first, jobs, jobs)
		s.start(all(plan))
		prepared := make(map[string]bool)
		for done := 0; done < len(chains); done++ {
			now := building(s)
			if len(now) == 0 || len(now) > jobs {
				t.Fatalf("%d rows are built at once, with %d jobs and %d of %d done", len(now), jobs, done, len(chains))
			}
			preparing := make(map[string]int)
			for _, row := range now {
				if chain := plan.Rows[row].Toolchain; !prepared[chain] {
					preparing[chain]++
				}
				if done < jobs && s.rank[row] < 0 && slices.ContainsFunc(all(plan), func(i int) bool { return s.waiting[i] && s.rank[i] >= 0 }) {
					t.Fatalf("row %d is built while one waits that comes first", row)
				}
			}
			for chain, n := range preparing {
				if n > 1 {
					t.Fatalf("%d rows prepare %s", n, chain)
				}
			}
			ends := rapid.SampledFrom(now).Draw(t, "ends")
			prepared[plan.Rows[ends].Toolchain] = true
			s.leave(ends, true)
		}
		if len(s.waiting)+len(s.active) > 0 {
			t.Fatalf("%v wait, %v are active", s.waiting, s.active)
		}
	})
}
