package reach

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A program is the code that is built, as functions that can be followed.
type program struct {
	*listing
	names   *names
	ssa     *ssa.Program
	entries []*ssa.Function // in the order in which paths prefer them
	library bool            // some entries are called by code that is not known
	needed  map[*types.Func]bool
	known   map[place][]*types.Func
	links   []link
	exports map[*ssa.Function]bool // to what runs WebAssembly
	texts   map[string]string      // where the name of an API is a text, by the name; nil before it is asked for
	graph   *graph
}

// build type-checks the parts of the program that import a target, with everything that
// they import, and builds their functions. What does not import the target cannot call
// it, unless it is given a function or a value that does. So a main package that does
// not import it, directly or not, is left out. Packages that are outlined have declarations
// only, other than of generic functions.
func (l *listing) build(ctx context.Context, q Question, named *names, outlined map[string]bool) (*program, error) {
	tops := l.concerned()
	var patterns []string
	for _, p := range tops {
		patterns = append(patterns, p.PkgPath)
	}
	q.Progress(fmt.Sprintf("type-checking %s with all that they import", text.Count(len(tops), "package")))
	config := l.config
	config.Fset = token.NewFileSet()
	config.Mode |= packages.NeedCompiledGoFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes
	if outlined != nil {
		config.ParseFile = l.outliner(outlined)
	}
	loaded, err := packages.Load(&config, patterns...)
	if err != nil {
		return nil, l.doNotLoad(err)
	}
	p := &program{listing: l, names: named, known: map[place][]*types.Func{}, exports: map[*ssa.Function]bool{}, ssa: ssa.NewProgram(config.Fset, ssa.InstantiateGenerics)}
	if err := p.create(loaded, outlined); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.Progress("building " + text.Count(len(l.byPath), "package"))
	p.ssa.Build()
	for _, pkg := range p.byPath {
		pkg.Syntax, pkg.TypesInfo = nil, nil // half of the memory
	}
	return p, ctx.Err()
}

// concerned returns the packages with entry points that import a target.
func (l *listing) concerned() []*packages.Package {
	return slices.DeleteFunc(slices.Concat(l.mains, l.libraries), func(p *packages.Package) bool {
		for _, importers := range l.imports {
			if importers[p.PkgPath] {
				return false
			}
		}
		return true
	})
}

// create adds the packages to the program. From here on byPath has those with types.
func (p *program) create(loaded []*packages.Package, outlined map[string]bool) error {
	p.byPath = map[string]*packages.Package{}
	var full []*packages.Package // the others have imports that they do not use
	packages.Visit(loaded, nil, func(pkg *packages.Package) {
		p.byPath[pkg.PkgPath] = pkg
		if !outlined[pkg.PkgPath] {
			full = append(full, pkg)
		}
	})
	if err := p.failure(full); err != nil {
		return err
	}
	for _, pkg := range p.byPath {
		if pkg.Types == nil || pkg.IllTyped && len(outlined) == 0 {
			return fmt.Errorf("the program's packages do not load: %s has no types", pkg.PkgPath)
		}
		p.ssa.CreatePackage(pkg.Types, pkg.Syntax, pkg.TypesInfo, true)
		p.findLinks(pkg)
		p.findExports(pkg)
	}
	return nil
}

// findEntries finds the functions that run without being called by the program.
func (p *program) findEntries() {
	var inits []*ssa.Function
	add := func(list *[]*ssa.Function, f *ssa.Function) {
		if f != nil {
			*list = append(*list, f)
		}
	}
	for _, pkg := range sorted(p.mains) {
		if s := p.ssa.ImportedPackage(pkg.PkgPath); s != nil {
			add(&p.entries, s.Func("main"))
			add(&inits, s.Func("init"))
			if isEmpty(s.Func("main")) {
				p.library = true
				p.entries = append(p.entries, p.exported(s)...)
			}
		}
	}
	for _, pkg := range sorted(p.libraries) {
		if s := p.ssa.ImportedPackage(pkg.PkgPath); s != nil {
			p.library = true
			p.entries = append(p.entries, p.exported(s)...)
			add(&inits, s.Func("init"))
		}
	}
	p.entries = append(p.entries, inits...)
	p.entries = append(p.entries, p.outside()...)
}

// isEmpty reports whether a main function is missing, or does nothing, as in plugins and in
// libraries for other languages. What opens those calls their exported functions.
func isEmpty(main *ssa.Function) bool {
	return main == nil || len(main.Blocks) == 1 && len(main.Blocks[0].Instrs) == 1
}

// sorted returns packages by path.
func sorted(all []*packages.Package) []*packages.Package {
	return slices.SortedFunc(slices.Values(all), func(a, b *packages.Package) int { return cmp.Compare(a.PkgPath, b.PkgPath) })
}

// exported returns the functions and methods with exported names of a package. A method
// counts although its type is not exported: a value of it may get out.
func (p *program) exported(s *ssa.Package) (all []*ssa.Function) {
	scope := s.Pkg.Scope()
	add := func(object *types.Func) {
		if f := p.ssa.FuncValue(object); f != nil && object.Exported() {
			all = append(all, f)
		}
	}
	for _, name := range scope.Names() {
		switch object := scope.Lookup(name).(type) {
		case *types.Func:
			add(object)
		case *types.TypeName:
			named, ok := types.Unalias(object.Type()).(*types.Named)
			if !ok || named.Obj().Pkg() != s.Pkg {
				continue
			}
			for method := range named.Methods() {
				add(method)
			}
		}
	}
	return all
}

// findExports notes the functions of a package with a wasmexport directive.
func (p *program) findExports(pkg *packages.Package) {
	for _, file := range pkg.Syntax {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Doc == nil || !slices.ContainsFunc(f.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:wasmexport ") }) {
				continue
			}
			if object, ok := pkg.TypesInfo.Defs[f.Name].(*types.Func); ok {
				p.exports[p.ssa.FuncValue(object)] = true
			}
		}
	}
}

// outside returns the functions of packages that import a target which code in other
// languages calls: C through cgo, what runs WebAssembly, and assembly.
func (p *program) outside() (all []*ssa.Function) {
	for _, s := range p.ssa.AllPackages() {
		pkg := p.byPath[s.Pkg.Path()]
		if pkg == nil || !p.importsTarget(pkg.PkgPath) {
			continue
		}
		assembly := assemblyNames(pkg.OtherFiles)
		for _, name := range s.Pkg.Scope().Names() {
			f, ok := s.Members[name].(*ssa.Function)
			if ok && (strings.HasPrefix(name, "_cgoexp_") || assembly[name] || p.exports[f]) {
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b *ssa.Function) int { return cmp.Compare(a.String(), b.String()) })
	return all
}
