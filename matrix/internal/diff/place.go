package diff

import (
	"context"
	"fmt"
	"strings"
)

// A placement says where the hunks of one file apply.
type placement struct {
	at     []int // index of the line for each hunk
	offset int   // of the one that moved furthest
}

// place finds the lines of all hunks of a file, and adds conflicts. Hunks keep their
// order and do not overlap. It finds only some if ctx is cancelled.
func place(ctx context.Context, m message, hunks []hunk, conflicts *conflicts) placement {
	p := placement{at: make([]int, len(hunks))}
	end, drift := 0, 0 // of the previous hunk: the index after it, and how far it moved
	for i, h := range hunks {
		if ctx.Err() != nil {
			break
		}
		at, why := m.settle(ctx, h, drift)
		if why == nil && at < end {
			after := end
			why = func() string {
				return fmt.Sprintf("its lines are at line %d, before the end of the hunk ahead of it (line %d)", at+1, after)
			}
		}
		if why != nil {
			guess := h.before.at + drift
			conflicts.add(func() string { return m.conflict(ctx, h, guess, why()) })
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

// settle returns the index at which a hunk applies, or a function that explains why
// there is none. drift is how far the previous hunk moved.
func (d *document) settle(ctx context.Context, h hunk, drift int) (int, func() string) {
	// Its own line wins over other matches, unless the previous hunk moved: then the
	// line number proves nothing.
	if drift == 0 && d.matches(h, h.before.at) {
		return h.before.at, nil
	}
	places := d.places(ctx, h, 2)
	switch {
	case len(places) == 0:
		return 0, func() string { return d.mismatch(ctx, h) }
	case len(places) > 1:
		return 0, func() string {
			return fmt.Sprintf("its lines are at %s, and nothing says which of these is meant", numbers(d.places(ctx, h, -1)))
		}
	}
	at := places[0]
	if at == h.before.at {
		return at, nil
	}
	within, certain := h.function()
	want, found := declared(within), d.enclosing(at)
	if !certain && want != "" && !sameDeclaration(within, found) && !d.renamed(want, found) {
		return 0, func() string {
			return fmt.Sprintf("its lines are at line %d, but there in %s, where the header says %s", at+1, describe(found), want)
		}
	}
	return at, nil
}

// renamed reports whether a line of the file begins the only method that can be the one
// wanted, of a type that has another name now.
func (d *document) renamed(want, line string) bool {
	at := d.named(want)
	return at >= 0 && strings.HasPrefix(want, "func ") && strings.TrimRight(d.lines[at], "\r\n") == line
}

func abs(n int) int { return max(n, -n) }
