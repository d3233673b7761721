package reach

import (
	"cmp"
	"context"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A graph has the functions that run, and how they come to run. It begins with the
// calls that variable type analysis finds, as govulncheck does. That analysis does not
// see values that pass through reflection, unsafe code or functions without Go code. So
// two kinds of weaker steps follow: from a function to another one whose value it
// takes, and from a call through an interface to which no value seems to flow, to what
// the explorer found for it.
type graph struct {
	explorer *explorer
	calls    *callgraph.Graph // nil if the explorer's answer is enough, or nothing better can be had
	matters  func(*ssa.Function) bool
	first    map[*ssa.Function]step          // how a function is reached, by calls alone where that is possible
	into     map[*ssa.Function][]step        // all ways into the functions that matter
	order    []*ssa.Function                 // all functions that run, as they were reached
	rank     map[*ssa.Function]int           // index in order
	running  map[*types.Func][]*ssa.Function // of order, by what they are or wrap
	names    map[*ssa.Function]string
}

// A step is a way from one function to another.
type step struct {
	from *ssa.Function // nil for an entry point
	at   token.Pos     // of the call, or of what takes the function's value
	to   *ssa.Function
}

// follow finds the functions that run. Values that come from outside of a library are
// not known, so for libraries the explorer's answer has to do.
func (p *program) follow(ctx context.Context, q Question) error {
	q.Progress("looking for functions that may run")
	p.needed = p.neededBy(q)
	var converted []types.Type
	if p.library {
		converted = p.receivers()
	}
	g := &graph{
		explorer: explore(p.ssa, p.entries, converted), matters: p.matters,
		first: map[*ssa.Function]step{}, into: map[*ssa.Function][]step{}, rank: map[*ssa.Function]int{},
		running: map[*types.Func][]*ssa.Function{}, names: map[*ssa.Function]string{},
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !p.library && p.mayRun(g.explorer) {
		q.Progress("following the calls of " + text.Count(len(g.explorer.reached), "function"))
		g.calls = vta.CallGraph(g.explorer.reached, g.explorer.graph())
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	g.walk(p.entries)
	p.graph = g
	return nil
}

// mayRun reports whether some needed API may run at all.
func (p *program) mayRun(e *explorer) bool {
	for f := range e.reached {
		if p.needed[objectOf(f)] {
			return true
		}
	}
	return false
}

// matters reports whether the answer depends on who calls a function.
func (p *program) matters(f *ssa.Function) bool {
	object := objectOf(f)
	return object != nil && (p.needed[object] || blindSpot(object) != "")
}

// objectOf returns the function or method that an SSA function is, or that it wraps; nil
// for a function literal.
func objectOf(f *ssa.Function) *types.Func {
	object, ok := f.Object().(*types.Func)
	if !ok {
		return nil
	}
	return object.Origin()
}

// walk goes from the entries to all functions that run, as far as calls go before each
// weaker step.
func (g *graph) walk(entries []*ssa.Function) {
	for _, f := range entries {
		g.take(step{to: f})
	}
	for calls, weaker := 0, 0; weaker < len(g.order); {
		if calls < len(g.order) {
			g.takeAll(g.callsOf(g.order[calls]))
			calls++
			continue
		}
		g.takeAll(g.weakerOf(g.order[weaker]))
		weaker++
	}
}

// take notes a step.
func (g *graph) take(s step) {
	if _, again := g.first[s.to]; !again {
		g.first[s.to] = s
		g.rank[s.to] = len(g.order)
		g.order = append(g.order, s.to)
		if object := objectOf(s.to); object != nil {
			g.running[object] = append(g.running[object], s.to)
		}
	}
	if s.from != nil && g.matters(s.to) {
		g.into[s.to] = append(g.into[s.to], s)
	}
}

// takeAll notes steps in a stable order.
func (g *graph) takeAll(steps []step) {
	slices.SortFunc(steps, func(a, b step) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Compare(g.name(a.to), g.name(b.to))
	})
	for _, s := range steps {
		g.take(s)
	}
}

// name returns the full name of a function.
func (g *graph) name(f *ssa.Function) string {
	name, known := g.names[f]
	if !known {
		name = f.String()
		g.names[f] = name
	}
	return name
}

// callsOf returns the steps from a function to those that it calls.
func (g *graph) callsOf(f *ssa.Function) (steps []step) {
	if g.calls == nil {
		for site := range sitesOf(f) {
			if callee := site.Common().StaticCallee(); callee != nil {
				steps = append(steps, step{f, site.Pos(), callee})
			} else if site.Common().IsInvoke() {
				steps = append(steps, g.explored(f, site)...)
			}
		}
		return steps
	}
	if node := g.calls.Nodes[f]; node != nil {
		for _, e := range node.Out {
			steps = append(steps, step{f, e.Site.Pos(), e.Callee.Func})
		}
	}
	return steps
}

// explored returns the steps of a call through an interface that the explorer found.
func (g *graph) explored(f *ssa.Function, site ssa.CallInstruction) (steps []step) {
	for _, callee := range g.explorer.site(site.Common()).callees {
		steps = append(steps, step{f, site.Pos(), callee})
	}
	return steps
}

// weakerOf returns the steps from a function to those whose value it takes, and by calls
// that seem to call nothing.
func (g *graph) weakerOf(f *ssa.Function) (steps []step) {
	for taken := range valuesIn(f) {
		steps = append(steps, step{f, taken.at, taken.function})
	}
	if g.calls == nil || g.calls.Nodes[f] == nil {
		return steps
	}
	resolved := map[ssa.CallInstruction]bool{}
	for _, e := range g.calls.Nodes[f].Out {
		resolved[e.Site] = true
	}
	for site := range sitesOf(f) {
		if site.Common().IsInvoke() && !resolved[site] {
			steps = append(steps, g.explored(f, site)...)
		}
	}
	return steps
}

// A taking is a place where a function's value is taken, rather than called.
type taking struct {
	at       token.Pos
	function *ssa.Function
}

// valuesIn returns the functions whose values a function takes.
func valuesIn(f *ssa.Function) iter.Seq[taking] {
	return func(yield func(taking) bool) {
		var buffer [10]*ssa.Value
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				for _, operand := range i.Operands(buffer[:0]) {
					if used, ok := (*operand).(*ssa.Function); ok && !isCallee(i, used) && !yield(taking{positionOf(i), used}) {
						return
					}
				}
			}
		}
	}
}

// positionOf returns the position of an instruction, or of the first one that uses its
// value.
func positionOf(i ssa.Instruction) token.Pos {
	if value, ok := i.(ssa.Value); ok && !i.Pos().IsValid() && value.Referrers() != nil {
		for _, user := range *value.Referrers() {
			if user.Pos().IsValid() {
				return user.Pos()
			}
		}
	}
	return i.Pos()
}

// isCallee reports whether an instruction calls a function, rather than taking its value.
// It may do both.
func isCallee(i ssa.Instruction, f *ssa.Function) bool {
	call, ok := i.(ssa.CallInstruction)
	return ok && call.Common().StaticCallee() == f && !slices.Contains(call.Common().Args, ssa.Value(f))
}

// sitesOf returns the calls in a function, with those of its go and defer statements.
func sitesOf(f *ssa.Function) iter.Seq[ssa.CallInstruction] {
	return func(yield func(ssa.CallInstruction) bool) {
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				if site, ok := i.(ssa.CallInstruction); ok && !yield(site) {
					return
				}
			}
		}
	}
}
