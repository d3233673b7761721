package matrix_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// A project is the source of the module, as the rules need it.
type project struct {
	texts map[string]string   // of every file, by its path below the module's root
	code  map[string][]goFile // of every package, by its folder
	lines *token.FileSet
}

// A goFile is a file of a package.
type goFile struct {
	path    string
	test    bool
	syntax  *ast.File
	imports []string
}

// loadProject reads the module. In testdata it reads text and no packages. It skips
// hidden folders, and the failures that rapid saves.
func loadProject(root fs.FS) (*project, error) {
	p := &project{texts: map[string]string{}, code: map[string][]goFile{}, lines: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != "." && (strings.HasPrefix(e.Name(), ".") || e.Name() == "rapid"):
			return fs.SkipDir
		case !e.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		p.texts[name] = string(text)
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			return nil
		}
		return p.parse(name, text)
	})
	return p, err
}

// parse adds a Go file to its package.
func (p *project) parse(name string, text []byte) error {
	syntax, err := parser.ParseFile(p.lines, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := goFile{path: name, test: strings.HasSuffix(name, "_test.go"), syntax: syntax}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		f.imports = append(f.imports, imported)
	}
	p.code[path.Dir(name)] = append(p.code[path.Dir(name)], f)
	return nil
}

// shipped yields the Go files that are not tests, with the folder of their package.
func (p *project) shipped(yield func(dir string, f goFile) bool) {
	for dir, files := range p.code {
		for _, f := range files {
			if !f.test && !yield(dir, f) {
				return
			}
		}
	}
}

// literals yields the texts in a file, without struct tags, each with its place.
func (p *project) literals(f goFile) func(yield func(place, text string) bool) {
	return func(yield func(string, string) bool) {
		tags, more := map[ast.Node]bool{}, true
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil {
				tags[field.Tag] = true // which is visited after its field
			}
			if literal, ok := n.(*ast.BasicLit); ok && more && literal.Kind == token.STRING && !tags[literal] {
				text, err := strconv.Unquote(literal.Value)
				more = err == nil && yield(p.lines.Position(literal.Pos()).String(), text)
			}
			return more
		})
	}
}

// uses returns the names of an imported package that a file uses, each with a place
// where it does: "file:line:column".
func (p *project) uses(f goFile, imported string) map[string]string {
	local := path.Base(imported)
	for _, spec := range f.syntax.Imports {
		if spec.Path.Value == strconv.Quote(imported) && spec.Name != nil {
			local = spec.Name.Name
		}
	}
	places := map[string]string{}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == local {
				places[sel.Sel.Name] = p.lines.Position(sel.Pos()).String()
			}
		}
		return true
	})
	return places
}
