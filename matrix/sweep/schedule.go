package sweep

import (
	"context"
	"slices"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// A schedule decides which rows are built at the same time, and which is next. The
// go command caches the packages that it has compiled, but two go commands that run
// at the same time both compile what neither has finished. So rows that are built
// at the same time should have little in common, and the next row should have much
// in common with those that are built:
//
//   - the rows that the suite wants first come first, and get the whole machine;
//   - the first row of a toolchain compiles the standard library. It is built
//     early, as it takes longest, and while no other row of that toolchain is built;
//   - after that, neighbours of rows that are built come before neighbours of rows
//     that are being built.
type schedule struct {
	jobs int // rows that are built at the same time
	cpus int // that their compilers may use together
	rows []matrix.Row
	rank []int // of each row: its index among those that the suite wants first, or -1

	mu       sync.Mutex
	waiting  map[int]bool
	turns    map[int]chan int // of rows that wait or are being built; each gets its number of compilers
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
		s.rank = append(s.rank, slices.Index(first, row.Release.Base()))
	}
	return s
}

// start gives turns to rows, the first of which begin at once. It gets all rows
// together, so that the choice among them is good. Each of them must call admit.
func (s *schedule) start(rows []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range rows {
		s.waiting[row] = true
		s.turns[row] = make(chan int, 1)
	}
	s.next()
}

// admit waits for a row's turn to be built; a row that is not in the plan need not
// wait. It returns how many compilers the build may run at the same time. The
// caller calls leave when the build ends, and says whether there is a binary. The
// error is the context's.
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

// turn returns the channel that receives when a row's turn comes. A row that had
// its turn, and must be built again, gets another.
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

// leave ends a row's turn, which makes room for the next.
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

// next begins the turns of as many rows as may be built now.
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

// urgency returns the order in which the suite wants rows: 0 for the first, and the
// same for all rows that it does not name.
func (s *schedule) urgency(row int) int {
	if s.rank[row] < 0 {
		return len(s.rows)
	}
	return s.rank[row]
}
