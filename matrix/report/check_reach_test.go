package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestReachedGuessed checks what is said of code that was not measured: whether the program
// gets to what leaks in the nearest releases.
func TestReachedGuessed(t *testing.T) {
	u := &matrix.Use{
		Base:  []matrix.Advice{{Leaks: []string{"a"}}, {Leaks: []string{"b"}}},
		Reach: []matrix.Reach{{Scenario: "a", State: matrix.NotReached, Missing: []string{"Next"}}, {Scenario: "b", State: matrix.NotReached, Missing: []string{"Next"}}, {Scenario: "c"}},
	}
	const want = "Your program never calls Next: no leak that the nearest releases have can be reached."
	if diff := cmp.Diff(want, strings.Join(reached(u, &matrix.Check{Words: leaky}), " ")); diff != "" {
		t.Error(diff)
	}
}

// TestReached checks the sentences about what a program gets to.
func TestReached(t *testing.T) {
	never := func(scenario, why string, missing ...string) matrix.Reach {
		return matrix.Reach{Scenario: scenario, State: matrix.NotReached, Missing: missing, Why: why}
	}
	reset := matrix.Reach{Scenario: "a", State: matrix.Reached, Calls: []matrix.Call{{API: "Conn.Reset", Position: matrix.Position{File: "main.go", Line: 7}}}}
	unknown := matrix.Reach{Scenario: "b", State: matrix.ReachUnknown, Why: "it does not compile"}
	scope := &matrix.Scope{Packages: 312, Mains: 1, Platform: "linux/amd64"}
	library := &matrix.Scope{Packages: 2, Libraries: 1, Platform: "linux/amd64"}
	for want, test := range map[string]struct {
		reach []matrix.Reach
		scope *matrix.Scope
	}{
		"": {nil, scope},
		"Your program never calls Next: none of the 2 leaks can be reached; looked at 312 packages, as built for linux/amd64.": {[]matrix.Reach{never("a", "", "Next", "Reset"), never("b", "", "Next")}, scope},
		"Your program never calls Next: the leak cannot be reached.":                                                           {[]matrix.Reach{never("a", "", "Next", "Reset")}, nil},
		"Your program never calls Next and Reset: none of the 2 leaks can be reached; looked at 2 packages, as built for linux/amd64, from all that others can call in it.": {
			[]matrix.Reach{never("a", "", "Next"), never("b", "", "Reset")}, library},
		"No package of the program imports lib: none of the 2 leaks can be reached; looked at 312 packages, as built for linux/amd64.": {
			[]matrix.Reach{never("a", "no package of the program imports lib", "Next"), never("b", "no package of the program imports lib", "Next")}, scope},
		"Your program gets to some of it: it calls Conn.Reset (main.go:7). Where your program never gets, it does not call Next.": {[]matrix.Reach{reset, never("b", "", "Next")}, scope},
		"Your program gets to some of it: it calls Conn.Reset (main.go:7).":                                                       {[]matrix.Reach{reset}, scope},
		"Where your program never gets, it does not call Next. Whether your program gets there is not known: it does not compile.": {
			[]matrix.Reach{never("a", "", "Next"), unknown}, scope},
	} {
		u := &matrix.Use{Advice: &matrix.Advice{Leaks: []string{"a", "b"}}, Reach: append(test.reach, never("works", "", "Other"))}
		if diff := cmp.Diff(want, strings.Join(reached(u, &matrix.Check{Scope: test.scope, Words: leaky}), " ")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
