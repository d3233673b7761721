package sweep

import "math"

// pick chooses the row to build next. It is not ok if no row waits, or if it is
// better to build none now.
func (s *schedule) pick() (row int, ok bool) {
	fresh, apart := s.distances(s.built), s.distances(s.active)
	var best worth
	// The first of equals wins, so that every run makes the same choice.
	for _, c := range s.admissible() {
		w := worth{urgency: s.urgency(c), fresh: fresh[c], apart: apart[c]}
		if w.apart <= w.fresh {
			w.fresh = math.MaxInt // both would compile the same packages
		}
		if chain := s.rows[c].Toolchain; !s.prepared[chain] {
			w.unprepared = s.waitingFor(chain)
		}
		if !ok || w.betterThan(best) {
			row, best, ok = c, w, true
		}
	}
	return row, ok
}

// A worth says how good it is to build a row now.
type worth struct {
	urgency    int // less is better
	unprepared int // rows that wait for its toolchain to be prepared: more is better
	fresh      int // distance from the closest row that is built, MaxInt if one being built is as close: less is better
	apart      int // distance from the closest row that is being built: more is better
}

func (w worth) betterThan(v worth) bool {
	switch {
	case w.urgency != v.urgency:
		return w.urgency < v.urgency
	case w.unprepared != v.unprepared:
		return w.unprepared > v.unprepared
	case w.fresh != v.fresh:
		return w.fresh < v.fresh
	default:
		return w.apart > v.apart
	}
}

// admissible returns the rows that may be built now: one row of each toolchain that
// is not prepared yet, and all rows of the others. As long as rows wait that the
// suite wants first, it returns only those.
func (s *schedule) admissible() []int {
	preparing := make(map[string]bool)
	for row := range s.active {
		if chain := s.rows[row].Toolchain; !s.prepared[chain] {
			preparing[chain] = true
		}
	}
	var all, urgent []int
	firstWaits := false
	for row := range s.rows {
		if !s.waiting[row] {
			continue
		}
		first, held := s.rank[row] >= 0, preparing[s.rows[row].Toolchain]
		firstWaits = firstWaits || first
		switch {
		case held:
		case first:
			urgent = append(urgent, row)
		default:
			all = append(all, row)
		}
	}
	if firstWaits {
		return urgent
	}
	return all
}

// waitingFor counts the rows of a toolchain that wait.
func (s *schedule) waitingFor(toolchain string) (n int) {
	for row := range s.waiting {
		if s.rows[row].Toolchain == toolchain {
			n++
		}
	}
	return n
}

// distances returns for each row how many places of the plan it is away from the
// closest row in set with the same toolchain; MaxInt if there is none.
func (s *schedule) distances(set map[int]bool) []int {
	away := make([]int, len(s.rows))
	last := make(map[string]int) // the last place in set, by toolchain
	for i := range s.rows {
		if set[i] {
			last[s.rows[i].Toolchain] = i
		}
		away[i] = math.MaxInt
		if at, ok := last[s.rows[i].Toolchain]; ok {
			away[i] = i - at
		}
	}
	clear(last)
	for i := len(s.rows) - 1; i >= 0; i-- {
		if set[i] {
			last[s.rows[i].Toolchain] = i
		}
		if at, ok := last[s.rows[i].Toolchain]; ok {
			away[i] = min(away[i], at-i)
		}
	}
	return away
}
