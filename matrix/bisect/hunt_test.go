package bisect

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// A world is a history with what its states show: L leaks, . does not, v does not come
// to the point, x cannot be tried.
type world struct {
	names   []string
	parents map[string][]string
	shows   map[string]string
	tried   []string
}

// parse reads a history: "a:L b:.(a)" has a, which leaks, and b, whose parent is a. A
// state without parents has the one before it.
func parse(text string) *world {
	w := &world{parents: make(map[string][]string), shows: make(map[string]string)}
	for _, word := range strings.Fields(text) {
		word, of, _ := strings.Cut(strings.TrimSuffix(word, ")"), "(")
		name, show, _ := strings.Cut(word, ":")
		switch {
		case of != "":
			w.parents[name] = strings.Split(of, ",")
		case len(w.names) > 0:
			w.parents[name] = []string{w.names[len(w.names)-1]}
		}
		w.names = append(w.names, name)
		w.shows[name] = show
	}
	return w
}

func (w *world) before(name string) map[string]bool {
	all := map[string]bool{name: true}
	for _, p := range w.parents[name] {
		for q := range w.before(p) {
			all[q] = true
		}
	}
	return all
}

func state(name string) matrix.HistoryState { return matrix.HistoryState{Name: name} }

// hunt returns a hunt in the world, along the first parents of the last state.
func (w *world) hunt() *Hunt {
	h := &Hunt{Words: leaky, Left: func(int) {}}
	for name := w.names[len(w.names)-1]; ; name = w.parents[name][0] {
		h.Line = append([]matrix.HistoryState{state(name)}, h.Line...)
		if len(w.parents[name]) == 0 {
			break
		}
	}
	h.Try = func(s matrix.HistoryState) (matrix.Visit, error) {
		w.tried = append(w.tried, s.Name)
		return matrix.Visit{Presence: map[string]matrix.Presence{
			"L": matrix.PresenceThere, ".": matrix.PresenceAbsent, "v": matrix.PresenceUnreached, "x": matrix.PresenceUnknown,
		}[w.shows[s.Name]], Reason: "why"}, nil
	}
	h.Between = func(older, newer matrix.HistoryState) (states []matrix.HistoryState, parents [][]int, err error) {
		old, all, places := w.before(older.Name), w.before(newer.Name), make(map[string]int)
		for _, name := range w.names {
			if old[name] || !all[name] {
				continue
			}
			var of []int
			for _, p := range w.parents[name] {
				if i, ok := places[p]; ok {
					of = append(of, i)
				}
			}
			places[name] = len(states)
			states, parents = append(states, state(name)), append(parents, of)
		}
		return states, parents, nil
	}
	h.Parent = func(s matrix.HistoryState) (matrix.HistoryState, bool, error) {
		if of := w.parents[s.Name]; len(of) > 0 {
			return state(of[0]), true, nil
		}
		return matrix.HistoryState{}, false, nil
	}
	h.Fork = func(a, b matrix.HistoryState) (fork matrix.HistoryState, err error) {
		before := w.before(b.Name)
		for _, name := range w.names {
			if w.before(a.Name)[name] && before[name] {
				fork = state(name)
			}
		}
		return fork, nil
	}
	return h
}

// describe words a change as KIND BEFORE-AFTER, with the states between them.
func describe(t *matrix.Turn) string {
	text := fmt.Sprintf("%s %s-%s", t.Kind, t.Before.Name, t.After.Name)
	for _, s := range t.Between {
		text += " " + s.Name
	}
	return text
}

func end(name string) *matrix.HistoryState {
	if name == "" {
		return nil
	}
	s := state(name)
	return &s
}

