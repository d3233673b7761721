package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// A cell is a place in a suite's table, by its name ROW/SCENARIO.
type cell struct {
	suite    *matrix.Spec
	suiteArg []string // how the suite was named
	plan     *matrix.Plan
	row      matrix.Row
	scenario matrix.Scenario
	patches  []string // how the row's patches were named
}

// findCell reads a cell's name. Its error has all that is wrong with it, and
// says what there is.
func findCell(ctx context.Context, f showFlags, name string, args []string) (*cell, error) {
	var problems matrix.Problems
	if f.trials < 1 {
		problems.Add("", 0, "--trials %d: want at least 1", f.trials)
	}
	if entries, err := os.ReadDir(f.out); f.out != "" && !os.IsNotExist(err) && (err != nil || len(entries) > 0) {
		problems.Add("", 0, "-o %s: want an empty folder, or one that is not there yet", f.out)
	}
	suite, err := find.Suite(args)
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	if suite == nil {
		return nil, problems
	}
	c := &cell{suite: suite, suiteArg: args}
	slash := strings.LastIndexByte(name, '/')
	if slash < 0 {
		problems.Add("", 0, "%q names no cell: want ROW/SCENARIO, such as v1.2.3/%s", name, suite.Scenarios[0].Name)
		return nil, problems
	}
	c.findScenario(name[slash+1:], &problems)
	if err := problems.Join(c.findRow(ctx, name[:slash], f.server)); err != nil {
		return nil, err
	}
	return c, problems.Err()
}

func (c *cell) findScenario(name string, problems *matrix.Problems) {
	var names []string
	for _, s := range c.suite.Scenarios {
		names = append(names, s.Name)
		if s.Name == name {
			c.scenario = s
		}
	}
	if c.scenario.Name == "" {
		problems.Add("", 0, "there is no scenario %q: there are %s", name, strings.Join(names, ", "))
	}
}

// findRow plans the row, with the scenarios that its verdicts need.
func (c *cell) findRow(ctx context.Context, id, server string) error {
	var problems matrix.Problems
	asked := matrix.ParseRowID(id)
	sel := plan.Selection{Only: []string{asked.Version}, Server: server}
	extra, err := c.findRelease(ctx, asked.Version)
	if err := problems.Join(err); err != nil {
		return err
	}
	sel.Extra = extra
	for _, name := range asked.Patches {
		p, err := c.findPatch(name)
		if err := problems.Join(err); err != nil {
			return err
		}
		c.patches = append(c.patches, name)
		sel.Patches = append(sel.Patches, p)
	}
	if len(problems) > 0 {
		return problems
	}
	if c.scenario.Name != "" {
		sel.Scenarios = []string{c.scenario.Name}
	}
	if c.plan, err = plan.New(c.suite, sel); err != nil {
		return err
	}
	i := slices.IndexFunc(c.plan.Rows, func(r matrix.Row) bool { return len(r.Patches) == len(sel.Patches) })
	if i >= 0 {
		c.row = c.plan.Rows[i]
		return nil
	}
	for _, skip := range c.plan.Skips {
		problems.Add("", 0, "there is no row %s: %s", skip.ID, skip.Reason)
	}
	return problems.Err()
}

// findRelease looks a version up that the lock lacks, since --only runs such
// ones too. What nobody has is no row.
func (c *cell) findRelease(ctx context.Context, version string) ([]matrix.Release, error) {
	if slices.ContainsFunc(c.suite.Lock, func(r matrix.Release) bool { return r.Version == version }) {
		return nil, nil
	}
	there := "the lock is empty"
	if n := len(c.suite.Lock); n > 0 {
		there = fmt.Sprintf("the lock has %s to %s", c.suite.Lock[0].Version, c.suite.Lock[n-1].Version)
	}
	var problems matrix.Problems
	if module.CanonicalVersion(version) != version || version == "" {
		problems.Add("", 0, "there is no row of %q, which is no version: %s", version, there)
		return nil, problems
	}
	r, err := source.NewProxy().Lookup(ctx, c.suite.Target, version)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		problems.Add("", 0, "there is no row of %s: %s, and the module proxy does not know it either: %v", version, there, err)
		return nil, problems
	}
	return []matrix.Release{r}, nil
}

func (c *cell) findPatch(name string) (*matrix.Patch, error) {
	known := find.Patches()
	if !strings.ContainsAny(name, `/\`) && !slices.Contains(known, name) && !find.IsDiff(name) {
		var problems matrix.Problems
		problems.Add("", 0, "there is no patch %q: there are %s, and folders, with a slash in their names, as in ./%s", name, strings.Join(known, ", "), name)
		return nil, problems
	}
	p, err := find.Patch(name)
	if err != nil {
		return nil, err
	}
	return p, spec.CheckPatch(p, c.suite.Lock, c.suite.Scenarios)
}
