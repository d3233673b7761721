// Package cells finds one cell of a suite's table by its name, reads it from the
// record or from an output folder, and words the commands that repeat it by hand.
package cells

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// A Cell is a place in a suite's table.
type Cell struct {
	Suite    *matrix.Spec
	Plan     *matrix.Plan // the row, with the scenarios that its verdicts need
	Row      matrix.Row
	Scenario matrix.Scenario

	suiteArg []string // how the command line named the suite
	patches  []string // how it named the row's patches
}

// Find finds the cell ROW/SCENARIO of a suite, which suiteArg names as for
// find.Suite. Server is the release of all servers, or empty. The error has
// everything that is wrong with the names, and says what there is.
func Find(ctx context.Context, name, server string, suiteArg []string) (*Cell, error) {
	suite, err := find.Suite(suiteArg)
	if err != nil {
		return nil, err
	}
	c := &Cell{Suite: suite, suiteArg: suiteArg}
	slash := strings.LastIndexByte(name, '/')
	if slash < 0 {
		return nil, matrix.Mistake("%q is not the name of a cell: want ROW/SCENARIO, such as v1.2.3/%s", name, suite.Scenarios[0].Name)
	}
	var problems matrix.Problems
	c.findScenario(name[slash+1:], &problems)
	if err := problems.Join(c.findRow(ctx, name[:slash], server)); err != nil {
		return nil, err
	}
	return c, problems.Err()
}

func (c *Cell) findScenario(name string, problems *matrix.Problems) {
	var names []string
	for _, s := range c.Suite.Scenarios {
		names = append(names, s.Name)
		if s.Name == name {
			c.Scenario = s
		}
	}
	if c.Scenario.Name == "" {
		problems.Add("", 0, "there is no scenario %q: there are %s", name, strings.Join(names, ", "))
	}
}

// findRow plans the row.
func (c *Cell) findRow(ctx context.Context, name, server string) error {
	var problems matrix.Problems
	id := matrix.ParseRowID(name)
	sel := plan.Selection{Only: []string{id.Version}, Server: server}
	extra, err := c.findRelease(ctx, id.Version)
	if err := problems.Join(err); err != nil {
		return err
	}
	sel.Extra = extra
	for _, name := range id.Patches {
		p, err := c.findPatch(ctx, name)
		if err := problems.Join(err); err != nil {
			return err
		}
		c.patches = append(c.patches, name)
		sel.Patches = append(sel.Patches, p)
	}
	if len(problems) > 0 {
		return problems
	}
	if c.Scenario.Name != "" {
		sel.Scenarios = []string{c.Scenario.Name}
	}
	if c.Plan, err = plan.New(c.Suite, sel); err != nil {
		return err
	}
	i := slices.IndexFunc(c.Plan.Rows, func(r matrix.Row) bool { return len(r.Patches) == len(sel.Patches) })
	if i >= 0 {
		c.Row = c.Plan.Rows[i]
		return nil
	}
	for _, skip := range c.Plan.Skips {
		problems.Add("", 0, "there is no row %s: %s", skip.ID, skip.Reason)
	}
	return problems.Err()
}

// findRelease asks the module proxy for a version that is not in the lock, since
// run --only accepts it too. It returns nothing for one that is.
func (c *Cell) findRelease(ctx context.Context, version string) ([]matrix.Release, error) {
	lock := c.Suite.Lock
	if slices.ContainsFunc(lock, func(r matrix.Release) bool { return r.Version == version }) {
		return nil, nil
	}
	locked := "the lock is empty"
	if len(lock) > 0 {
		locked = fmt.Sprintf("the lock has %s to %s", lock[0].Version, lock[len(lock)-1].Version)
	}
	if module.CanonicalVersion(version) != version || version == "" {
		return nil, matrix.Mistake("there is no row %q, which is not a version: %s", version, locked)
	}
	r, err := source.NewProxy().Lookup(ctx, c.Suite.Target, version)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, matrix.Mistake("there is no row %s: %s, and the module proxy does not know that version: %v", version, locked, err)
	}
	return []matrix.Release{r}, nil
}

func (c *Cell) findPatch(ctx context.Context, name string) (*matrix.Patch, error) {
	known := find.Patches()
	if !strings.ContainsAny(name, `/\`) && !slices.Contains(known, name) && !find.IsDiff(name) {
		return nil, matrix.Mistake("there is no patch %q: there are %s, and folders, with a slash in their names, as in ./%s", name, strings.Join(known, ", "), name)
	}
	p, err := find.Patch(ctx, name)
	if err != nil {
		return nil, err
	}
	return p, spec.CheckPatch(p, c.Suite.Lock, c.Suite.Scenarios)
}
