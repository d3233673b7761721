package sweep

import (
	"context"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// A schedule decides which rows are built at once, and which comes next. The go
// command compiles a package once for all rows that have it, but two go commands
// that run side by side both compile what neither has finished. So the rows that
// are built together are to have little in common, and what comes next is to have
// much in common with what is there already:
//
//   - the rows that the suite names first come first, with the whole machine;
//   - a toolchain's first row, which compiles the standard library, is built with
//     no other row of that toolchain beside it, and soon, as it takes longest;
//   - after that, neighbours of what is built go before neighbours of what is
//     being built.
type schedule struct {
	jobs int // rows that are built at once
	cpus int // that their compilers may use together
	rows []matrix.Row
	rank []int // by row: its place among those to answer first, -1 for none

	mu       sync.Mutex
	waiting  map[int]bool
	turns    map[int]chan int // of the rows that wait or were admitted, until they have heard of it
	active   map[int]bool
	built    map[int]bool
	prepared map[string]bool // toolchains whose standard library is compiled
}

// newSchedule makes a schedule for the rows of a plan.
func newSchedule(plan *matrix.Plan, first []string, jobs, cpus int) *schedule {
	s := &schedule{
		jobs: jobs, cpus: cpus, rows: plan.Rows,
		waiting: make(map[int]bool), turns: make(map[int]chan int),
		active: make(map[int]bool), built: make(map[int]bool), prepared: make(map[string]bool),
	}
	for _, row := range plan.Rows {
		s.rank = append(s.rank, slices.Index(first, row.Release.Version))
	}
	return s
}

// start lets rows wait for their turns, of which the first begin at once: all that
// wait must be known to choose well among them. Each must ask for its turn.
func (s *schedule) start(rows []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		s.waiting[row] = true
		s.turns[row] = make(chan int, 1)
	}
	s.next()
}

// admit waits until a row may be built; one that is not of the plan may at once.
// It returns how many compilers the build may run at once, and what to call when
// it is over, with whether it came to a binary. The error is the context's, with
// which all turns end.
func (s *schedule) admit(ctx context.Context, row int) (compilers int, leave func(built bool), err error) {
	if row == noPlace {
		return max(1, s.cpus/s.jobs), func(bool) {}, nil
	}
	select {
	case compilers = <-s.turn(row):
		return compilers, func(built bool) { s.leave(row, built) }, nil
	case <-ctx.Done():
		return 0, nil, context.Cause(ctx)
	}
}

// turn returns what tells a row its turn. A row that has had one, and must be built
// once more, waits for another.
func (s *schedule) turn(row int) chan int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turns[row] == nil {
		s.waiting[row] = true
		s.turns[row] = make(chan int, 1)
		s.next()
	}
	return s.turns[row]
}

// leave makes room for the next row.
func (s *schedule) leave(row int, built bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.active, row)
	delete(s.turns, row)
	if built {
		s.built[row] = true
		s.prepared[s.rows[row].Toolchain] = true
	}
	s.next()
}

// next admits as many rows as may be built now.
func (s *schedule) next() {
	var admitted []int
	for len(s.active) < s.jobs {
		row, ok := s.pick()
		if !ok {
			break
		}
		delete(s.waiting, row)
		s.active[row] = true
		admitted = append(admitted, row)
	}
	for _, row := range admitted {
		s.turns[row] <- max(1, s.cpus/len(s.active))
	}
}

// urgency is 0 for the row to answer before all others.
func (s *schedule) urgency(row int) int {
	if s.rank[row] < 0 {
		return len(s.rows)
	}
	return s.rank[row]
}
