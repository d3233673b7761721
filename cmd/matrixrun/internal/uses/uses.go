// Package uses answers for a program: which code of a suite's target it is built with,
// what results know of it, whether the program gets to what leaks, and what helps.
package uses

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/recognise"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/reach"
)

// A Question asks how a program fares.
type Question struct {
	Name     string // of the program, see program.Read
	Stdin    io.Reader
	Results  *matrix.Results
	Cells    func(row string) ([]matrix.Cell, error)   // of a row of Results, with what was seen, which Results need not have
	Forks    func(row string) (*matrix.Results, error) // that have the row of a fork; may return nil
	Suite    string                                    // that the results are of, as a command line names it
	Memory   content.Memory                            // of what was found out about modules; nil keeps nothing
	FailOn   matrix.FailOn
	Offline  bool              // download nothing
	Reach    time.Duration     // how long to look for what the program reaches; 0 for not at all
	Progress func(step string) // called before each step that takes time

	// Try asks for each fix to be tried in a copy of the program. Fork makes the fork of
	// a release, or of PATH@VERSION, in a new folder, and returns why there cannot be one.
	Try  bool
	Fork func(ctx context.Context, of string, patches []string, dir string) (impossible string, err error)
}

// LittleGC is the percentage of garbage, as GOGC has it, for all but the search for what a
// program reaches, which takes a gigabyte.
const LittleGC, usualGC = 1000, 100

// Limits of the search for what a program reaches.
const (
	reachPackages = 5000
	reachMemory   = 2 << 30
)

// Check answers a question. The error is matrix.Problems if the name stands for nothing
// that can be checked.
func Check(ctx context.Context, q Question) (*matrix.Check, error) {
	a, err := answer(ctx, q)
	if err != nil {
		return nil, err
	}
	a.place()
	return a.check, nil
}

// answer implements Check.
func answer(ctx context.Context, q Question) (*adviser, error) {
	sources, err := recognise.New(ctx, q.Suite, q.Results)
	if err != nil {
		return nil, err
	}
	sources.Forks, sources.Memory = q.Forks, q.Memory
	p, err := program.Read(ctx, q.Name, program.Options{
		Stdin: q.Stdin, Target: sources.Target().Paths(), PathOf: sources.PathOf, Offline: q.Offline,
		Downloading: func(n int) {
			q.Progress(fmt.Sprintf("downloading the code of %d modules that the module cache does not have", n))
		},
	})
	if err != nil {
		return nil, err
	}
	c := &matrix.Check{
		Words: q.Results.Words,
		Suite: q.Results.Suite, Target: q.Results.Target, Generated: q.Results.Generated, Matrixrun: q.Results.Matrixrun,
		Main: mains(p), Probes: probes(q.Results.Scenarios), Families: q.Results.Families, Input: p.Input, Partial: p.Partial, FailOn: q.FailOn,
	}
	if c.Uses, c.Unseen, err = sources.Uses(ctx, p); err != nil {
		return nil, err
	}
	c.Looked = len(p.Modules) - len(c.Unseen)
	a := &adviser{Question: q, program: p, sources: sources, check: c}
	if err := a.advise(); err != nil {
		return nil, err
	}
	if a.cwd, err = os.Getwd(); err != nil {
		return nil, fmt.Errorf("finding the working folder: %w", err)
	}
	for i := range c.Uses {
		a.copied(&c.Uses[i])
	}
	if err := a.reach(ctx); err != nil {
		return nil, err
	}
	c.Conclude()
	if err := a.remedies(ctx); err != nil {
		return nil, err
	}
	return a, nil
}

// place makes the positions in the user's files relative to the working folder, with
// slashes, as tools expect that show them in a repository. Files elsewhere keep the name
// that the user gave them.
func (a *adviser) place() {
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		u.Position.File = inFolder(a.cwd, u.Position.File)
		if u.Replaced != nil {
			r := *u.Replaced // the program has it too
			r.Where.File = inFolder(a.cwd, r.Where.File)
			u.Replaced = &r
		}
	}
}

// inFolder returns a path relative to a folder, with slashes, if it is in the folder.
func inFolder(folder, path string) string {
	if rel, err := filepath.Rel(folder, path); err == nil && filepath.IsAbs(path) && filepath.IsLocal(rel) {
		path = rel
	}
	return filepath.ToSlash(path)
}

// mains returns the paths of the main modules.
func mains(p *matrix.Program) []string {
	paths := []string{}
	for i := range p.Modules {
		if p.Modules[i].Main {
			paths = append(paths, p.Modules[i].Path)
		}
	}
	return paths
}

// probes returns the names of the probes.
func probes(scenarios []matrix.Scenario) []string {
	names := []string{}
	for _, s := range scenarios {
		if s.Kind == matrix.KindProbe {
			names = append(names, s.Name)
		}
	}
	return names
}

// An adviser adds to a check what is known of its uses.
type adviser struct {
	Question
	program *matrix.Program
	sources *recognise.Sources
	check   *matrix.Check
	fixes   []fixes // by use
	cwd     string  // the working folder
}

