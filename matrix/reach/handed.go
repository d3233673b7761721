package reach

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/matrixrun/matrixrun/matrix"
)

// callers are packages that call methods of the values that they get. The names of the
// methods may come from anywhere: from the text of a template, or from a client.
var callers = map[string]bool{"text/template": true, "html/template": true, "net/rpc": true}

// handed returns where a value from which a template gets to a needed method is put into
// an interface, which is how callers get their values; "" if nowhere. It does not follow
// where the value goes from there. Conversions in the target do not count: it hands out
// its values in types of its own. Methods and fields that are functions count as far as
// they take no arguments.
func (p *program) handed(target string, need matrix.Need) string {
	needed := map[*types.Func]bool{}
	for _, api := range apis([]matrix.Need{need}) {
		for _, f := range p.objects(target, api) {
			needed[f] = f.Signature().Recv() != nil
		}
	}
	var seen typeutil.Map // true if a template gets to a needed method
	for _, f := range p.graph.order {
		if path := packageOf(f); below(path, target) || callers[path] {
			continue
		}
		for t, i := range conversions(f) {
			if seen.At(t) == nil {
				seen.Set(t, shows(t, needed))
			}
			if seen.At(t) == true {
				s := step{from: f, at: i.Pos()}
				name := types.TypeString(t, func(pkg *types.Package) string { return pkg.Name() })
				return fmt.Sprintf("%s puts a value of type %s into an interface", p.place(s), name)
			}
		}
	}
	return ""
}

// conversions returns the conversions to interfaces in a function, by the type of what is
// converted.
func conversions(f *ssa.Function) func(yield func(types.Type, ssa.Instruction) bool) {
	return func(yield func(types.Type, ssa.Instruction) bool) {
		for _, block := range f.Blocks {
			for _, instruction := range block.Instrs {
				var from ssa.Value
				switch i := instruction.(type) {
				case *ssa.MakeInterface:
					from = i.X
				case *ssa.ChangeInterface:
					from = i.X
				default:
					continue
				}
				if !yield(from.Type(), instruction) {
					return
				}
			}
		}
	}
}

// shows reports whether a template gets from a value of a type to one of some methods.
func shows(t types.Type, methods map[*types.Func]bool) bool {
	var seen typeutil.Map
	queue := []types.Type{t}
	if f, ok := t.Underlying().(*types.Signature); ok { // as in a FuncMap
		queue = append(queue, f.Results())
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		if seen.At(t) != nil {
			continue
		}
		seen.Set(t, true)
		for f := range methods {
			object, _, _ := types.LookupFieldOrMethod(t, true, nil, f.Name())
			if m, ok := object.(*types.Func); ok && methods[m.Origin()] {
				return true
			}
		}
		queue = append(queue, shown(t)...)
	}
	return false
}

// shown returns the types of what a template takes out of a value in one step.
func shown(t types.Type) (all []types.Type) {
	for m := range types.NewMethodSet(t).Methods() {
		if f, ok := m.Obj().(*types.Func); ok && f.Exported() {
			all = append(all, f.Type().(*types.Signature))
		}
	}
	switch t := t.Underlying().(type) {
	case *types.Struct:
		for field := range t.Fields() {
			if field.Exported() || field.Embedded() {
				all = append(all, field.Type(), types.NewPointer(field.Type()))
			}
		}
	case *types.Signature:
		if t.Params().Len() == 0 {
			all = append(all, t.Results())
		}
	default:
		all = append(all, parts(t)...)
	}
	return all
}
