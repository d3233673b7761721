// Package merge joins the results of the shards of a run into the results of the
// whole run. It reports shards, rows and cells that are missing, that occur twice or
// that do not belong together. It is pure: the same shards give the same results,
// whatever their order.
package merge

import (
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Part is the results of one shard.
type Part struct {
	File     string          // the path to use in messages
	Results  *matrix.Results // nil if the file cannot be read
	Problems matrix.Problems // why it cannot be read
}

// A MissingError says what the parts need to be a whole run.
type MissingError struct{ Lines []string } // one for each thing, which begins with the file if there is one

func (e *MissingError) Error() string { return strings.Join(e.Lines, "\n") }

// Join returns the results that one machine would have had: the rows in the plan's
// order, the intervals over all of them, and with matrix.EvidenceEnds the evidence at
// the ends of those. Host is that of the first shard, Generated the latest of all, and
// Sandbox contains what it does in all of them.
// Join does not change the parts.
//
// The error has every mistake. It is a *MissingError if things are only missing, and
// matrix.Problems if anything is wrong or differs. Without parts, it is a
// *MissingError without lines.
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

// join joins parts without mistakes.
func join(parts []Part) *matrix.Results {
	parts = slices.SortedFunc(slices.Values(parts), func(a, b Part) int {
		return a.Results.Shard.Index - b.Results.Shard.Index
	})
	whole := *parts[0].Results
	whole.Shard, whole.Rows, whole.Costs = nil, nil, nil
	for _, p := range parts {
		r := p.Results
		whole.Sandbox = whole.Sandbox.Weaker(r.Sandbox)
		at := make(map[string]int)
		for i := range r.Rows {
			at[r.Rows[i].ID] = i
		}
		if r.Generated.After(whole.Generated) {
			whole.Generated = r.Generated
		}
		for _, id := range r.Shard.Own() {
			row := r.Rows[at[id]]
			row.Cells = slices.Clone(row.Cells) // KeepEnds changes them
			whole.Rows = append(whole.Rows, row)
			if cost, ok := r.Costs[id]; ok {
				if whole.Costs == nil {
					whole.Costs = make(map[string]matrix.CPU)
				}
				whole.Costs[id] = cost
			}
		}
	}
	whole.Intervals = matrix.Intervals(&whole)
	if parts[0].Results.Shard.Evidence == matrix.EvidenceEnds {
		whole.KeepEnds()
	}
	return &whole
}
