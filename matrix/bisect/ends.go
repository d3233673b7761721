package bisect

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A NoEndError reports that no state was found on the other side of a change.
type NoEndError struct {
	Known matrix.Visit // the end that is known
	Tried int          // other states that were tried and gave an answer
	Words matrix.Words // all of them, see matrix.Words.Complete
}

func (e *NoEndError) Error() string {
	leaks, leak := e.Known.Presence == matrix.PresenceThere, e.Words.Leak
	others := fmt.Sprintf("the %d others that were tried %s either", e.Tried, leak.Not(e.Tried))
	switch {
	case e.Tried == 0:
		others = "no other state could be tried"
	case e.Tried == 1 && leaks:
		others = "the other one that was tried " + leak.One + " too"
	case e.Tried == 1:
		others = "the other one that was tried " + leak.Not(1) + " either"
	case leaks:
		others = fmt.Sprintf("the %d others that were tried %s too", e.Tried, leak.Many)
	}
	return fmt.Sprintf("%s %s, and %s: --all tries every one", e.Known.Short(), about(e.Known, leak), others)
}

// An EndError reports that an end could not be tried.
type EndError struct {
	Visit matrix.Visit
	Base  bool // it is where the histories of both ends go apart
}

func (e *EndError) Error() string {
	what := "want another end"
	if e.Base {
		what = "the histories of both ends go apart there: want ends of which one comes after the other"
	}
	return fmt.Sprintf("%s could not be tried (%s): %s", e.Visit.Short(), e.Visit.Reason, what)
}

// about says what a visit showed, as the end of a sentence.
func about(v matrix.Visit, leak matrix.Phrase) string {
	switch v.Presence {
	case matrix.PresenceThere:
		return leak.One
	case matrix.PresenceAbsent:
		return leak.Not(1)
	case matrix.PresenceUnreached:
		return "does not come to the point where it could " + leak.Base()
	default:
		return "could not be tried"
	}
}

// ends returns two states with a change between them.
func (h *Hunt) ends(good, bad *matrix.HistoryState) (older, newer matrix.Visit, err error) {
	switch {
	case good != nil && bad != nil:
		return h.given(*good, *bad)
	case good != nil:
		return h.grow(*good, false)
	case bad != nil:
		return h.grow(*bad, true)
	}
	for i := len(h.Line) - 1; i >= 0; i-- {
		v, err := h.try(h.Line[i])
		if err != nil {
			return older, newer, err
		}
		if v.Presence != matrix.PresenceUnknown {
			return h.grow(h.Line[i], v.Presence == matrix.PresenceThere)
		}
	}
	return older, newer, fmt.Errorf("none of %d states could be tried", len(h.Line))
}

// given verifies two ends and returns them in their order. If neither comes after the
// other, the place where their histories go apart takes the place of one of them.
func (h *Hunt) given(good, bad matrix.HistoryState) (older, newer matrix.Visit, err error) {
	g, err := h.end(good)
	if err != nil {
		return older, newer, err
	}
	b, err := h.end(bad)
	if err != nil {
		return older, newer, err
	}
	leak := h.words().Leak
	switch goodLeaks, badLeaks := g.Presence == matrix.PresenceThere, b.Presence == matrix.PresenceThere; {
	case goodLeaks && !badLeaks:
		return older, newer, matrix.Mistake("--good %s %s, and --bad %s %s: swap the two", good.Short(), leak.One, bad.Short(), leak.Not(1))
	case goodLeaks:
		return older, newer, matrix.Mistake("--good %s %s, as --bad %s: want two ends of which one %[2]s, or only one of the flags", good.Short(), leak.One, bad.Short())
	case !badLeaks:
		return older, newer, matrix.Mistake("--bad %s %s, as --good %s: want two ends of which one %s, or only one of the flags", bad.Short(), about(b, leak), good.Short(), leak.One)
	}
	fork, err := h.Fork(good, bad)
	if err != nil {
		return older, newer, err
	}
	switch fork.Name {
	case good.Name:
		return g, b, nil
	case bad.Name:
		return b, g, nil
	}
	f, err := h.try(fork)
	switch {
	case err != nil:
		return older, newer, err
	case f.Presence == matrix.PresenceUnknown:
		return older, newer, &EndError{Visit: f, Base: true}
	case f.Presence == matrix.PresenceThere:
		h.note("Neither end comes after the other. %s, where their histories go apart, %s too: so what is looked for is what fixed it on the way to %s.", f.Short(), leak.One, good.Short())
		return f, g, nil
	default:
		h.note("Neither end comes after the other. %s, where their histories go apart, %s: so what is looked for is what broke it on the way to %s.", f.Short(), leak.Not(1), bad.Short())
		return f, b, nil
	}
}

// end tries an end that the user named.
func (h *Hunt) end(s matrix.HistoryState) (matrix.Visit, error) {
	v, err := h.try(s)
	if err == nil && v.Presence == matrix.PresenceUnknown {
		err = &EndError{Visit: v}
	}
	return v, err
}

// grow looks for the other end: first in older states, then in newer ones. Leaks says
// whether the end that is known leaks, as the user says.
func (h *Hunt) grow(known matrix.HistoryState, leaks bool) (older, newer matrix.Visit, err error) {
	v, err := h.end(known)
	if err != nil {
		return older, newer, err
	}
	switch is := v.Presence == matrix.PresenceThere; {
	case is && !leaks:
		return older, newer, matrix.Mistake("--good %s %s: want --bad %[1]s, or another end", known.Short(), h.words().Leak.One)
	case !is && leaks:
		return older, newer, matrix.Mistake("--bad %s %s: want --good %[1]s, or another end", known.Short(), about(v, h.words().Leak))
	}
	at := slices.IndexFunc(h.Line, func(s matrix.HistoryState) bool { return s.Name == known.Name })
	if at < 0 {
		return older, newer, matrix.Mistake("%s is not on the line along which the other end is looked for, which ends at %s: give the other end too", known.Short(), h.Line[len(h.Line)-1].Short())
	}
	for _, step := range []int{-1, 1} {
		near, far, ok, err := Grow(len(h.Line), at, step, New, h.asker(h.Line, leaks))
		switch {
		case err != nil:
			return older, newer, err
		case ok:
			older, _ = h.visited(h.Line[min(near, far)])
			newer, _ = h.visited(h.Line[max(near, far)])
			return older, newer, nil
		}
	}
	return older, newer, &NoEndError{Known: v, Tried: h.known() - 1, Words: h.words()}
}

// known returns how many states gave an answer.
func (h *Hunt) known() (n int) {
	for _, v := range h.visits {
		if v.Presence != matrix.PresenceUnknown {
			n++
		}
	}
	return n
}
