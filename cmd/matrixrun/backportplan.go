package main

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A backportPlan is a command line of backport, read.
type backportPlan struct {
	suite    *matrix.Spec
	suiteArg []string // how the suite was named
	plan     *matrix.Plan
	patches  []*matrix.Patch
	commits  []*matrix.Patch   // those of them that come from a clone
	named    map[string]string // how matrixrun show finds each of them; nothing where it cannot
	cache    string
}

// prepareBackport reads all the input and plans the rows. Its error has every
// mistake in the suite, the flags and the patches.
func prepareBackport(ctx context.Context, f backportFlags, args []string) (*backportPlan, error) {
	var problems matrix.Problems
	f.check(&problems)
	names, suiteArg := splitSuite(args)
	p := &backportPlan{suiteArg: suiteArg, named: map[string]string{}, cache: f.cache}
	sel := plan.Selection{Only: f.only, Sample: f.sample, Prerelease: f.prerelease, Scenarios: f.scenarios, Each: f.each}
	sel.Named = f.versions == "" && len(f.only) == 0
	var err error
	if sel.Versions, err = matrix.ParseConstraint(f.versions); err != nil {
		problems.Add("", 0, "--versions: %v", err)
	}
	p.suite, err = find.Suite(suiteArg)
	if err := problems.Join(err); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := problems.Join(p.add(ctx, f, name, sel.Named)); err != nil {
			return nil, err
		}
	}
	if p.suite == nil || len(problems) > 0 {
		return nil, problems
	}
	sel.Patches = p.patches
	if len(sel.Scenarios) > 0 { // what is to be cured is tried whatever else is
		sel.Scenarios = append(slices.Clone(sel.Scenarios), p.cures()...)
	}
	if p.plan, err = plan.New(p.suite, sel); err != nil {
		return nil, err
	}
	return p, nil
}

// check finds mistakes in flags that stand for themselves.
func (f backportFlags) check(problems *matrix.Problems) {
	f.runFlags.check(problems)
	if f.limit < time.Second {
		problems.Add("", 0, "--upstream-limit %v: want a second at least, such as 5m", f.limit)
	}
}

// splitSuite takes the suite from the end of the arguments: a shipped one's
// name, or a folder with a matrix.yaml, behind one patch at least.
func splitSuite(args []string) (patches, suite []string) {
	last := len(args) - 1
	if last < 1 {
		return args, nil
	}
	if find.IsSuite(args[last]) {
		return args[:last], args[last:]
	}
	return args, nil
}

// add reads one PATCH. A diff file whose header names releases is for those
// where no others are asked for; else it is tried on all of them.
func (p *backportPlan) add(ctx context.Context, f backportFlags, name string, byHeader bool) error {
	var patch *matrix.Patch
	var err error
	switch {
	case f.git != "":
		if patch, err = spec.LoadCommit(ctx, f.git, name); err == nil {
			p.commits = append(p.commits, patch)
			p.named[patch.Name] = ""
			if f.out != "" {
				p.named[patch.Name] = filepath.Join(f.out, patch.Name+".patch")
			}
		}
	case find.IsDiff(name):
		var releases matrix.Constraint
		if patch, releases, err = spec.LoadDiff(name); err == nil {
			p.named[patch.Name] = name
			if byHeader {
				patch.Variants[0].Releases = releases
			}
		}
	default:
		if patch, err = find.Patch(name); err == nil {
			p.named[patch.Name] = name
		}
	}
	if err != nil {
		return err
	}
	p.patches = append(p.patches, patch)
	return p.check(f, patch)
}

// check holds a patch against the suite, with what it is to cure put in.
func (p *backportPlan) check(f backportFlags, patch *matrix.Patch) error {
	var problems matrix.Problems
	for _, other := range p.patches[:len(p.patches)-1] {
		if other.Name == patch.Name {
			problems.Add("", 0, "%s: named twice: a row has each patch once; two files need two names", patch.Name)
		}
	}
	var err error
	switch {
	case p.suite == nil:
	case len(f.fix) == 0:
		err = spec.CheckPatch(patch, p.suite.Lock, p.suite.Scenarios)
	case len(p.patches) == 1: // of the others the same would be said
		err = spec.CheckGlobs("--fix", f.fix, p.suite.Scenarios)
	}
	if err := problems.Join(err); err != nil {
		return err
	}
	if len(f.fix) > 0 {
		for i := range patch.Variants {
			patch.Variants[i].Fixes = f.fix
		}
	}
	return problems.Err()
}

// cures lists the globs of what the patches are for; all, where one of them does
// not say.
func (p *backportPlan) cures() []string {
	var globs []string
	for _, patch := range p.patches {
		for _, v := range patch.Variants {
			globs = append(globs, v.Fixes...)
		}
	}
	if len(globs) == 0 {
		return nil
	}
	slices.Sort(globs)
	return slices.Compact(globs)
}

// showLine is the command that shows a cell of a patched row, or nothing where
// there is none.
func (p *backportPlan) showLine(row, scenario string) string {
	id := matrix.ParseRowID(row)
	for i, patch := range id.Patches {
		if p.named[patch] == "" {
			return ""
		}
		id.Patches[i] = slashed(p.named[patch])
	}
	words := []string{"matrixrun", "show", id.String() + "/" + scenario}
	if p.cache != "" {
		words = append(words, "--cache", p.cache)
	}
	return text.QuoteAll(append(words, p.suiteArg...))
}

// slashed is a path as the name of a row has it.
func slashed(path string) string { return filepath.ToSlash(path) }
