package bisect

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Hunt looks for the states at which a scenario's verdict changes.
type Hunt struct {
	// Line has the states along which ends are looked for, the oldest first: all
	// releases, or the commits of the main line of a branch.
	Line []matrix.HistoryState

	// Try tries a state. It is asked once for each. What cannot be found out is a visit
	// too; an error ends the hunt.
	Try func(matrix.HistoryState) (matrix.Visit, error)

	// Between returns the states that newer has in its history and older does not, parents
	// first and newer last, and the parents of each that are among them; see Search.
	Between func(older, newer matrix.HistoryState) ([]matrix.HistoryState, [][]int, error)

	// Fork returns the state from which the histories of two states go apart: one of the
	// two if the other came after it.
	Fork func(a, b matrix.HistoryState) (matrix.HistoryState, error)

	// Parent returns the state before a state: its first parent. It returns false if there
	// is none.
	Parent func(matrix.HistoryState) (matrix.HistoryState, bool, error)

	// Left is called with the number of states that can still have made the change.
	Left func(states int)

	// Words are what the suite calls verdicts, as far as it says.
	Words matrix.Words

	visits []matrix.Visit
	notes  []string
}

// Visits returns the states that were tried, in that order.
func (h *Hunt) Visits() []matrix.Visit { return h.visits }

// Notes returns sentences on what the reader should know about the hunt.
func (h *Hunt) Notes() []string { return h.notes }

// try tries a state, or returns what it showed before.
func (h *Hunt) try(s matrix.HistoryState) (matrix.Visit, error) {
	if v, ok := h.visited(s); ok {
		return v, nil
	}
	v, err := h.Try(s)
	if err != nil {
		return v, err
	}
	v.HistoryState = s
	if v.Binary != "" {
		if i := slices.IndexFunc(h.visits, func(o matrix.Visit) bool { return o.Binary == v.Binary }); i >= 0 {
			v.Same = h.visits[i].Name
		}
	}
	h.visits = append(h.visits, v)
	return v, nil
}

// One returns one change. Good and bad are the ends, and nil if they are to be looked
// for. Good does not leak and bad does; either may be the older one. An end that shows
// something else is a mistake of the user.
func (h *Hunt) One(good, bad *matrix.HistoryState) (*matrix.Turn, error) {
	older, newer, err := h.ends(good, bad)
	if err != nil {
		return nil, err
	}
	return h.between(older, newer)
}

// All returns every change along the line, the oldest first. It tries every state of the
// line and, for a merge that changes something, halves what it merged.
func (h *Hunt) All() ([]matrix.Turn, error) {
	var turns []matrix.Turn
	var before *matrix.Visit
	for i, s := range h.Line {
		h.Left(len(h.Line) - i)
		v, err := h.try(s)
		if err != nil {
			return nil, err
		}
		if v.Presence == matrix.PresenceUnknown {
			continue
		}
		if before != nil {
			if _, changes := matrix.KindOf(before.Presence, v.Presence); changes {
				turn, err := h.between(*before, v)
				if err != nil {
					return nil, err
				}
				turns = append(turns, *turn)
			}
		}
		before = &v
	}
	return turns, nil
}

// words returns what verdicts are called.
func (h *Hunt) words() matrix.Words { return h.Words.Complete() }

// note adds a note.
func (h *Hunt) note(format string, args ...any) {
	h.notes = append(h.notes, fmt.Sprintf(format, args...))
}

// asker returns a function that asks for a state: Old is what leaks as the old end does.
func (h *Hunt) asker(states []matrix.HistoryState, oldLeaks bool) Ask {
	return func(i int) (Answer, error) {
		v, err := h.try(states[i])
		switch {
		case err != nil || v.Presence == matrix.PresenceUnknown:
			return Unknown, err
		case (v.Presence == matrix.PresenceThere) == oldLeaks:
			return Old, nil
		default:
			return New, nil
		}
	}
}

// between returns a change between two states that are on different sides of one.
func (h *Hunt) between(older, newer matrix.Visit) (*matrix.Turn, error) {
	states, parents, err := h.Between(older.HistoryState, newer.HistoryState)
	if err != nil {
		return nil, err
	}
	ask := h.asker(states, older.Presence == matrix.PresenceThere)
	for {
		found, err := Search(parents, ask, h.Left)
		if err != nil {
			return nil, err
		}
		p, err := newParent(parents, found, ask)
		if err != nil {
			return nil, err
		}
		if p < 0 {
			return h.turn(older, states, parents, found)
		}
		states, parents = upTo(states, parents, p)
		ask = h.asker(states, older.Presence == matrix.PresenceThere)
	}
}

// newParent returns a parent of the state that was found that is on the new side too, as
// it can be if it was changed back on another branch, or -1. So it also
// makes sure that the parents of that state are tried.
func newParent(parents [][]int, found []int, ask Ask) (int, error) {
	if len(found) > 1 {
		return -1, nil
	}
	for _, p := range parents[found[0]] {
		answer, err := ask(p)
		if err != nil || answer == New {
			return p, err
		}
	}
	return -1, nil
}

// upTo returns the part of a history that ends with a state: itself and what is before it.
func upTo(states []matrix.HistoryState, parents [][]int, last int) ([]matrix.HistoryState, [][]int) {
	var kept []matrix.HistoryState
	var of [][]int
	places := make(map[int]int)
	for _, i := range histories(parents[:last+1])[last].list() {
		places[i] = len(kept)
		kept = append(kept, states[i])
		var own []int
		for _, p := range parents[i] {
			own = append(own, places[p])
		}
		of = append(of, own)
	}
	return kept, of
}

// turn describes a change that Search found. All of found but the last could not be
// tried.
func (h *Hunt) turn(older matrix.Visit, states []matrix.HistoryState, parents [][]int, found []int) (*matrix.Turn, error) {
	last := found[len(found)-1]
	after, err := h.try(states[last])
	if err != nil {
		return nil, err
	}
	before, err := h.before(older, states, parents, found)
	if err != nil {
		return nil, err
	}
	t := &matrix.Turn{Before: before, After: after, Between: []matrix.HistoryState{}}
	t.Kind, _ = matrix.KindOf(before.Presence, after.Presence)
	for _, i := range found[:len(found)-1] {
		t.Between = append(t.Between, states[i])
	}
	return t, nil
}

// before returns what the other side of a change showed: the parent of the state that
// was found, or the nearest state before it that was tried.
func (h *Hunt) before(older matrix.Visit, states []matrix.HistoryState, parents [][]int, found []int) (matrix.Visit, error) {
	last := found[len(found)-1]
	asOlder := func(v matrix.Visit) bool {
		return v.Presence != matrix.PresenceUnknown && (v.Presence == matrix.PresenceThere) == (older.Presence == matrix.PresenceThere)
	}
	if parent, ok, err := h.Parent(states[last]); err != nil {
		return older, err
	} else if ok && len(found) == 1 {
		if v, err := h.try(parent); err != nil || asOlder(v) {
			return v, err
		}
	}
	before := older
	for _, i := range histories(parents)[last].list() {
		if v, ok := h.visited(states[i]); ok && i != last && asOlder(v) {
			before = v
		}
	}
	return before, nil
}

// visited returns what a state showed, if it was tried.
func (h *Hunt) visited(s matrix.HistoryState) (matrix.Visit, bool) {
	i := slices.IndexFunc(h.visits, func(v matrix.Visit) bool { return v.Name == s.Name })
	if i < 0 {
		return matrix.Visit{}, false
	}
	return h.visits[i], true
}
