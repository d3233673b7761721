package sweep

import (
	"context"

	"github.com/matrixrun/matrixrun/matrix"
)

// makeSure runs more trials until each cell is as sure as the suite wants it to be.
// Which cells need more depends on the verdicts of the whole table (see matrix.Edges),
// and more trials may change verdicts: so it goes over the table until no cell needs
// any. A cell never needs fewer than before, so that this ends, and so that the same
// record always gives the same table.
//
// The works are in the plan's order. finish answers a row again.
func (s *Sweep) makeSure(ctx context.Context, works []*work, finish func(*work)) {
	for ctx.Err() == nil {
		again, round := s.unsure(works)
		if len(again) == 0 {
			return
		}
		s.send(matrix.Event{Surer: round})
		s.few(ctx, again, finish)
	}
}

// unsure returns the rows with cells that need more trials than they had to take so
// far, and sets how many these have to take.
func (s *Sweep) unsure(works []*work) (again []*work, round *matrix.Surer) {
	var rows []matrix.RowResult
	for _, w := range works {
		rows = append(rows, w.answer.row)
	}
	wanted := s.sure.Wanted(rows, s.plan.Elsewhere)
	round = new(matrix.Surer)
	for _, w := range works {
		cells := 0
		for _, c := range w.answer.row.Cells {
			n := wanted[matrix.Place{Row: w.row.ID, Scenario: c.Scenario}]
			if n <= c.Trials || n <= w.surer[c.Scenario] {
				continue // inconclusive trials may keep a cell from getting as many as it takes
			}
			if w.surer == nil {
				w.surer = make(map[string]int)
			}
			w.surer[c.Scenario] = n
			round.Trials += n - c.Trials
			cells++
		}
		if cells > 0 {
			again = append(again, w)
			round.Rows = append(round.Rows, w.row.ID)
			round.Cells += cells
		}
	}
	return again, round
}
