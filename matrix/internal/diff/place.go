package diff

import (
	"fmt"
	"slices"
)

// A placement says where the hunks of one file apply.
type placement struct {
	at        []int // index of the line for each hunk
	offset    int   // of the one that moved furthest
	conflicts []string
}

// place finds the lines of all hunks of a file. Hunks keep their order and do not
// overlap. path and file are the names of the file and the patch in messages.
func place(path, file string, lines []string, hunks []hunk) placement {
	p := placement{at: make([]int, len(hunks))}
	m := message{path: path, file: file, lines: lines}
	end, drift := 0, 0 // of the previous hunk: the index after it, and how far it moved
	for i, h := range hunks {
		at, why := h.settle(lines, drift)
		if why == "" && at < end {
			why = fmt.Sprintf("its lines stand at line %d, before the end of the hunk ahead of it (line %d)", at+1, end)
		}
		if why != "" {
			p.conflicts = append(p.conflicts, m.conflict(h, h.before.at+drift, why))
			continue
		}
		p.at[i] = at
		end, drift = at+len(h.before.lines), at-h.before.at
		if abs(drift) > abs(p.offset) {
			p.offset = drift
		}
	}
	return p
}

// settle returns the index at which the hunk applies, or the reason why there is
// none. drift is how far the previous hunk moved.
func (h hunk) settle(lines []string, drift int) (at int, why string) {
	places := h.places(lines)
	exact := slices.Contains(places, h.before.at)
	switch {
	case len(places) == 0:
		return 0, h.mismatch(lines)
	case exact && (len(places) == 1 || drift == 0):
		// Its own line wins over other matches.
		return h.before.at, ""
	case len(places) > 1:
		// After the previous hunk moved, the line number proves nothing.
		return 0, fmt.Sprintf("its lines stand at %s, and nothing says which of these is meant", numbers(places))
	}
	at = places[0]
	want, found := declared(h.within), enclosing(lines, at)
	if want != "" && !sameDeclaration(h.within, found) {
		return 0, fmt.Sprintf("its lines stand at line %d, but there in %s, where the header says %s", at+1, describe(found), want)
	}
	return at, ""
}

func abs(n int) int { return max(n, -n) }