// TestOne finds one change in histories of several shapes.
func TestOne(t *testing.T) {
	for name, test := range map[string]struct{ history, good, bad, want string }{
		"broken":            {"a:. b:. c:L d:L", "a", "d", "broken b-c"},
		"fixed":             {"a:L b:L c:. d:.", "d", "a", "fixed b-c"},
		"hidden":            {"a:L b:L c:v d:v", "d", "a", "hidden b-c"},
		"with its feature":  {"a:v b:v c:L d:L", "a", "d", "broken b-c"},
		"gap":               {"a:. b:x c:x d:L e:L", "a", "e", "broken a-d b c"},
		"gap elsewhere":     {"a:. b:x c:x d:. e:L", "a", "e", "broken d-e"},
		"no good end":       {"a:. b:. c:. d:L e:L f:L", "", "f", "broken c-d"},
		"no bad end":        {"a:L b:. c:. d:. e:.", "e", "", "fixed a-b"},
		"newer bad end":     {"a:. b:. c:. d:L e:L", "a", "", "broken c-d"},
		"no ends":           {"a:. b:. c:L d:L e:x", "", "", "broken b-c"},
		"side branch":       {"a:. b:.(a) s:.(a) u:L(s) m:L(b,u) n:L", "a", "n", "broken s-u"},
		"merge":             {"a:. b:.(a) s:.(a) m:L(b,s) n:L", "a", "n", "broken b-m"},
		"goes apart, fixed": {"a:L m:L s:L(m) t:.(s) b:L(m)", "t", "b", "fixed s-t"},
		"goes apart, broke": {"a:. m:. s:.(m) b:.(m) c:L(b)", "s", "c", "broken b-c"},
		"changed back":      {"a:. b:L(a) s:.(b) t:.(s) m:L(b,t) n:L", "a", "n", "broken a-b"},
	} {
		turn, err := parse(test.history).hunt().One(end(test.good), end(test.bad))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := describe(turn); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

// TestOneFails names ends that cannot be used.
func TestOneFails(t *testing.T) {
	for _, test := range []struct {
		history, good, bad, want string
		mistake                  bool
	}{
		{"a:. b:L", "b", "a", "--good b leaks, and --bad a does not leak: swap the two", true},
		{"a:L b:L", "a", "b", "--good a leaks, as --bad b: want two ends", true},
		{"a:. b:v", "a", "b", "--bad b does not come to the point where it could leak, as --good a: want two ends", true},
		{"a:L b:L", "b", "", "--good b leaks: want --bad b", true},
		{"a:. b:.", "", "b", "--bad b does not leak: want --good b", true},
		{"a:. b:x", "a", "b", "b could not be tried (why): want another end", false},
		{"a:L m:x s:L(m) t:L(m)", "m", "t", "m could not be tried (why): want another end", false},
		{"a:L m:x s:.(m) t:L(m)", "s", "t", "m could not be tried (why): the histories of both ends go apart there", false},
		{"a:L b:L c:L", "", "c", "c leaks, and the 2 others that were tried leak too: --all tries every one", false},
		{"a:v b:. c:.", "", "", "c does not leak, and the 2 others that were tried do not leak either", false},
		{"a:x b:x c:L", "", "", "c leaks, and no other state could be tried", false},
		{"a:x b:x", "", "", "none of 2 states could be tried", false},
		{"a:. s:.(a) b:L(a)", "s", "", "s is not on the line along which the other end is looked for, which ends at b", true},
	} {
		_, err := parse(test.history).hunt().One(end(test.good), end(test.bad))
		var problems matrix.Problems
		if err == nil || !strings.Contains(err.Error(), test.want) || errors.As(err, &problems) != test.mistake {
			t.Errorf("%s: got %v, want %s", test.history, err, test.want)
		}
	}
}

// TestAll reports every change, with what a merge brought in.
func TestAll(t *testing.T) {
	for history, want := range map[string][]string{
		"a:. b:L c:x d:. e:L f:L":               {"broken a-b", "fixed b-d c", "broken d-e"},
		"a:v b:. c:v":                           nil,
		"a:. b:.(a) s:.(a) u:L(s) m:L(b,u) n:v": {"broken s-u", "hidden m-n"},
		"a:L b:L(a) s:.(a) u:.(s) m:.(b,u) n:.": {"fixed a-s"},
	} {
		turns, err := parse(history).hunt().All()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range turns {
			got = append(got, describe(&turns[i]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", history, diff)
		}
	}
}

// TestTriedOnce tries no state twice, and says which binaries are the same.
func TestTriedOnce(t *testing.T) {
	w := parse("a:. b:. c:. d:. e:. f:L g:L h:L")
	h := w.hunt()
	try := h.Try
	h.Try = func(s matrix.HistoryState) (matrix.Visit, error) {
		v, err := try(s)
		v.Binary = w.shows[s.Name]
		return v, err
	}
	if _, err := h.One(nil, nil); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, name := range w.tried {
		if seen[name] {
			t.Errorf("%s was tried twice", name)
		}
		seen[name] = true
	}
	for _, v := range h.Visits()[1:] {
		if first := map[matrix.Presence]string{matrix.PresenceThere: "h", matrix.PresenceAbsent: "e"}[v.Presence]; v.Name != first && v.Same != first {
			t.Errorf("%s: its binary is that of %q, want %q", v.Name, v.Same, first)
		}
	}
}

// leaky are the words of a suite about leaks.
var leaky = matrix.Words{
	Leak:   matrix.Phrase{One: "leaks", Past: "leaked", Noun: "leak", Name: "leak", Sign: "L"},
	Clean:  matrix.Phrase{One: "is clean"},
	Mild:   matrix.Phrase{One: "harms one stream", Name: "stream"},
	Severe: matrix.Phrase{One: "can kill the connection", Name: "connection", Sign: "C"},
	Part:   "stream",
	All:    "connection",
}
