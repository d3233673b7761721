package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// shownRun matches the run that README.md shows: the command, on two lines, and what it
// prints.
var shownRun = regexp.MustCompile("(?s)```console\n\\$ matrixrun (run [^\n]*) \\\\\n([^\n]*)\n(.*?)```")

// TestReadmeExample checks that the run in README.md prints what it says, by the published
// results of the same releases and scenarios. Only the second line has numbers that depend
// on the run.
func TestReadmeExample(t *testing.T) {
	found := shownRun.FindStringSubmatch(read(t, filepath.Join(root, "README.md")))
	if found == nil {
		t.Fatal("README.md shows no run")
	}
	args := words(found[1] + " " + found[2])
	var versions, sample string
	var scenarios []string
	for i := 1; i+1 < len(args); i += 2 {
		switch args[i] {
		case "--versions":
			versions = args[i+1]
		case "--sample":
			sample = args[i+1]
		case "--scenario":
			scenarios = append(scenarios, args[i+1])
		default:
			t.Fatalf("the run in README.md has %s, which this test does not know", args[i])
		}
	}
	var out strings.Builder
	if err := report.Terminal(&out, grid.New(partOf(t, versions, sample, scenarios)), report.Screen{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(withoutSecond(out.String()), withoutSecond(found[3])); diff != "" {
		t.Errorf("README.md shows another table than the published results, -published +README:\n%s", diff)
	}
}

// partOf returns a part of the published results, as a run of that part has them.
func partOf(t *testing.T, versions, sample string, scenarios []string) *matrix.Results {
	t.Helper()
	suite, err := find.Suite([]string{find.DefaultSuite})
	if err != nil {
		t.Fatal(err)
	}
	selection := plan.Selection{Scenarios: scenarios, Sample: sample}
	if selection.Versions, err = matrix.ParseConstraint(versions); err != nil {
		t.Fatal(err)
	}
	planned, err := plan.New(suite, selection)
	if err != nil {
		t.Fatal(err)
	}
	r, err := find.Published(find.DefaultSuite)
	if err != nil {
		t.Fatal(err)
	}
	has := func(name string) bool {
		return slices.ContainsFunc(planned.Scenarios, func(s matrix.Scenario) bool { return s.Name == name })
	}
	r.Scenarios = planned.Scenarios
	r.Rows = slices.DeleteFunc(r.Rows, func(row matrix.RowResult) bool {
		return !slices.ContainsFunc(planned.Rows, func(p matrix.Row) bool { return p.ID == row.ID })
	})
	for i := range r.Rows {
		r.Rows[i].Cells = slices.DeleteFunc(r.Rows[i].Cells, func(c matrix.Cell) bool { return !has(c.Scenario) })
	}
	r.Untried, r.Sure = planned.Untried, nil
	r.Intervals = matrix.Intervals(r)
	return r
}

// withoutSecond returns a text without its second line, and without spaces at the ends of
// lines.
func withoutSecond(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(slices.Delete(lines, 1, 2), "\n")
}
