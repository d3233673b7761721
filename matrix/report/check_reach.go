package report

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostCalls and mostReasons bound what one sentence lists.
const (
	mostCalls   = 6
	mostReasons = 3
)

// reached says whether the program gets to what leaks in a use of a check.
func reached(u *matrix.Use, check *matrix.Check) (sentences []string) {
	leaks := leaksReach(u)
	var calls, missing, why []string
	never := 0
	for _, r := range leaks {
		switch r.State {
		case matrix.Reached:
			for _, c := range r.Calls {
				add(&calls, fmt.Sprintf("%s (%s)", c.API, c.Position))
			}
		case matrix.NotReached:
			never++
			for _, api := range r.Missing {
				add(&missing, api)
			}
		default:
			add(&why, r.Why)
		}
	}
	if never == len(leaks) && never > 0 {
		return []string{neverReached(leaks, u.Advice == nil, check)}
	}
	if len(calls) > 0 {
		sentences = append(sentences, "Your program gets to some of it: it calls "+text.Some(calls, mostCalls)+".")
	}
	if never > 0 {
		sentences = append(sentences, "Where your program never gets, it does not call "+text.Some(missing, mostCalls)+".")
	}
	if len(why) > 0 {
		sentences = append(sentences, "Whether your program gets there is not known: "+text.Some(why, mostReasons)+".")
	}
	return sentences
}

// leaksReach returns the reach of what leaks in a use, or in the releases nearest to it if
// it was not measured.
func leaksReach(u *matrix.Use) (leaks []matrix.Reach) {
	all := u.Base
	if u.Advice != nil {
		all = []matrix.Advice{*u.Advice}
	}
	for _, r := range u.Reach {
		if slices.ContainsFunc(all, func(a matrix.Advice) bool { return slices.Contains(a.Leaks, r.Scenario) }) {
			leaks = append(leaks, r)
		}
	}
	return leaks
}

// neverReached says why a program gets to no leak: that it does not import the code, or
// what it never calls. If all leaks need the same call, that one is enough to name. Guessed
// leaks are those of the nearest releases.
func neverReached(leaks []matrix.Reach, guessed bool, check *matrix.Check) string {
	leak, scope := check.Words.Complete().Leak, check.Scope
	common, all := slices.Clone(leaks[0].Missing), []string{}
	for _, r := range leaks {
		common = slices.DeleteFunc(common, func(api string) bool { return !slices.Contains(r.Missing, api) })
		for _, api := range r.Missing {
			add(&all, api)
		}
	}
	what := fmt.Sprintf("none of the %d %s can be reached", len(leaks), leak.Nouns(len(leaks)))
	if len(leaks) == 1 {
		what = "the " + leak.Noun + " cannot be reached"
	}
	if guessed {
		what = "no " + leak.Noun + " that the nearest releases have can be reached"
	}
	sentence := "Your program never calls " + text.Some(all, mostCalls) + ": " + what
	switch {
	case leaks[0].Why != "":
		sentence = capital(leaks[0].Why) + ": " + what
	case len(common) > 0:
		sentence = "Your program never calls " + common[0] + ": " + what
	}
	if scope != nil && scope.Unknown == "" {
		sentence += fmt.Sprintf("; looked at %s, as built for %s", text.Count(scope.Packages, "package"), scope.Platform)
		if scope.Libraries > 0 && scope.Mains == 0 {
			sentence += ", from all that others can call in it"
		}
	}
	return sentence + "."
}

// add appends an item that is not yet in a list.
func add(list *[]string, item string) {
	if !slices.Contains(*list, item) {
		*list = append(*list, item)
	}
}
