package testfiles

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Test is a test function.
type Test struct {
	Name string // such as TestParse
	File string // slash-separated path in the module
	Line int
}

// Package returns the folder of the test's package in the module.
func (t Test) Package() string { return path.Dir(t.File) }

// testsIn returns the tests in the folder of a package, in the order of files and lines.
// Build tags do not count: they can differ by row.
func testsIn(files fs.FS, folder string, found map[string]bool) ([]Test, error) {
	var names []string
	for name := range found {
		if path.Dir(name) == folder && strings.HasSuffix(name, "_test.go") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var tests []Test
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		tests = append(tests, parseTests(name, data)...)
	}
	return tests, nil
}

// parseTests returns the tests of a file. If it cannot be parsed, these are the ones that
// can be: the compiler will report the rest.
func parseTests(name string, data []byte) (tests []Test) {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", data, parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && f.Recv == nil && IsTest(f.Name.Name) && len(f.Type.Params.List) == 1 && f.Name.Name != "TestMain" {
			tests = append(tests, Test{Name: f.Name.Name, File: name, Line: fset.Position(f.Pos()).Line})
		}
	}
	return tests
}

// IsTest reports whether a function has the name of a test: "go help testfunc" says what
// may follow Test.
func IsTest(name string) bool {
	rest, ok := strings.CutPrefix(name, "Test")
	first, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(first))
}

// imports returns the import paths of a Go file, as far as it can be parsed.
func imports(data []byte) (paths []string) {
	file, _ := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly|parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	for _, s := range file.Imports {
		if target, err := strconv.Unquote(s.Path.Value); err == nil {
			paths = append(paths, target)
		}
	}
	return paths
}

// embeds returns the patterns of the embed directives of a Go file. A line in a string
// that looks like one counts too, and can only add a file.
func embeds(data []byte) []string { return matrix.EmbedPatterns(strings.Split(string(data), "\n")) }

// stringsIn returns the strings in a Go file, and the paths that Join makes of several: of those
// before the first that is no constant in the call.
func stringsIn(data []byte) (all []string) {
	file, _ := parser.ParseFile(token.NewFileSet(), "", data, parser.SkipObjectResolution)
	if file == nil {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := constant(n); ok {
				all = append(all, text)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Join" {
				all = append(all, joined(n.Args))
			}
		}
		return true
	})
	return all
}

// joined joins the arguments before the first that is no constant. What that is, is left open.
func joined(args []ast.Expr) string {
	var parts []string
	for _, arg := range args {
		text, ok := constant(arg)
		if !ok {
			break
		}
		parts = append(parts, text)
	}
	return path.Join(parts...)
}

// constant returns the text of an expression that is a string, or some with + between them.
func constant(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.ParenExpr:
		return constant(e.X)
	case *ast.BinaryExpr:
		left, ok := constant(e.X)
		right, both := constant(e.Y)
		return left + right, ok && both && e.Op == token.ADD
	}
	return "", false
}
