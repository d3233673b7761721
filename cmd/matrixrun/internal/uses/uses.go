// Package uses answers for a program: which code of a suite's target it is built with,
// what results know of it, whether the program gets to what leaks, and what helps.
package uses

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/recognise"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// A Question asks how a program fares.
type Question struct {
	Name     string // of the program, see program.Read
	Stdin    io.Reader
	Suites   []Suite        // that can answer, at least one
	Memory   content.Memory // of what was found out about modules; nil keeps nothing
	FailOn   matrix.FailOn
	Offline  bool              // download nothing
	Reach    time.Duration     // how long to look for what the program reaches; 0 for not at all
	Progress func(step string) // called before each step that takes time
	Try      bool              // try each fix in a copy of the program
}

// A Suite is the results of a suite, which can answer.
type Suite struct {
	Name    string // of the suite, as a command line names it
	Results *matrix.Results
	Cells   func(row string) ([]matrix.Cell, error)   // of a row of Results, with what was seen, which Results need not have
	Forks   func(row string) (*matrix.Results, error) // that have the row of a fork; may return nil

	// Fork makes the fork of a release, or of PATH@VERSION, in a new folder, and returns why
	// there cannot be one.
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

// Check answers a question: for each suite whose target is in the build, or may be. If
// surely none is, one suite answers for each target. The error is matrix.Problems if the
// name stands for nothing that can be checked.
func Check(ctx context.Context, q Question) (report.Checks, error) {
	all, err := answer(ctx, q)
	if err != nil {
		return nil, err
	}
	return all.checks(), nil
}

// An inquiry is a question while it is answered.
type inquiry struct {
	Question
	program  *matrix.Program
	seen     recognise.Seen // in the program
	cwd      string         // the working folder
	compiler *string        // see toolchain; nil until it is asked for
	advisers []*adviser
}

// answer implements Check.
func answer(ctx context.Context, q Question) (*inquiry, error) {
	all := &inquiry{Question: q}
	for _, suite := range q.Suites {
		sources, err := recognise.New(ctx, suite.Name, suite.Results)
		if err != nil {
			return nil, err
		}
		sources.Forks, sources.Memory = suite.Forks, q.Memory
		all.advisers = append(all.advisers, &adviser{inquiry: all, suite: suite, sources: sources})
	}
	var err error
	if all.cwd, err = os.Getwd(); err != nil {
		return nil, fmt.Errorf("finding the working folder: %w", err)
	}
	if err := all.read(ctx); err != nil {
		return nil, err
	}
	for _, a := range all.advisers {
		if err := a.look(ctx); err != nil {
			return nil, err
		}
	}
	if err := all.reach(ctx); err != nil {
		return nil, err
	}
	for _, a := range all.advisers {
		a.check.Conclude()
	}
	all.keepRelevant()
	for _, a := range all.advisers {
		if err := a.remedies(ctx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// read reads the program.
func (q *inquiry) read(ctx context.Context) (err error) {
	var targets []string
	for _, a := range q.advisers {
		targets = append(targets, a.sources.Target().Paths()...)
	}
	q.program, err = program.Read(ctx, q.Name, program.Options{
		Stdin: q.Stdin, Target: targets, PathOf: q.pathOf, Offline: q.Offline,
		Downloading: func(n int) {
			q.Progress(fmt.Sprintf("downloading the code of %d modules that the module cache does not have", n))
		},
	})
	return err
}

// toolchain returns the Go release that compiles the program, empty if that is not known. It
// asks the go command, which most programs do not need: few verdicts depend on that.
func (q *inquiry) toolchain(ctx context.Context) string {
	if q.compiler == nil {
		is := program.Toolchain(ctx, q.program, program.Options{Offline: q.Offline})
		q.compiler = &is
	}
	return *q.compiler
}

// pathOf returns the module path that serves a version of a target: of the first one that
// has it, or else of the first one.
func (q *inquiry) pathOf(version string) string {
	for _, a := range q.advisers {
		if path, known := a.sources.PathOf(version); known {
			return path
		}
	}
	return q.advisers[0].suite.Results.Target
}

// keepRelevant leaves out suites whose target is not in the build: those with the target of
// another suite, which says the same, and, if that is certain, all of them as soon as the
// target of another suite is in it.
func (q *inquiry) keepRelevant() {
	used := func(a *adviser) bool { return len(a.check.Uses) > 0 }
	found := slices.ContainsFunc(q.advisers, used)
	kept := slices.Clone(q.advisers)
	kept = slices.DeleteFunc(kept, func(a *adviser) bool { return !used(a) && found && a.check.Affected == matrix.AffectedFalse })
	answered := make(map[string]bool) // targets
	for _, a := range kept {
		answered[a.check.Target] = answered[a.check.Target] || used(a)
	}
	q.advisers = slices.DeleteFunc(kept, func(a *adviser) bool {
		again := !used(a) && answered[a.check.Target]
		answered[a.check.Target] = true
		return again
	})
}

// checks returns the answers, with positions that tools for a repository expect.
func (q *inquiry) checks() (all report.Checks) {
	for _, a := range q.advisers {
		a.place()
		all = append(all, a.check)
	}
	return all
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
