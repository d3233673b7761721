package plan

import (
	"path"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// selectScenarios returns the columns, in the suite's order. Control and
// planted scenarios are in whatever was asked for: without them no verdict of
// the rest could be believed.
func selectScenarios(spec *matrix.Spec, globs []string, problems *matrix.Problems) []matrix.Scenario {
	names := make([]string, len(spec.Scenarios))
	for i, s := range spec.Scenarios {
		names[i] = s.Name
	}
	for _, glob := range globs {
		checkGlob(glob, names, problems)
	}
	var picked []matrix.Scenario
	for _, s := range spec.Scenarios {
		if len(globs) == 0 || s.Kind.Invariant() || matchesAny(globs, s.Name) {
			picked = append(picked, s)
		}
	}
	return picked
}

// checkGlob lists all there is beside a guess: whoever filters by scenario
// wants to know what to choose from.
func checkGlob(glob string, names []string, problems *matrix.Problems) {
	if _, err := path.Match(glob, ""); err != nil {
		problems.Add("", 0, "--scenario %q: that is no glob: want a scenario's name, with * for any letters", glob)
		return
	}
	for _, name := range names {
		if ok, _ := path.Match(glob, name); ok {
			return
		}
	}
	guess := ""
	if word, ok := text.Nearest(glob, names); ok {
		guess = "did you mean " + word + "? "
	}
	problems.Add("", 0, "--scenario %q: matches no scenario: %sthere are %s", glob, guess, strings.Join(names, ", "))
}

func matchesAny(globs []string, name string) bool {
	for _, glob := range globs {
		if ok, _ := path.Match(glob, name); ok {
			return true
		}
	}
	return false
}
