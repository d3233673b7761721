package reach

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/matrixrun/matrixrun/matrix"
)

// unhanded returns a function that reports whether no code of the program puts a value,
// from which a needed method can be called by its name, into an interface. Only packages
// that import a target can do that, and generic functions that they call. So it takes no
// more of all others than their declarations, and a fraction of the memory.
func (l *listing) unhanded(ctx context.Context, q Question, named *names) (func(target string, need matrix.Need) bool, error) {
	outlined := map[string]bool{}
	for _, p := range l.all {
		outlined[p.PkgPath] = l.isTarget(p.PkgPath) || !l.importsTarget(p.PkgPath)
	}
	outline := *l // build changes it
	p, err := outline.build(ctx, q, named, outlined)
	if err != nil {
		return nil, err
	}
	var functions []*ssa.Function
	for f := range ssautil.AllFunctions(p.ssa) {
		if len(f.Blocks) > 0 {
			functions = append(functions, f)
		}
	}
	return func(target string, need matrix.Need) bool { return p.handed(target, need, functions) == "" }, nil
}

// outliner returns what parses files, and leaves the functions out that are in files of
// the outlined packages.
func (l *listing) outliner(outlined map[string]bool) func(*token.FileSet, string, []byte) (*ast.File, error) {
	short := map[string]bool{}
	for _, p := range l.all {
		for _, file := range p.GoFiles {
			short[file] = outlined[p.PkgPath]
		}
	}
	return func(set *token.FileSet, name string, src []byte) (*ast.File, error) {
		const mode = parser.AllErrors | parser.ParseComments | parser.SkipObjectResolution
		file, err := parser.ParseFile(set, name, src, mode)
		if err != nil || !short[name] {
			return file, err
		}
		file.Comments = nil
		file.Decls = slices.DeleteFunc(file.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Type.TypeParams == nil && !ofGeneric(f) {
				f.Body = nil
			}
			return ok && f.Recv == nil && f.Name.Name == "init"
		})
		return file, nil
	}
}

// ofGeneric reports whether a function is a method of a generic type.
func ofGeneric(f *ast.FuncDecl) bool {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return false
	}
	generic := false
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.IndexExpr, *ast.IndexListExpr:
			generic = true
		}
		return true
	})
	return generic
}
