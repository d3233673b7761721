package matrix_test

import (
	"os"
	"slices"
	"testing"
)

// module is the project's own path.
const module = "github.com/matrixrun/matrixrun"

// stages are the packages of the pipeline, which know nothing of each other.
var stages = []string{
	"matrix/spec", "matrix/source", "matrix/plan", "matrix/tree", "matrix/build",
	"matrix/trial", "matrix/upstream", "matrix/judge", "matrix/record", "matrix/grid", "matrix/report",
}

// pure are the stages, merge and compare, that know no clock, no environment and no files: what
// they say, they were given.
var pure = []string{
	"matrix/plan", "matrix/judge", "matrix/grid", "matrix/report", "matrix/report/page", "matrix/merge", "matrix/compare",
}

// A rule finds what breaks it: a line for each breach, the file first.
type rule func(*project) []string

// rules are the architecture. TestRulesCanFail breaks each of them.
var rules = map[string]rule{
	"stages do not see each other":           importsGoDown,
	"pure stages know no machine":            pureStagesKnowNoMachine,
	"processes start in one place":           processesStartInOnePlace,
	"suites are data":                        suitesAreData,
	"every package says what it is for":      packagesAreDocumented,
	"reproductions import only their target": reproductionsImportOnlyTheirTarget,
	"reproductions compile with old Go":      reproductionsCompileWithOldGo,
}

// TestArchitecture holds this very source to the rules.
func TestArchitecture(t *testing.T) {
	p, err := loadProject(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range stages {
		if len(p.code[stage]) == 0 {
			t.Errorf("%s: no such package; the list of stages is out of date", stage)
		}
	}
	for name, broken := range rules {
		t.Run(name, func(t *testing.T) {
			breaches := broken(p)
			slices.Sort(breaches)
			for _, b := range breaches {
				t.Error(b)
			}
		})
	}
}
