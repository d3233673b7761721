package plan

import (
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// selectScenarios returns the columns in the suite's order. It always includes
// control and planted scenarios: without them no other verdict could be believed.
func selectScenarios(spec *matrix.Spec, globs []string, problems *matrix.Problems) []matrix.Scenario {
	names := make([]string, len(spec.Scenarios))
	for i, s := range spec.Scenarios {
		names[i] = s.Name
	}
	for _, pattern := range globs {
		checkGlob(pattern, names, problems)
	}
	var picked []matrix.Scenario
	for _, s := range spec.Scenarios {
		if len(globs) == 0 || s.Kind.Invariant() || glob.Match(globs, s.Name) {
			picked = append(picked, s)
		}
	}
	return picked
}

// checkGlob reports a glob that is malformed or matches no scenario. The message
// lists all scenarios to choose from.
func checkGlob(pattern string, names []string, problems *matrix.Problems) {
	switch {
	case !glob.Valid(pattern):
		problems.Add("", 0, "--scenario %q: not a glob: want a scenario's name, with * for any characters", pattern)
	case !glob.Any(pattern, names):
		guess := ""
		if word, ok := text.Nearest(pattern, names); ok {
			guess = "did you mean " + word + "? "
		}
		problems.Add("", 0, "--scenario %q: matches no scenario: %sthere are %s", pattern, guess, strings.Join(names, ", "))
	}
}
