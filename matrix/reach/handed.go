package reach

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/matrixrun/matrixrun/matrix"
)

// callers are packages of the standard library that call methods of the values that they
// get. The names of the methods may come from anywhere: from the text of a template, or from
// a client.
var callers = map[string]bool{"text/template": true, "html/template": true, "net/rpc": true}

// handed returns where one of some functions puts a value, from which a template gets to a
// needed method, into an interface; "" if nowhere. Only so can code get it that calls
// methods by name. Where the value goes from there is not followed: every such code in the
// program may get it. Conversions in the target do not count: it hands out
// its values in types of its own. Methods and fields that are functions count as far as
// a template can write their arguments; see literals.
func (p *program) handed(target string, need matrix.Need, functions []*ssa.Function) string {
	needed := map[*types.Func]bool{}
	for _, api := range apis([]matrix.Need{need}) {
		for _, f := range p.objects(target, api) {
			needed[f] = f.Signature().Recv() != nil
		}
	}
	var seen typeutil.Map // true if a template gets to a needed method
	for _, f := range functions {
		if path := packageOf(f); below(path, target) || callers[path] {
			continue
		}
		for t, i := range conversions(f) {
			if seen.At(t) == nil {
				seen.Set(t, shows(t, needed))
			}
			if seen.At(t) == true && !underPrivateKey(i, functions) {
				s := step{from: f, at: i.Pos()}
				name := types.TypeString(t, func(pkg *types.Package) string { return pkg.Name() })
				return fmt.Sprintf("%s puts a value of type %s into an interface", p.place(s), name)
			}
		}
	}
	return ""
}

// underPrivateKey reports whether a converted value only goes into a context, under a key of
// an unexported type, and comes out of it as a value of one type. Servers pass their
// connections so.
func underPrivateKey(conversion ssa.Instruction, functions []*ssa.Function) bool {
	value, ok := conversion.(*ssa.MakeInterface)
	return ok && onlyFor(value, func(use ssa.Instruction) bool {
		call, ok := use.(*ssa.Call)
		if !ok || !isWithValue(call) || call.Call.Args[2] != value {
			return false
		}
		key, ok := call.Call.Args[1].(*ssa.MakeInterface)
		return ok && isPrivate(key.X.Type(), value.Parent(), functions)
	})
}

// onlyFor reports whether all uses of a value are permitted.
func onlyFor(value ssa.Value, permitted func(ssa.Instruction) bool) bool {
	for _, use := range *value.Referrers() {
		if _, debug := use.(*ssa.DebugRef); !debug && !permitted(use) {
			return false
		}
	}
	return true
}

func isWithValue(call *ssa.Call) bool {
	f := call.Call.StaticCallee()
	return f != nil && f.Pkg != nil && f.Pkg.Pkg.Path() == "context" && f.Name() == "WithValue"
}

// isPrivate reports whether a type that the package of a function declares is only used as
// the key of values that come out of a context as values of one type.
func isPrivate(key types.Type, by *ssa.Function, functions []*ssa.Function) bool {
	named, ok := key.(*types.Named)
	if !ok || named.Obj().Exported() || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != packageOf(by) {
		return false
	}
	for _, f := range functions {
		for t, i := range conversions(f) {
			if !types.Identical(t, key) {
				continue
			}
			converted, ok := i.(*ssa.MakeInterface)
			if !ok || !onlyFor(converted, func(use ssa.Instruction) bool {
				call, ok := use.(*ssa.Call)
				return ok && (isWithValue(call) && call.Call.Args[1] == converted || takesOut(call))
			}) {
				return false
			}
		}
	}
	return true
}

// takesOut reports whether a call takes a value out of a context, as one of one type.
func takesOut(call *ssa.Call) bool {
	return call.Call.IsInvoke() && call.Call.Method.FullName() == "(context.Context).Value" && onlyFor(call, func(use ssa.Instruction) bool {
		assertion, ok := use.(*ssa.TypeAssert)
		_, compares := use.(*ssa.BinOp)
		return compares || ok && !types.IsInterface(assertion.AssertedType)
	})
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
		if literals(t.Params()) {
			all = append(all, t.Results())
		}
	default:
		all = append(all, parts(t)...)
	}
	return all
}

// literals reports whether a template can write arguments for all parameters: texts,
// numbers and truth values. Values of other types would have to be in its data.
func literals(params *types.Tuple) bool {
	for p := range params.Variables() {
		t := p.Type().Underlying()
		if s, ok := t.(*types.Slice); ok { // of a variadic function
			t = s.Elem().Underlying()
		}
		face, ok := t.(*types.Interface)
		if _, basic := t.(*types.Basic); !basic && !(ok && face.Empty()) {
			return false
		}
	}
	return true
}
