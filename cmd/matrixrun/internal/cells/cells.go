// Package cells finds one cell of a suite's table by its name, reads it from the
// record or from an output folder, and words the commands that repeat it by hand.
package cells

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/backports"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Cell is a place in a suite's table.
type Cell struct {
	Suite    *matrix.Spec
	Plan     *matrix.Plan // the row, with the scenarios that its verdicts need
	Row      matrix.Row
	Scenario matrix.Scenario

	origins  *origins.Flags // which name what is no release
	suiteArg []string       // how the command line named the suite
	patches  []string       // how it named the row's patches
	commits  bool           // some of them are commits of the clone
	names    spec.Names     // in diff files
	cgo      bool           // the row was built with it
}

// Find finds the cell ROW/SCENARIO of a suite, which suiteArg names as for
// find.Suite. Server is the release of all servers, or empty. Strip is for the names in
// diff files, see spec.NamesIn. The flags name a target that is no release; a version of a
// fork needs none. The error has everything that is wrong with the names, and says what
// there is.
func Find(ctx context.Context, name, server string, strip int, flags *origins.Flags, suiteArg []string) (*Cell, error) {
	suite, err := find.Suite(suiteArg)
	if err != nil {
		return nil, err
	}
	c := &Cell{Suite: suite, origins: flags, suiteArg: suiteArg, names: spec.NamesIn(suite, strip)}
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
	if c.Scenario.Name != "" {
		return
	}
	hint := text.Hint(name, names)
	if _, near := text.Nearest(name, names); !near && len(c.suiteArg) == 0 && find.IsShipped(c.Suite.Suite) {
		hint += "; these belong to " + c.Suite.Suite + ": name another suite as SUITE, or what try wrote with --from"
	}
	problems.Add("", 0, "there is no scenario %q: %s", name, hint)
}

// findRow plans the row.
func (c *Cell) findRow(ctx context.Context, name, server string) error {
	var problems matrix.Problems
	id := matrix.ParseRowID(name)
	sel := plan.Selection{Server: server}
	if err := problems.Join(c.findTarget(ctx, id.Version, &sel)); err != nil {
		return err
	}
	for _, name := range id.Patches {
		found, err := c.findPatches(ctx, name)
		if err := problems.Join(err); err != nil {
			return err
		}
		c.patches = append(c.patches, name)
		sel.Patches = append(sel.Patches, found...)
	}
	if git := c.origins.Git; git != "" && len(c.origins.Refs) == 0 && !c.commits {
		problems.Add("", 0, "--git %s: want --refs with it, or a row with a commit of the clone as a patch", git)
	}
	if len(problems) > 0 {
		return problems
	}
	if c.Scenario.Name != "" {
		sel.Scenarios = []string{c.Scenario.Name}
	}
	var err error
	if c.Plan, err = plan.New(c.Suite, sel); err != nil {
		return err
	}
	i := slices.IndexFunc(c.Plan.Rows, func(r matrix.Row) bool {
		return r.Release.Name() == id.Version && len(r.Patches) == len(sel.Patches)
	})
	if i >= 0 {
		if c.commits {
			err = backports.LookUp(ctx, c.origins.Git, c.Suite, c.Plan.Rows)
		}
		c.Row = c.Plan.Rows[i]
		return err
	}
	for _, skip := range c.Plan.Skips {
		problems.Add("", 0, "there is no row %s: %s", skip.ID, skip.Reason)
	}
	return problems.Err()
}

// findTarget selects the release with a name, or what is no release and has that name:
// a version of a fork, or what the flags name.
func (c *Cell) findTarget(ctx context.Context, name string, sel *plan.Selection) (err error) {
	version, toolchain, further := matrix.RowID{Version: name}.Toolchain()
	if further {
		name, sel.Toolchains = version, []string{toolchain}
	}
	if matrix.ParseRowID(name).IsRelease() {
		if c.origins.Any() {
			return matrix.Mistake("%s: it is a release, and needs none of the flags %s", name, strings.Join(c.origins.Words(), " "))
		}
		sel.Only = []string{name}
		sel.Extra, err = c.findRelease(ctx, name)
		return err
	}
	if !c.origins.Any() {
		if path, version, _ := strings.Cut(name, "@"); module.Check(path, version) != nil {
			return matrix.Mistake("there is no row %s without what it is built from: want --source DIR, or --git CLONE --refs REFS", name)
		}
		c.origins.Modules = []string{name}
	}
	if sel.Others, err = c.origins.Find(ctx, c.Suite, c.suiteArg); err != nil {
		return err
	}
	var names []string
	for i := range sel.Others {
		names = append(names, sel.Others[i].Name())
	}
	i := slices.Index(names, name)
	switch {
	case i < 0:
		return matrix.Mistake("there is no row %s: what the flags name is now %s", name, strings.Join(names, ", "))
	case sel.Others[i].Origin.Missing != "":
		return errors.New(sel.Others[i].Origin.Missing)
	}
	sel.Others = sel.Others[i : i+1]
	return nil
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
		if meant := find.MeantVersion(version); meant != "" {
			locked = "did you mean " + meant + "?"
		}
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

// findPatches reads the patches that a name stands for: a commit of the clone, or what
// find.CheckedPatches reads.
func (c *Cell) findPatches(ctx context.Context, name string) ([]*matrix.Patch, error) {
	if c.origins.Git != "" && spec.IsCommit(name) {
		c.commits = true
		p, err := spec.LoadCommit(ctx, c.origins.Git, name)
		return []*matrix.Patch{p}, err
	}
	if !strings.ContainsAny(name, `/\`) && !slices.Contains(find.Patches(), name) && !find.IsDiff(name) {
		return nil, matrix.Mistake("%s", find.UnknownPatch(name))
	}
	return find.CheckedPatches(ctx, name, c.names, c.Suite)
}
