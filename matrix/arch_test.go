package matrix_test

import (
	"maps"
	"os"
	"slices"
	"testing"
)

// module is the path of this module.
const module = "github.com/matrixrun/matrixrun"

// pure packages use no clock, no environment and no files: their answer depends on
// their arguments only.
var pure = []string{
	"matrix/plan", "matrix/judge", "matrix/grid", "matrix/codec", "matrix/report", "matrix/report/page", "matrix/merge", "matrix/compare", "matrix/bisect",
}

// A rule returns its breaches, a line for each, which begins with the file.
type rule func(*project) []string

// rules are the rules of the architecture. TestRulesCanFail breaks each of them.
var rules = map[string]rule{
	"stages do not see each other":           importsGoDown,
	"pure stages know no machine":            pureStagesKnowNoMachine,
	"processes start in one place":           processesStartInOnePlace,
	"text leaves through one place":          textLeavesThroughOnePlace,
	"suites are data":                        suitesAreData,
	"people read the words of the suite":     peopleReadTheSuitesWords,
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
	for _, rule := range allowed {
		for _, pattern := range rule.packages {
			if !slices.ContainsFunc(slices.Collect(maps.Keys(p.code)), func(dir string) bool { _, ok := match(pattern, dir); return ok }) {
				t.Errorf("%s: no such package; what is allowed is out of date", pattern)
			}
		}
	}
	for _, dir := range pure {
		if len(p.code[dir]) == 0 {
			t.Errorf("%s: no such package; the list of pure packages is out of date", dir)
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
