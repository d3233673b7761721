package plan

import (
	"path"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// selectScenarios returns the columns in the suite's order. It always includes
// control and planted scenarios: without them no other verdict could be believed.
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

// checkGlob reports a glob that is malformed or matches no scenario. The message
// lists all scenarios to choose from.
func checkGlob(glob string, names []string, problems *matrix.Problems) {
	if _, err := path.Match(glob, ""); err != nil {
		problems.Add("", 0, "--scenario %q: not a glob: want a scenario's name, with * for any characters", glob)
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
