package reach

import (
	"go/types"

	"github.com/matrixrun/matrixrun/matrix"
)

// objects returns what an API of a target is in the program: a function, a method, or
// for the method of an interface, that method and those of all types of the target
// that implement it. It is empty if the program is built without the package, or if the
// package has no such API.
func (p *program) objects(target string, api matrix.API) []*types.Func {
	key := place{target, api}
	if _, known := p.known[key]; !known {
		p.known[key] = p.find(target, api)
	}
	return p.known[key]
}

// A place is an API of a copy of the target.
type place struct {
	target string
	api    matrix.API
}

// find returns the objects of an API.
func (p *program) find(target string, api matrix.API) []*types.Func {
	pkg := p.byPath[packagePath(target, api)]
	if pkg == nil {
		return nil
	}
	if api.Type == "" {
		if f, ok := pkg.Types.Scope().Lookup(api.Name).(*types.Func); ok {
			return []*types.Func{f}
		}
		return nil
	}
	name, ok := pkg.Types.Scope().Lookup(api.Type).(*types.TypeName)
	if !ok {
		return nil
	}
	found := methodOf(name.Type(), api.Name)
	if face, ok := name.Type().Underlying().(*types.Interface); ok && len(found) > 0 {
		for _, t := range p.typesBelow(target) {
			if types.Implements(types.NewPointer(t), face) {
				found = append(found, methodOf(t, api.Name)...)
			}
		}
	}
	return found
}

// methodOf returns the method of a type or of a pointer to it, which may be that of an
// embedded one.
func methodOf(t types.Type, name string) []*types.Func {
	object, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	if f, ok := object.(*types.Func); ok {
		return []*types.Func{f.Origin()}
	}
	return nil
}

// typesBelow returns the types that the target's packages declare, other than
// interfaces.
func (p *program) typesBelow(target string) (all []types.Type) {
	for path, pkg := range p.byPath {
		if !below(path, target) {
			continue
		}
		scope := pkg.Types.Scope()
		for _, name := range scope.Names() {
			named, ok := scope.Lookup(name).(*types.TypeName)
			if ok && !named.IsAlias() && !types.IsInterface(named.Type()) {
				all = append(all, named.Type())
			}
		}
	}
	return all
}

// neededBy returns all functions and methods that some scenario needs.
func (p *program) neededBy(q Question) map[*types.Func]bool {
	needed := map[*types.Func]bool{}
	for _, target := range q.Targets {
		for _, s := range q.Scenarios {
			for _, api := range apis(s.Needs) {
				for _, f := range p.objects(target, api) {
					needed[f] = true
				}
			}
		}
	}
	return needed
}

// receivers returns the types that have the needed methods. Code that uses a library may
// hand it values of them.
func (p *program) receivers() (all []types.Type) {
	for f := range p.needed {
		if recv := f.Signature().Recv(); recv != nil {
			all = append(all, recv.Type())
		}
	}
	return all
}
