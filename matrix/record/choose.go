package record

import (
	"cmp"
	"slices"
	"time"
)

// A fate is what happens to a file when the record is pruned.
type fate int

const (
	kept     fate = iota
	spared        // outside the bounds, but somebody may be using it
	old           // unused for longer than the bounds allow
	large         // the least recently used of a record that is too large
	damaged       // useless
	leftover      // its writer was killed
	odd           // not a file of a record
)

// choose decides the fate of each file. A file that was used within the last spare
// stays, whatever the bounds are; its size still counts, so older files have to make
// room. A spare of 0 spares nothing. Of two files used at the same time the larger
// one goes first.
func choose(files []file, b Bounds, now time.Time, spare time.Duration) []fate {
	chosen := make([]fate, len(files))
	var total int64
	var order []int // of the usable files, the least recently used first
	for i, f := range files {
		switch {
		case f.leftover && now.Sub(f.used) > unfinished:
			chosen[i] = leftover
		case f.odd:
			chosen[i] = odd
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
