package reach

import (
	"go/types"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// graph returns the calls that the explorer found possible. A call of a function value
// may go to every function of that type whose value is taken somewhere.
func (e *explorer) graph() *callgraph.Graph {
	g := &callgraph.Graph{Nodes: make(map[*ssa.Function]*callgraph.Node, len(e.reached))}
	taken := e.taken()
	for f := range e.reached {
		node := g.CreateNode(f)
		for site := range sitesOf(f) {
			for _, callee := range e.callees(site, taken) {
				callgraph.AddEdge(node, site, g.CreateNode(callee))
			}
		}
	}
	return g
}

// callees returns what a call may call.
func (e *explorer) callees(site ssa.CallInstruction, taken *typeutil.Map) []*ssa.Function {
	call := site.Common()
	if callee := call.StaticCallee(); callee != nil {
		return []*ssa.Function{callee}
	}
	if call.IsInvoke() {
		return e.site(call).callees
	}
	if _, ok := call.Value.(*ssa.Builtin); ok {
		return nil
	}
	callees, _ := taken.At(call.Signature()).([]*ssa.Function)
	return callees
}

// taken returns the functions whose value is taken, by their signature without the
// receiver.
func (e *explorer) taken() *typeutil.Map {
	all := new(typeutil.Map)
	seen := map[*ssa.Function]bool{}
	for f := range e.reached {
		for taken := range valuesIn(f) {
			if seen[taken.function] {
				continue
			}
			seen[taken.function] = true
			key := types.NewSignatureType(nil, nil, nil, taken.function.Signature.Params(), taken.function.Signature.Results(), taken.function.Signature.Variadic())
			list, _ := all.At(key).([]*ssa.Function)
			all.Set(key, append(list, taken.function))
		}
	}
	return all
}
