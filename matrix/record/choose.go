package record

import (
	"cmp"
	"slices"
	"time"
)

// A verdict is what becomes of a file when the record is pruned.
type verdict int

const (
	kept     verdict = iota
	spared           // the bounds would not keep it, but somebody may be using it
	old              // not used for longer than the bounds say
	large            // used less lately than what fills the record
	damaged          // of no use to anybody
	leftover         // its writer is gone
)

// choose decides on each file. What was used within the last while, spare, stays
// whatever the bounds say, and counts as all else does: what is older has to
// make room for it. A spare of 0 is none. Of two that were used at one time the larger one goes first.
func choose(files []file, b Bounds, now time.Time, spare time.Duration) []verdict {
	chosen := make([]verdict, len(files))
	var total int64
	var order []int // of those that are there to be used, the least lately used first
	for i, f := range files {
		switch {
		case f.leftover && now.Sub(f.used) > unfinished:
			chosen[i] = leftover
		case f.damaged:
			chosen[i] = damaged
		case f.leftover:
		default:
			order = append(order, i)
			total += f.size
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := files[i], files[j]
		return cmp.Or(a.used.Compare(b.used), cmp.Compare(b.size, a.size), cmp.Compare(a.path, b.path))
	})
	for _, i := range order {
		idle := now.Sub(files[i].used)
		switch {
		case idle > b.Age:
			chosen[i] = old
		case total > b.Bytes:
			chosen[i] = large
		default:
			continue
		}
		if spare > 0 && idle <= spare {
			chosen[i] = spared
			continue
		}
		total -= files[i].size
	}
	return chosen
}
