package reach

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// An explorer finds every function that may run, by rapid type analysis: it follows
// static calls, takes every function whose value is used anywhere for called, and
// every method for called through an interface whose type is converted to some
// interface. It needs no flow of values, so it also holds for values that pass through
// reflection, unsafe code, or functions without Go code.
//
// What reflection can take out of a converted value counts as converted too: its
// fields, elements, and pointers to them.
type explorer struct {
	program *ssa.Program
	reached map[*ssa.Function]bool
	queue   []*ssa.Function
	types   typeutil.Map                // converted types; the values are not used
	methods map[string][]method         // of the converted types, by name
	sites   map[string][]*interfaceCall // calls through interfaces, by the method's name
	known   map[*types.Func][]*interfaceCall
}

// A method is one of a converted type. Its function is made when it may run.
type method struct {
	of        types.Type
	selection *types.Selection
}

// An interfaceCall is a method of an interface that is called somewhere, with the
// methods that may run then.
type interfaceCall struct {
	face    types.Type
	method  *types.Func
	callees []*ssa.Function
}

// explore finds the functions that may run if the entries do.
func explore(program *ssa.Program, entries []*ssa.Function, converted []types.Type) *explorer {
	e := &explorer{
		program: program, reached: map[*ssa.Function]bool{},
		methods: map[string][]method{}, sites: map[string][]*interfaceCall{}, known: map[*types.Func][]*interfaceCall{},
	}
	for _, t := range converted {
		e.convert(t)
	}
	for _, f := range entries {
		e.add(f)
	}
	for len(e.queue) > 0 {
		f := e.queue[len(e.queue)-1]
		e.queue = e.queue[:len(e.queue)-1]
		e.visit(f)
	}
	return e
}

// add notes that a function may run.
func (e *explorer) add(f *ssa.Function) {
	if f != nil && !e.reached[f] {
		e.reached[f] = true
		e.queue = append(e.queue, f)
	}
}

// visit follows what a function does.
func (e *explorer) visit(f *ssa.Function) {
	var buffer [10]*ssa.Value
	for _, block := range f.Blocks {
		for _, instruction := range block.Instrs {
			for _, operand := range instruction.Operands(buffer[:0]) {
				if used, ok := (*operand).(*ssa.Function); ok {
					e.add(used)
				}
			}
			switch i := instruction.(type) {
			case *ssa.MakeInterface:
				e.convert(i.X.Type())
			case ssa.CallInstruction:
				if call := i.Common(); call.IsInvoke() {
					e.site(call)
				}
			}
		}
	}
}

// site notes a call through an interface, and returns what it may call.
func (e *explorer) site(call *ssa.CallCommon) *interfaceCall {
	face := call.Value.Type()
	for _, known := range e.known[call.Method] {
		if types.Identical(known.face, face) {
			return known
		}
	}
	s := &interfaceCall{face: face, method: call.Method}
	e.known[call.Method] = append(e.known[call.Method], s)
	name := call.Method.Name()
	e.sites[name] = append(e.sites[name], s)
	for _, m := range e.methods[name] {
		e.match(s, m)
	}
	return s
}

// match adds a method to what a call may run, if its type implements the interface. A
// type parameter stands for its constraint.
func (e *explorer) match(s *interfaceCall, m method) {
	face, ok := s.face.Underlying().(*types.Interface)
	if ok && (types.Implements(m.of, face) || isTypeParam(s.face)) {
		if f := e.program.MethodValue(m.selection); f != nil {
			s.callees = append(s.callees, f)
			e.add(f)
		}
	}
}

func isTypeParam(t types.Type) bool {
	_, is := types.Unalias(t).(*types.TypeParam)
	return is
}

// convert notes that values of a type may be in an interface.
func (e *explorer) convert(t types.Type) {
	if e.types.At(t) != nil {
		return
	}
	e.types.Set(t, true)
	if !types.IsInterface(t) && !isTypeParam(t) {
		set := e.program.MethodSets.MethodSet(t)
		for selection := range set.Methods() {
			name := selection.Obj().Name()
			m := method{t, selection}
			e.methods[name] = append(e.methods[name], m)
			for _, s := range e.sites[name] {
				e.match(s, m)
			}
		}
	}
	for _, part := range parts(t) {
		e.convert(part)
	}
}

// parts returns the types of what reflection can take out of a value.
func parts(t types.Type) []types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return []types.Type{types.NewPointer(t), t.Underlying()}
	case *types.Pointer:
		return []types.Type{t.Elem()}
	case *types.Slice:
		return []types.Type{t.Elem(), types.NewPointer(t.Elem())}
	case *types.Array:
		return []types.Type{t.Elem(), types.NewPointer(t.Elem())}
	case *types.Chan:
		return []types.Type{t.Elem()}
	case *types.Map:
		return []types.Type{t.Key(), t.Elem()}
	case *types.Struct:
		var all []types.Type
		for field := range t.Fields() {
			all = append(all, field.Type(), types.NewPointer(field.Type()))
		}
		return all
	case *types.Signature:
		return []types.Type{t.Params(), t.Results()} // of a function that reflection calls
	case *types.Tuple:
		var all []types.Type
		for v := range t.Variables() {
			all = append(all, v.Type())
		}
		return all
	}
	return nil
}
