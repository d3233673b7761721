package diff

import (
	"fmt"
	"slices"
)

// A placement is where the hunks of one file go.
type placement struct {
	at        []int // index of the line for each hunk
	offset    int   // of the one that moved furthest
	conflicts []string
}

// place finds the lines for all hunks of a file: they keep their order, and no
// two overlap. path and file name the file and the patch in messages.
func place(path, file string, lines []string, hunks []hunk) placement {
	p := placement{at: make([]int, len(hunks))}
	m := message{path: path, file: file, lines: lines}
	end, drift := 0, 0 // of the hunk before: the line behind it, and by how much it moved
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

// settle finds the one line at which the hunk goes on, or says why there is
// none. drift is by how much the hunk ahead of it had to move.
func (h hunk) settle(lines []string, drift int) (at int, why string) {
	places := h.places(lines)
	exact := slices.Contains(places, h.before.at)
	switch {
	case len(places) == 0:
		return 0, h.mismatch(lines)
	case exact && (len(places) == 1 || drift == 0):
		// Its own line is where it goes, whatever stands elsewhere.
		return h.before.at, ""
	case len(places) > 1:
		// Once the hunk ahead has moved, the header's number is no witness.
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
