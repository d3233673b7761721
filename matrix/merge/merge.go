// Package merge joins the results of the shards of a run into those of the whole
// run, and finds what is wrong with them: shards, rows and cells that are missing,
// that come twice, or that do not belong together. It is pure: the same shards
// give the same results, in whatever order they come.
package merge

import (
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Part is the results of one shard.
type Part struct {
	File     string          // as the user would name it, for messages
	Results  *matrix.Results // nil if the file cannot be read
	Problems matrix.Problems // why it cannot be read
}

// A MissingError says what is lacking of a whole run. Whoever adds it can join
// the parts.
type MissingError struct{ Lines []string } // one each, the file first where there is one

func (e *MissingError) Error() string { return strings.Join(e.Lines, "\n") }

// Join puts the parts of one run together, as if they had been one: the rows in
// the plan's order, with the intervals of them all, and the evidence that only the
// ends of these have where that was asked for. The host is that of the first
// shard, the time that of the last to end. The parts stay as they are.
//
// An error has every mistake. It is matrix.Problems where any of them is
// something that should not be there, or differs, and a *MissingError where all
// that is wrong is that something is missing. That of no parts at all has no lines.
func Join(parts []Part) (*matrix.Results, error) {
	var found findings
	var sound []Part
	for _, p := range parts {
		if found.header(p) {
			sound = append(sound, p)
		}
	}
	found.compare(sound)
	found.overlaps(sound)
	for _, p := range sound {
		found.rows(p)
	}
	if len(sound) == len(parts) && !found.differ {
		found.shards(sound)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, new(MissingError)
	}
	return join(sound), nil
}

// join puts parts together in which nothing is wrong.
func join(parts []Part) *matrix.Results {
	parts = slices.SortedFunc(slices.Values(parts), func(a, b Part) int {
		return a.Results.Shard.Index - b.Results.Shard.Index
	})
	whole := *parts[0].Results
	whole.Shard, whole.Rows, whole.Costs = nil, nil, nil
	for _, p := range parts {
		r := p.Results
		at := make(map[string]int)
		for i := range r.Rows {
			at[r.Rows[i].ID] = i
		}
		if r.Generated.After(whole.Generated) {
			whole.Generated = r.Generated
		}
		for _, id := range r.Shard.Own() {
			row := r.Rows[at[id]]
			row.Cells = slices.Clone(row.Cells) // whose evidence may go
			whole.Rows = append(whole.Rows, row)
			if cost, ok := r.Costs[id]; ok {
				if whole.Costs == nil {
					whole.Costs = make(map[string]matrix.CPU)
				}
				whole.Costs[id] = cost
			}
		}
	}
	whole.Intervals = matrix.Intervals(whole.Rows, whole.Scenarios)
	if parts[0].Results.Shard.Evidence == matrix.EvidenceEnds {
		whole.KeepEnds()
	}
	return &whole
}
