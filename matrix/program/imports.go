package program

import (
	"context"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// followImports returns why a build has code that is in none of its modules, or behind a
// link, where nothing is looked at; empty if there is no such code. A go.mod that nobody
// has tidied need not require all that the program imports. It notes in each module which
// of the folders that patterns ignore have a package of the build.
//
// Like go mod tidy, it follows the imports of all files, whatever their build tags, of the
// tests of main modules, and of the tools that go.mod files name. The error is that of ctx.
func followImports(ctx context.Context, p *matrix.Program, tools []string) (why string, err error) {
	w := &importWalk{modules: make(map[string]*matrix.BuiltModule), seen: make(map[string]bool)}
	for i := range p.Modules {
		w.modules[p.Modules[i].Path] = &p.Modules[i]
	}
	for i := range p.Modules {
		if m := &p.Modules[i]; m.Main && m.Dir != "" {
			w.addMain(m)
		}
	}
	for _, tool := range tools {
		w.follow(tool, "go.mod names the tool")
	}
	for len(w.todo) > 0 && w.why == "" {
		if err := ctx.Err(); err != nil {
			return "", context.Cause(ctx)
		}
		at := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		w.visit(at)
	}
	return w.why, nil
}

// An importWalk follows imports through the modules of a build.
type importWalk struct {
	modules map[string]*matrix.BuiltModule // by path
	seen    map[string]bool                // paths of packages
	todo    []sourceFolder
	why     string
}

// A sourceFolder is the folder of a package.
type sourceFolder struct {
	path  string // of the package
	dir   string
	tests bool // its tests count
}

// addMain adds the packages of a main module: those that the pattern ./... matches.
func (w *importWalk) addMain(m *matrix.BuiltModule) {
	_ = regular.WalkDir(m.Dir, func(dir string, d os.DirEntry, err error) error {
		if err != nil {
			return filepath.SkipDir // what cannot be read cannot be compiled
		}
		if !d.IsDir() {
			return nil
		}
		if dir != m.Dir && (ignoredFolder(d.Name()) || d.Name() == "vendor" || isFile(filepath.Join(dir, "go.mod"))) {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(m.Dir, dir)
		if err != nil {
			return err
		}
		at := path.Join(m.Path, filepath.ToSlash(rel))
		w.seen[at] = true
		w.todo = append(w.todo, sourceFolder{at, dir, true})
		return nil
	})
}

// ignoredFolder reports whether patterns such as ./... do not match what is in a folder.
func ignoredFolder(name string) bool {
	return name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// visit adds the packages that a package imports.
func (w *importWalk) visit(at sourceFolder) {
	entries, err := os.ReadDir(at.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != ".go" || strings.HasSuffix(e.Name(), "_test.go") && !at.tests {
			continue
		}
		data, err := readFile(filepath.Join(at.dir, e.Name()))
		if err != nil {
			continue
		}
		for _, imported := range importsOf(data) {
			w.follow(imported, at.path+" imports")
		}
	}
}

// follow adds a package that belongs to the build, as the words before its path say. Those of
// the standard library are in no module.
func (w *importWalk) follow(imported, words string) {
	if w.seen[imported] {
		return
	}
	w.seen[imported] = true
	m := w.provider(imported)
	if m == nil {
		if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") && module.CheckImportPath(imported) == nil {
			w.why = fmt.Sprintf("%s %s, which is in none of the modules that go.mod requires: `go mod tidy` adds what is missing", words, imported)
		}
		return
	}
	rel := strings.TrimPrefix(strings.TrimPrefix(imported, m.Path), "/")
	dir := filepath.Join(m.Dir, filepath.FromSlash(rel))
	if m.Dir == "" || !isFolder(dir) {
		return
	}
	if link := linked(m.Dir, rel); link != "" {
		w.why = fmt.Sprintf("%s %s, whose folder %s is a link and is not looked at: `check` looks at a folder in its place", words, imported, link)
		return
	}
	if slices.ContainsFunc(strings.Split(rel, "/"), ignoredFolder) {
		m.Ignored = append(m.Ignored, rel)
	}
	w.todo = append(w.todo, sourceFolder{imported, dir, false})
}

// provider returns the module with a package: of those whose path the package's begins
// with, the one with the longest path that has the folder, or whose code is not here.
func (w *importWalk) provider(imported string) (found *matrix.BuiltModule) {
	for prefix := imported; prefix != "." && prefix != "/"; prefix = path.Dir(prefix) {
		m := w.modules[prefix]
		if m == nil {
			continue
		}
		rel := filepath.FromSlash(strings.TrimPrefix(imported, prefix))
		if m.Main || m.Dir == "" || isFolder(filepath.Join(m.Dir, rel)) {
			return m
		}
	}
	return nil
}

// linked returns the folder in a module above a package, or with it, that is a link to
// another folder, or "".
func linked(dir, rel string) string {
	at := ""
	for _, name := range strings.Split(rel, "/") {
		at = path.Join(at, name)
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(at)))
		if err != nil || info.Mode()&os.ModeSymlink != 0 && rel != "" {
			return at
		}
	}
	return ""
}

// importsOf returns the paths that a Go file imports; none if no build has the file.
func importsOf(src []byte) (paths []string) {
	file, _ := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly|parser.ParseComments)
	if file == nil || ignoredFile(file) {
		return nil
	}
	for _, spec := range file.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, imported)
		}
	}
	return paths
}

// ignoredFile reports whether a build constraint keeps a file from all builds, as
// go mod tidy has it: only the tag "ignore" does.
func ignoredFile(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() > file.Package {
				return false
			}
			if expr, err := constraint.Parse(c.Text); err == nil && !possible(expr) {
				return true
			}
		}
	}
	return false
}

// possible reports whether some build has a file with a constraint.
func possible(expr constraint.Expr) bool {
	switch x := expr.(type) {
	case *constraint.AndExpr:
		return possible(x.X) && possible(x.Y)
	case *constraint.OrExpr:
		return possible(x.X) || possible(x.Y)
	case *constraint.TagExpr:
		return x.Tag != "ignore"
	default:
		return true
	}
}
