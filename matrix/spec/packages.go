package spec

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// A codebase holds the imports of a reproduction. They show which of its
// packages belong to its program.
type codebase struct {
	module  string   // the reproduction's module path
	named   bool     // matrix.yaml or a go.mod gives the module path
	others  []string // paths of the other modules
	first   map[string]file
	imports []imported
	broken  bool // the imports of some file cannot be parsed: the compiler will report it
}

// A file is a Go file of the reproduction and the line of its package clause.
type file struct {
	name string
	line int
}

// An imported is an import declaration in a file of the package in folder.
type imported struct {
	file
	folder, path string
}

// newCodebase returns a codebase without files. The own go.mod of the
// reproduction is nil if it has none.
func newCodebase(spec *matrix.Spec, own *modfile.File) *codebase {
	c := &codebase{module: spec.ReproductionModule(), named: spec.Module != "", others: spec.Target.Paths(), first: map[string]file{}}
	if own != nil {
		c.module, c.named = own.Module.Mod.Path, true
		for _, r := range own.Require {
			c.others = append(c.others, r.Mod.Path)
		}
	}
	return c
}

// add parses the imports of a file. The name is what messages call the file; the
// folder is relative to the reproduction.
func (c *codebase) add(name, folder string, data []byte) {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, "", data, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		c.broken = true
	}
	if syntax == nil {
		return
	}
	line := func(n ast.Node) int { return fset.Position(n.Pos()).Line }
	if _, ok := c.first[folder]; !ok {
		c.first[folder] = file{name, line(syntax.Name)}
	}
	for _, s := range syntax.Imports {
		if target, err := strconv.Unquote(s.Path.Value); err == nil {
			c.imports = append(c.imports, imported{file{name, line(s)}, folder, target})
		}
	}
}

// own returns the folder of a package that the reproduction imports from its own
// module.
func (c *codebase) own(target string) (folder string, ok bool) {
	if !gomod.In(c.module, c.others, target) {
		return "", false
	}
	return path.Clean(strings.TrimPrefix(strings.TrimPrefix(target, c.module), "/")), true
}

// check reports imports of packages that do not exist, and packages that the
// program does not import: their files are part of the digest, and must not
// change it without changing the program.
func (c *codebase) check(problems *matrix.Problems) {
	reached := []string{"."}
	imports := map[string][]string{}
	for _, i := range c.imports {
		folder, ok := c.own(i.path)
		if !ok {
			continue
		}
		if _, exists := c.first[folder]; !exists {
			problems.Add(i.name, i.line, "imports %s, but the reproduction has no folder %s with Go files (symbolic links to folders and folders called testdata or vendor do not count)", i.path, folder)
		}
		imports[i.folder] = append(imports[i.folder], folder)
	}
	for i := 0; i < len(reached); i++ {
		for _, folder := range imports[reached[i]] {
			if !slices.Contains(reached, folder) {
				reached = append(reached, folder)
			}
		}
	}
	for folder, at := range c.first {
		if matrix.Reserved(folder) {
			problems.Add(at.name, at.line, "repeating a cell by hand needs the name of the folder %s for something else: rename the folder", folder)
		}
		if !c.broken && !slices.Contains(reached, folder) {
			problems.Add(at.name, at.line, "package main does not import %s, directly or indirectly: %s", path.Join(c.module, folder), c.advice(folder))
		}
	}
}

// advice says what to do about a package that the program does not import. An
// import with another prefix and the folder's path after it suggests that the
// module's name is missing.
func (c *codebase) advice(folder string) string {
	for _, i := range c.imports {
		prefix, ok := strings.CutSuffix(i.path, "/"+folder)
		if ok && !c.named && prefix != c.module {
			return i.name + " imports " + i.path + ", so name the module in " + FileName + ": \"reproduction: {folder: ..., module: " + prefix + "}\""
		}
	}
	return "remove it, or import it by that path"
}
