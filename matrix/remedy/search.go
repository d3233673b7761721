package remedy

import (
	"context"
	"slices"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A group is the releases of one module path that leak less than what is built.
type group struct {
	all    []*Plan // by their distance from what is built
	stairs []*Plan // those that leak less than all nearer ones; the first is the smallest step, the last leaks least
}

// extend looks for a smaller step and for a better release among those of a group, if
// the ones that are offered do not compile. It adds what it finds to the answer.
func (s *session) extend(ctx context.Context, a *Answer, g group) error {
	if s.doubt != "" {
		return nil // nothing can be shown
	}
	smallest := g.stairs[0]
	found, err := s.smallest(ctx, g)
	if err != nil {
		return err
	}
	if found == nil {
		a.noteFailed(g)
		return nil
	}
	if found != smallest {
		smallest.Fix.Smallest, found.Fix.Smallest = false, true
		a.add(found)
	}
	best := g.stairs[len(g.stairs)-1]
	for i := len(g.stairs) - 1; i > 0; i-- {
		p := g.stairs[i]
		if p.left >= found.left {
			break
		}
		if err := s.try(ctx, p); err != nil {
			return err
		}
		if p.Fix.Tried.Unknown {
			return nil
		}
		if p.Fix.Tried.OK {
			best.Fix.Best, p.Fix.Best = false, true
			a.add(p)
			return nil
		}
	}
	best.Fix.Best, found.Fix.Best = false, true
	return nil
}

// noteFailed says which releases of a group were tried, if all of them failed.
func (a *Answer) noteFailed(g group) {
	var names []string
	for _, p := range g.all {
		if t := p.Fix.Tried; t != nil {
			if t.Unknown {
				return
			}
			names = append(names, p.version)
		}
	}
	a.note("no release that %s was found with which the program and its other modules compile as they are (tried: %s)", a.finder.leak().Less(), text.List(names))
}

// add adds a plan to the answer, unless it is there.
func (a *Answer) add(p *Plan) {
	if !slices.Contains(a.Plans, p) {
		a.Plans = append(a.Plans, p)
	}
}

// smallest returns the nearest release of a group that compiles, nil if there is none or
// if that cannot be found out. It tries releases in steps that double, and then halves
// the last step. So it assumes that a release which does not compile, between two that do
// not, has no neighbour that does. The attempt names the releases that were not tried.
func (s *session) smallest(ctx context.Context, g group) (*Plan, error) {
	from := slices.Index(g.all, g.stairs[0])
	at := func(i int) (ok, known bool, err error) {
		err = s.try(ctx, g.all[i])
		if err != nil {
			return false, false, err
		}
		return g.all[i].Fix.Tried.OK, !g.all[i].Fix.Tried.Unknown, nil
	}
	failed, works := from-1, -1
	for i, step := from, 1; works < 0; step *= 2 {
		ok, known, err := at(i)
		if err != nil || !known {
			return nil, err
		}
		if ok {
			works = i
			break
		}
		if failed = i; i == len(g.all)-1 {
			return nil, nil
		}
		i = min(i+step, len(g.all)-1)
	}
	for works-failed > 1 {
		middle := (failed + works) / 2
		ok, known, err := at(middle)
		switch {
		case err != nil:
			return nil, err
		case !known:
			failed = middle // as if it did not compile: the one that does is known
		case ok:
			works = middle
		default:
			failed = middle
		}
	}
	g.tellUntried(from, works)
	return g.all[works], nil
}

// tellUntried adds the nearer releases that were not tried to what an attempt reports.
func (g group) tellUntried(from, to int) {
	var names []string
	for _, p := range g.all[from:to] {
		if p.Fix.Tried == nil {
			names = append(names, p.version)
		}
	}
	if len(names) > 0 {
		g.all[to].Fix.Tried.Notes = append(g.all[to].Fix.Tried.Notes, "nearer releases that were not tried: "+text.List(names))
	}
}
