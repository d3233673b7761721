// Package reach finds out which scenarios of a suite a program can get to. A scenario
// names what a program must call to get there; see matrix.Need. The package looks for
// those calls in the code that is built for the program: its own, that of all modules
// it uses, and the standard library.
//
// It does as little as an answer takes:
//
//	load      which packages are built, and which of them import the target
//	names     which needed names occur in their files at all
//	outline   whether code that calls methods by other names may get a value of the target
//	build     the functions of the program, in SSA form
//	explore   which functions may run, by the types that are converted to interfaces
//	graph     which functions run, by the types that flow to each call
//	answer    what of that a scenario needs
//
// A scenario is not reached if a name that it needs occurs nowhere, or if no path of
// calls from an entry point leads to it. Entry points are the main and init functions
// of main packages, or the exported API of packages that are made to be imported. The
// analysis errs on the side of reached: a call through an interface may go to every
// type that flows there, and a function whose value is taken may be called.
//
// What static analysis cannot see makes the answer unknown, where it can be noticed: a
// package that does not load, a plugin, a linkname directive to the target, a method
// that is looked up by its name, a template or an RPC server that may get a value with the
// method; see handed. What cannot be noticed is as with govulncheck: methods
// of the target that a module which does not import it calls through reflection by a
// name that no file has, and types that unsafe code makes of others. Tests are not part
// of a program.
package reach

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Question says which program is to be looked at, and what for.
type Question struct {
	Dir       string            // folder in which the go command runs for the program
	Cwd       string            // folder to which positions are relative; empty for Dir
	Roots     []string          // folders of the main modules; empty for that of Dir
	Env       []string          // KEY=VALUE pairs that override the user's environment
	Targets   []string          // import paths of the target's own folder in the build, for each copy of it
	Scenarios []matrix.Scenario // those without needs are left out
	Limit     Limit
	Progress  func(step string) // called before each step, with what is being done; may be nil
}

// An Answer says what the program reaches.
type Answer struct {
	Reach map[string][]matrix.Reach // by target, in the order of the scenarios
	Scope matrix.Scope
}

// Find answers a question. An error means that ctx was cancelled. Everything else that
// keeps it from an answer makes the scenarios unknown, with the reason.
func Find(ctx context.Context, q Question) (*Answer, error) {
	q.Scenarios = slices.DeleteFunc(slices.Clone(q.Scenarios), func(s matrix.Scenario) bool { return len(s.Needs) == 0 })
	if q.Progress == nil {
		q.Progress = func(string) {}
	}
	if q.Dir == "" {
		return q.unknown("there is no folder in which the go command could load the program's packages"), nil
	}
	answer, err := limited(ctx, q.Limit, func(ctx context.Context) (*Answer, error) { return find(ctx, q) })
	var cut *cutError
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, &cut):
		return q.unknown("not looked at: " + cut.Error()), nil
	case err != nil:
		return q.unknown(text.Line(err.Error())), nil
	}
	return answer, nil
}

// unknown returns the answer that nothing was found out, with the reason.
func (q Question) unknown(why string) *Answer {
	a := &Answer{Reach: map[string][]matrix.Reach{}, Scope: matrix.Scope{Unknown: why}}
	for _, target := range q.Targets {
		for _, s := range q.Scenarios {
			a.Reach[target] = append(a.Reach[target], unknown(s, why))
		}
	}
	return a
}

// unknown returns the reach of a scenario that could not be found out.
func unknown(s matrix.Scenario, why string) matrix.Reach {
	return matrix.Reach{Scenario: s.Name, State: matrix.ReachUnknown, Calls: []matrix.Call{}, Missing: []string{}, Why: why}
}

// find answers a question without regard to the limit of memory and time.
func find(ctx context.Context, q Question) (*Answer, error) {
	q.Progress("listing the program's packages")
	l := newListing(ctx, q)
	defer l.close()
	if err := l.list(q); err != nil {
		return nil, err
	}
	answer := &Answer{Reach: map[string][]matrix.Reach{}, Scope: l.scope()}
	q.Progress(fmt.Sprintf("searching %s for names of the target's API", text.Count(answer.Scope.Packages, "package")))
	named, err := l.search(q)
	if err != nil {
		return nil, err
	}
	unhanded := sync.OnceValues(func() (func(string, matrix.Need) bool, error) { return l.unhanded(ctx, q, named) })
	open := false // a question that names do not answer
	for _, target := range q.Targets {
		for _, s := range q.Scenarios {
			r, err := l.byNames(target, s, named, unhanded)
			if err != nil {
				return nil, err
			}
			open = open || r == nil
			answer.Reach[target] = append(answer.Reach[target], nonNil(r, s))
		}
	}
	if !open {
		return answer, nil
	}
	p, err := l.build(ctx, q, named, nil)
	if err != nil {
		return nil, err
	}
	p.findEntries()
	if err := p.follow(ctx, q); err != nil {
		return nil, err
	}
	for _, target := range q.Targets {
		for i, s := range q.Scenarios {
			if r := &answer.Reach[target][i]; r.State == "" {
				*r = p.answer(target, s)
			}
		}
	}
	return answer, nil
}

// nonNil returns the reach, or one without a state if there is none yet.
func nonNil(r *matrix.Reach, s matrix.Scenario) matrix.Reach {
	if r == nil {
		return matrix.Reach{Scenario: s.Name}
	}
	return *r
}

// below reports whether a package is the one at path, or in a folder below it.
func below(pkg, path string) bool { return pkg == path || strings.HasPrefix(pkg, path+"/") }
