// Package uses finds the releases of a suite's target that a program is built
// with, and looks up what results know of them.
package uses

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
)

// Check answers for what a command line names: a go.mod, the folder of one, or a
// version; an empty name means the go.mod in the working folder. The error is
// matrix.Problems.
func Check(name string, results *matrix.Results) (*matrix.Check, error) {
	uses, err := find(name, results)
	if err != nil {
		return nil, err
	}
	c := &matrix.Check{Suite: results.Suite, Target: results.Target, Generated: results.Generated, Matrixrun: results.Matrixrun, Uses: uses}
	advise(c, results)
	return c, nil
}

// find returns the uses of the target, without what the results know of them.
func find(name string, results *matrix.Results) ([]matrix.Use, error) {
	if name == "" {
		name = "go.mod"
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, "go.mod")
	}
	data, err := os.ReadFile(name)
	if err == nil {
		return inGoMod(name, data, results)
	}
	if version := "v" + strings.TrimPrefix(name, "v"); semver.IsValid(version) {
		if module.CanonicalVersion(version) != version {
			return nil, matrix.Mistake("%s: want the whole version, as in %s", name, module.CanonicalVersion(version))
		}
		return []matrix.Use{{Module: results.Target, Version: version}}, nil
	}
	return nil, matrix.Mistake("reading go.mod: %v: want a go.mod, the folder of one, or a version such as v1.2.3", err)
}

// advise adds to a check what the results know of its uses.
func advise(c *matrix.Check, results *matrix.Results) {
	table := grid.New(results)
	leaking := make(map[string]bool)
	for i := range c.Uses {
		u := &c.Uses[i]
		u.Cells = []matrix.Cell{}
		if u.Unknown != "" {
			continue
		}
		row := table.Row(cmp.Or(u.Fork, u.Version))
		if row == nil {
			u.Unknown = fmt.Sprintf("%s is not in the results; %s", u.Version, grid.Around(table, u.Version))
			u.Next = fmt.Sprintf("`matrixrun run --only %s` finds it out", u.Version)
			continue
		}
		u.Advice = &row.Advice
		for _, cell := range row.Cells {
			if slices.Contains(row.Advice.Leaks, cell.Scenario) {
				u.Cells = append(u.Cells, cell.Cell)
				leaking[cell.Scenario] = true
			}
		}
	}
	c.Scenarios = slices.DeleteFunc(slices.Clone(results.Scenarios), func(s matrix.Scenario) bool { return !leaking[s.Name] })
}
