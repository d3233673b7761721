package reach

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/matrixrun/matrixrun/matrix"
)

// answer says whether the program gets to a scenario: whether it calls an API of each
// of its needs.
func (p *program) answer(target string, s matrix.Scenario) matrix.Reach {
	r := matrix.Reach{Scenario: s.Name, State: matrix.Reached, Calls: []matrix.Call{}, Missing: []string{}}
	why := ""
	for _, need := range s.Needs {
		if call := p.call(target, need); call != nil {
			r.Calls = append(r.Calls, *call)
			continue
		}
		r.Missing = append(r.Missing, p.label(target, need, p.names))
		if blind := p.blind(target, need); blind != "" {
			why = blind
		} else {
			r.State = matrix.NotReached
		}
	}
	// One need that is surely not met is enough.
	if len(r.Missing) > 0 && r.State != matrix.NotReached {
		r.State, r.Why = matrix.ReachUnknown, why
	}
	return r
}

// call returns the call of one of a need's APIs that says most to a user, or nil if none
// is called: in their own code rather than in a module that they use, and there rather
// than in the target; then the one that is found first.
func (p *program) call(target string, need matrix.Need) *matrix.Call {
	var call *matrix.Call
	var best *step
	for i, api := range apis([]matrix.Need{need}) {
		for _, object := range p.objects(target, api) {
			for _, f := range p.graph.running[object] {
				if call == nil {
					call = &matrix.Call{API: need[i], Path: []string{}}
				}
				for _, s := range p.graph.into[f] {
					if !p.wraps(s.from) && (best == nil || p.better(target, s, *best)) {
						best, call.API = &s, need[i]
					}
				}
			}
		}
	}
	if best != nil {
		call.From, call.Path = best.from.String(), p.path(best.from)
		call.Position, call.Module = p.where(*best)
	}
	return call
}

// wraps reports whether a function was made by the compiler to call another one. Its own
// callers say where that is done.
func (p *program) wraps(f *ssa.Function) bool {
	return f.Syntax() == nil && !(f.Pkg != nil && f == f.Pkg.Func("init"))
}

// better reports whether a step says more to a user than another one.
func (p *program) better(target string, a, b step) bool {
	return cmp.Or(
		cmp.Compare(p.distance(target, a), p.distance(target, b)),
		cmp.Compare(p.graph.rank[a.from], p.graph.rank[b.from]),
		cmp.Compare(a.at, b.at),
	) < 0
}

// distance says how far from a user's own code a step is.
func (p *program) distance(target string, s step) int {
	path := packageOf(s.from)
	switch {
	case p.own(p.file(s)):
		return 0
	case !below(path, target):
		return 1
	case path != target:
		return 2
	}
	return 3
}

// path returns the functions from an entry point to f, without those that the compiler
// made.
func (p *program) path(f *ssa.Function) []string {
	var path []string
	for f != nil {
		if !p.wraps(f) {
			path = append(path, f.String())
		}
		f = p.graph.first[f].from
	}
	slices.Reverse(path)
	return path
}

// where returns the position of a step, or that of the function that takes it if the
// compiler knows no better, and the module unless it is a main module.
func (p *program) where(s step) (at matrix.Position, module string) {
	pos := s.at
	if !pos.IsValid() {
		pos = s.from.Pos()
	}
	found := p.ssa.Fset.Position(pos)
	return p.position(p.byPath[packageOf(s.from)], found.Filename, found.Line)
}

// place returns the position of a step as text.
func (p *program) place(s step) string {
	w, _ := p.where(s)
	return fmt.Sprintf("%s:%d", w.File, w.Line)
}

// file returns the file of a step.
func (p *program) file(s step) string { return p.ssa.Fset.Position(s.from.Pos()).Filename }

// packageOf returns the import path of the package that has a function: for a function
// literal, that of the function around it, and for an instance, that of what it is an
// instance of.
func packageOf(f *ssa.Function) string {
	for f.Parent() != nil {
		f = f.Parent()
	}
	if origin := f.Origin(); origin != nil {
		f = origin
	}
	switch {
	case f.Pkg != nil:
		return f.Pkg.Pkg.Path()
	case f.Object() != nil && f.Object().Pkg() != nil:
		return f.Object().Pkg().Path()
	}
	return ""
}
