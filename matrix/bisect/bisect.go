// Package bisect finds the state in a history at which something changed, with few
// questions. A history is a line of releases, or the commits of a repository, of which
// some have several parents.
//
// The package asks through a function and does nothing else: Grow looks for an end that
// is not known, Search halves what is between two ends, and a Log keeps the answers.
package bisect

import (
	"math/bits"
	"slices"
)

// An Answer says on which side of the change a state is.
type Answer int

// The answers.
const (
	Unknown Answer = iota // it could not be found out
	Old                   // as at the old end
	New                   // as at the new end
)

// An Ask answers for one state. An error ends the search.
type Ask func(state int) (Answer, error)

// Search returns the states at which a change can have happened: one, unless some
// states are Unknown. They are in ascending order.
//
// The states are those that the new end has in its history and the old end does not.
// Parents has the parents of each that are among them; parents come before children.
// The last state is the new end, and is not asked. Each question halves the states that
// are left, as far as the history allows: 2^n states in a line take n questions. After
// each question, left is called with the number of states that are left.
//
// A state at which it changed is New, and everything before it is Old. If that is not
// so, because it changed several times, one of the changes is found.
func Search(parents [][]int, ask Ask, left func(states int)) ([]int, error) {
	if len(parents) == 0 {
		return nil, nil
	}
	before := histories(parents)
	candidates := before[len(before)-1].clone()
	asked := newSet(len(parents))
	asked.add(len(parents) - 1)
	for {
		left(candidates.count())
		i, ok := pick(before, candidates, asked)
		if !ok {
			return candidates.list(), nil
		}
		answer, err := ask(i)
		if err != nil {
			return nil, err
		}
		asked.add(i)
		switch answer {
		case New:
			candidates.intersect(before[i])
		case Old:
			candidates.remove(before[i])
		}
	}
}

// Steps returns about how many questions Search still asks when so many states are left.
func Steps(left int) int { return bits.Len(uint(max(0, left-1))) }

// A choice is a state that Search can ask for.
type choice struct {
	state int
	rank  int // how many of the states that are left it has in its history, itself included
}

// pick returns the state to ask next; false if all states were asked.
//
// It is the one whose answer leaves the fewest states, whatever it is. But if some
// states that are left could not be answered, those between them probably cannot be
// answered either. Then it is the middle of all that are before the first of those, or
// after the last; the others come in the end.
func pick(before []set, candidates, asked set) (state int, ok bool) {
	var choices, unknown []choice
	n := candidates.count()
	for _, i := range candidates.list() {
		c := choice{i, before[i].countBoth(candidates)}
		switch {
		case !asked.has(i):
			choices = append(choices, c)
		case c.rank < n: // else it is the new end
			unknown = append(unknown, c)
		}
	}
	if len(choices) == 0 {
		return 0, false
	}
	byRank := func(a, b choice) int { return a.rank - b.rank }
	if len(unknown) > 0 {
		first, last := slices.MinFunc(unknown, byRank).rank, slices.MaxFunc(unknown, byRank).rank
		if outside := larger(choices, first, last); len(outside) > 0 {
			slices.SortStableFunc(outside, byRank)
			return outside[len(outside)/2].state, true
		}
	}
	gain := func(c choice) int { return min(c.rank, n-c.rank) }
	return slices.MaxFunc(choices, func(a, b choice) int { return gain(a) - gain(b) }).state, true
}

// larger returns the choices with a rank below first, or those with one above last,
// whichever are more.
func larger(choices []choice, first, last int) []choice {
	var below, above []choice
	for _, c := range choices {
		switch {
		case c.rank < first:
			below = append(below, c)
		case c.rank > last:
			above = append(above, c)
		}
	}
	if len(below) > len(above) {
		return below
	}
	return above
}

// histories returns, for each state, itself and all states before it.
func histories(parents [][]int) []set {
	before := make([]set, len(parents))
	for i, of := range parents {
		before[i] = newSet(len(parents))
		before[i].add(i)
		for _, p := range of {
			before[i].union(before[p])
		}
	}
	return before
}

// Grow looks along a line of states for one that is on the other side of a change, in
// growing steps: 1, 2, 4 and so on after the state from, and the last one in the end.
// Step is 1 to go up or -1 to go down the line, which has n states. Other is the answer
// to look for.
//
// It returns the last state that is on the side of from, and the first state found on
// the other side; ok is false if it found no such state. A state that is Unknown is followed by
// its neighbour.
func Grow(n, from, step int, other Answer, ask Ask) (near, far int, ok bool, err error) {
	near = from
	end := 0
	if step > 0 {
		end = n - 1
	}
	beyond := func(i int) bool { return (end-i)*step < 0 }
	for i, jump := from, 1; i != end; {
		next := i + step*jump
		if beyond(next) {
			next = end
		}
		i = next
		jump *= 2
		answer, err := ask(i)
		for ; err == nil && answer == Unknown && i != end; answer, err = ask(i) {
			i += step
		}
		switch {
		case err != nil:
			return 0, 0, false, err
		case answer == other:
			return near, i, true, nil
		case answer != Unknown:
			near = i
		}
	}
	return 0, 0, false, nil
}