// advise adds what the results know.
func (a *adviser) advise() error {
	leaking := make(map[string]bool)
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		u.Cells = []matrix.Cell{}
		if u.Unknown != "" {
			continue
		}
		row := a.sources.Row(u)
		if row == nil {
			if u.Unaffected = a.sources.Unaffected(u.Version); u.Unaffected != "" {
				continue
			}
			u.Unknown = fmt.Sprintf("%s is not in the results; %s", u.Version, grid.Around(a.sources.Table(), u.Version))
			u.Next = fmt.Sprintf("`matrixrun run --only %s` finds it out", u.Version)
			continue
		}
		u.Advice = &row.Advice
		cells, err := a.cells(row)
		if err != nil {
			return err
		}
		for _, cell := range cells {
			if slices.Contains(row.Advice.Leaks, cell.Scenario) {
				u.Cells = append(u.Cells, cell)
				leaking[cell.Scenario] = true
			}
		}
	}
	a.check.Scenarios = slices.DeleteFunc(slices.Clone(a.Results.Scenarios), func(s matrix.Scenario) bool { return !leaking[s.Name] })
	return nil
}

// cells returns the cells of a row, with what their trials saw.
func (a *adviser) cells(row *matrix.GridRow) ([]matrix.Cell, error) {
	if a.sources.Table().Row(row.ID) != nil {
		return a.Cells(row.ID)
	}
	cells := make([]matrix.Cell, len(row.Cells)) // of a fork, whose results were read in full
	for i := range row.Cells {
		cells[i] = row.Cells[i].Cell
	}
	return cells, nil
}

// reach adds what the program reaches of the scenarios that matter for a use.
func (a *adviser) reach(ctx context.Context) error {
	wanted := make([][]string, len(a.check.Uses)) // scenarios, by use
	targets := make([]string, len(a.check.Uses))
	var scenarios []matrix.Scenario
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		wanted[i], targets[i] = open(u), u.Module
		if u.Likeness != nil {
			targets[i] = path.Join(u.Module, u.Likeness.Dir)
		}
	}
	for _, s := range a.scenarios() {
		if slices.ContainsFunc(wanted, func(names []string) bool { return slices.Contains(names, s.Name) }) {
			scenarios = append(scenarios, s)
		}
	}
	if a.Reach == 0 || a.program.Dir == "" || len(scenarios) == 0 {
		return nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(usualGC))
	answer, err := reach.Find(ctx, reach.Question{
		Dir: a.program.Dir, Cwd: a.cwd, Roots: roots(a.program), Env: environ(a.program), Targets: slices.Compact(slices.Sorted(slices.Values(targets))),
		Scenarios: scenarios, Limit: reach.Limit{Packages: reachPackages, Time: a.Reach, Memory: reachMemory}, Progress: a.Progress,
	})
	if err != nil {
		return err
	}
	a.check.Scope = &answer.Scope
	for i := range a.check.Uses {
		u := &a.check.Uses[i]
		for _, r := range answer.Reach[targets[i]] {
			if slices.Contains(wanted[i], r.Scenario) {
				u.Reach = append(u.Reach, r)
			}
		}
	}
	return nil
}

// scenarios returns the scenarios of the results. What a program must call to get to them
// is in the suite if the results are from before they had it.
func (a *adviser) scenarios() []matrix.Scenario {
	if slices.ContainsFunc(a.Results.Scenarios, func(s matrix.Scenario) bool { return len(s.Needs) > 0 }) {
		return a.Results.Scenarios
	}
	suite, err := a.sources.Suite()
	if err != nil {
		return a.Results.Scenarios // without needs, nothing is said about reach
	}
	scenarios := slices.Clone(a.Results.Scenarios)
	for i := range scenarios {
		for _, s := range suite.Scenarios {
			if s.Name == scenarios[i].Name {
				scenarios[i].Needs = s.Needs
			}
		}
	}
	return scenarios
}

// open returns the scenarios of which it matters whether the program reaches them: those
// that leak or may leak, and the workarounds.
func open(u *matrix.Use) (scenarios []string) {
	all := u.Base
	if u.Advice != nil {
		all = []matrix.Advice{*u.Advice}
	}
	for _, advice := range all {
		scenarios = append(scenarios, slices.Concat(advice.Leaks, advice.Unknown, advice.Works, advice.Fails)...)
	}
	return scenarios
}

// roots returns the folders of the main modules.
func roots(p *matrix.Program) (dirs []string) {
	for i := range p.Modules {
		if m := &p.Modules[i]; m.Main && m.Dir != "" {
			dirs = append(dirs, m.Dir)
		}
	}
	return dirs
}

// environ returns the variables with which the go command builds the program.
func environ(p *matrix.Program) []string {
	if p.Work == "" {
		return []string{"GOWORK=off"}
	}
	return []string{"GOWORK=" + p.Work}
}
