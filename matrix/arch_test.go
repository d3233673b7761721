package matrix_test

import (
	"os"
	"slices"
	"testing"
)

// module is the path of this module.
const module = "github.com/matrixrun/matrixrun"

// driven are the stages of the pipeline that sweep calls for every row.
var driven = []string{
	"matrix/source", "matrix/tree", "matrix/build", "matrix/trial", "matrix/upstream", "matrix/judge", "matrix/record",
}

// apart are the packages that do not import each other: the stages, and what
// commands do with the results of runs.
var apart = append([]string{
	"matrix/spec", "matrix/plan", "matrix/grid", "matrix/codec", "matrix/report", "matrix/merge", "matrix/compare", "matrix/fork",
}, driven...)

// pure packages use no clock, no environment and no files: their answer depends on
// their arguments only.
var pure = []string{
	"matrix/plan", "matrix/judge", "matrix/grid", "matrix/codec", "matrix/report", "matrix/report/page", "matrix/merge", "matrix/compare",
}

// A rule returns its breaches, a line for each, which begins with the file.
type rule func(*project) []string

// rules are the rules of the architecture. TestRulesCanFail breaks each of them.
var rules = map[string]rule{
	"stages do not see each other":           importsGoDown,
	"pure stages know no machine":            pureStagesKnowNoMachine,
	"processes start in one place":           processesStartInOnePlace,
	"suites are data":                        suitesAreData,
	"every package says what it is for":      packagesAreDocumented,
	"reproductions import only their target": reproductionsImportOnlyTheirTarget,
	"reproductions compile with old Go":      reproductionsCompileWithOldGo,
}

// TestArchitecture checks the source of this module.
func TestArchitecture(t *testing.T) {
	p, err := loadProject(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range apart {
		if len(p.code[dir]) == 0 {
			t.Errorf("%s: no such package; the lists of packages are out of date", dir)
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
