package matrix

import (
	"fmt"
	"sort"
)

// Untried has the versions of the releases that a suite asks about and a run left out,
// sorted by CompareVersions. Nothing is known of them, whatever is known of their neighbours.
type Untried []string

// Between returns how many of them come after one version and before another. An empty
// text stands for the beginning of the list, or for its end.
func (u Untried) Between(after, before string) int {
	first, end := 0, len(u)
	if after != "" {
		first = sort.Search(len(u), func(i int) bool { return CompareVersions(u[i], after) > 0 })
	}
	if before != "" {
		end = sort.Search(len(u), func(i int) bool { return CompareVersions(u[i], before) >= 0 })
	}
	return max(0, end-first)
}

// A Gap is a change of a verdict between two tried releases that are not neighbours:
// nobody knows in which release it happened.
type Gap struct {
	Kind          TurnKind
	After, Before string // the last release known to be on the old side, and the first on the new one
	Untried       int    // releases between them that were not tried
}

// String returns a clause: "fixed between v0.22.0 and v0.27.0 (4 releases not tried)".
func (g Gap) String() string {
	return fmt.Sprintf("%s between %s and %s (%s)", g.Kind, g.After, g.Before, NotTried(g.Untried))
}

// NotTried says that n releases were not tried.
func NotTried(n int) string {
	if n == 1 {
		return "1 release not tried"
	}
	return fmt.Sprintf("%d releases not tried", n)
}

// Gaps returns the gaps in the ranges of a scenario, the oldest first. Ranges of which
// nothing is known are passed over. A gap has releases that were not tried: a change
// next to a release that was tried in vain is not one.
func Gaps(ranges []Range) (gaps []Gap) {
	before, untried := Range{}, 0 // the last known range, and what was not tried since then
	for _, r := range ranges {
		if !Verdict(r.Verdict).Known() {
			untried += r.Untried + r.After
			continue
		}
		was, is := PresenceOf(Cell{Verdict: Verdict(before.Verdict)}), PresenceOf(Cell{Verdict: Verdict(r.Verdict)})
		if kind, changes := KindOf(was, is); changes && untried > 0 {
			gaps = append(gaps, Gap{Kind: kind, After: before.To, Before: r.From, Untried: untried})
		}
		before, untried = r, r.After
	}
	return gaps
}
