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
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// A codebase is what the packages of a reproduction import, as far as that tells
// which of them are one program.
type codebase struct {
	module  string   // below which its own packages are imported
	named   bool     // by matrix.yaml or a go.mod
	others  []string // modules whose paths lie below that
	first   map[string]file
	imports []imported
	broken  bool // there is a file whose imports cannot be read: the compiler will tell
}

// A file is one of the reproduction's, with the line of its package clause.
type file struct {
	name string
	line int
}

// An imported is one import, by a file of the package in a folder.
type imported struct {
	file
	folder, path string
}

// newCodebase begins with the modules. The go.mod is the reproduction's own, or
// nil.
func newCodebase(spec *matrix.Spec, gomod *modfile.File) *codebase {
	c := &codebase{module: spec.ReproductionModule(), named: spec.Module != "", first: map[string]file{}}
	others := []string{spec.Target.Module}
	if gomod != nil && gomod.Module != nil {
		c.module, c.named = gomod.Module.Mod.Path, true
		for _, r := range gomod.Require {
			others = append(others, r.Mod.Path)
		}
	}
	for _, other := range others {
		if other != c.module && below(other, c.module) {
			c.others = append(c.others, other)
		}
	}
	return c
}

// add reads the imports of a file, whose name is that in messages, in a folder of
// the reproduction.
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

// own returns the folder that an import of the reproduction's own is in.
func (c *codebase) own(target string) (folder string, ok bool) {
	of := func(other string) bool { return below(target, other) }
	if !below(target, c.module) || slices.ContainsFunc(c.others, of) {
		return "", false
	}
	return path.Clean(strings.TrimPrefix(strings.TrimPrefix(target, c.module), "/")), true
}

// check notes imports that lead nowhere, and packages that nothing leads to:
// what is no part of the program must not be part of its digest.
func (c *codebase) check(problems *matrix.Problems) {
	reached := []string{"."}
	leads := map[string][]string{}
	for _, i := range c.imports {
		folder, ok := c.own(i.path)
		if !ok {
			continue
		}
		if _, there := c.first[folder]; !there {
			problems.Add(i.name, i.line, "imports %s, and the reproduction has no folder %s with Go files: one that is a symbolic link, or is called testdata or vendor, is none", i.path, folder)
		}
		leads[i.folder] = append(leads[i.folder], folder)
	}
	for i := 0; i < len(reached); i++ {
		for _, folder := range leads[reached[i]] {
			if !slices.Contains(reached, folder) {
				reached = append(reached, folder)
			}
		}
	}
	for folder, at := range c.first {
		if taken(folder) {
			problems.Add(at.name, at.line, "the folder %s has a name that whoever repeats a cell by hand needs for something else: rename it", folder)
		}
		if !c.broken && !slices.Contains(reached, folder) {
			problems.Add(at.name, at.line, "package main does not import %s, nor does what it imports: %s", path.Join(c.module, folder), c.advice(folder))
		}
	}
}

// taken reports whether a folder has the name of something that show -o, or a
// line that it prints, puts beside the reproduction.
func taken(folder string) bool {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Contains([]string{"repro", "repro-server", "served", "server"}, first) || module.CanonicalVersion(first) == first
}

// advice says what to do about a package that nothing leads to. Where something
// is imported whose path ends as the folder's does, it is the module that has
// another path.
func (c *codebase) advice(folder string) string {
	for _, i := range c.imports {
		prefix, ok := strings.CutSuffix(i.path, "/"+folder)
		if ok && !c.named && prefix != c.module {
			return i.name + " imports " + i.path + ", so name the module in " + FileName + ": \"reproduction: {folder: ..., module: " + prefix + "}\""
		}
	}
	return "remove it, or import it by that path"
}

// below reports whether an import path is that of a module or of a package in
// it, as far as the path tells.
func below(target, module string) bool {
	return target == module || strings.HasPrefix(target, module+"/")
}
