// Package seek finds the tests that a user has about a module.
package seek

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Package is a package with tests.
type Package struct {
	Folder string   // slash-separated, "." for the one that the search began in
	Direct []string // the tests in files that import the target
	All    []string // all tests, such as TestParse

	imported bool // some file of the package imports the target
}

// about returns the tests that are about the target: those in files that import it, or all
// if there is no such file.
func (p Package) about() []string {
	if len(p.Direct) > 0 {
		return p.Direct
	}
	return p.All
}

// Pattern returns the folder that a pattern of packages names, and whether it also means
// those below, as ./... does for the go command.
func Pattern(pattern string) (dir string, deep bool) {
	dir = filepath.ToSlash(pattern)
	if before, ok := strings.CutSuffix("./"+dir, "/..."); ok {
		dir, deep = strings.TrimPrefix(before+"/", "./"), true
	}
	return path.Clean(dir), deep
}

// Packages returns the tests about the module target, of the packages in a folder, or also in
// all below it: those of packages that import it. If some are in files that import it, it is
// only these. Left are the other tests of the packages, which may reach the target indirectly.
func Packages(root fs.FS, dir string, deep bool, target string) (about, left []spec.TestOf, err error) {
	all, err := withTests(root, dir, deep, target)
	if err != nil {
		return nil, nil, err
	}
	found := slices.DeleteFunc(slices.Clone(all), func(p Package) bool { return !p.imported })
	for _, p := range prefer(found, func(p Package) bool { return len(p.Direct) > 0 }) {
		about = append(about, p.tests(p.about())...)
	}
	for _, p := range all {
		left = append(left, p.tests(p.All)...)
	}
	return about, slices.DeleteFunc(left, func(t spec.TestOf) bool { return slices.Contains(about, t) }), nil
}

// tests returns tests of the package by their names.
func (p Package) tests(names []string) (all []spec.TestOf) {
	for _, name := range names {
		all = append(all, spec.TestOf{Package: p.Folder, Name: name})
	}
	return all
}

// LeftOut describes the tests that Packages left out, or returns "" if it left out none.
func LeftOut(left []spec.TestOf, target string) string {
	if len(left) == 0 {
		return ""
	}
	in := "./" + left[0].Package
	if left[0].Package == "." {
		in = "."
	}
	return fmt.Sprintf("left out: %s, such as %s in %s, in files that do not import %s", text.Count(len(left), "test"), left[0].Name, in, target)
}

// Workspace returns a note that the tests of the module in a folder are built without its
// go.work, or "" if the go command uses none there.
func Workspace(module string) string {
	file := program.WorkspaceOf(module)
	if file == "" {
		return ""
	}
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, file); err == nil {
			file = rel
		}
	}
	return filepath.ToSlash(file) + " is not used: the tests are built as go.mod says"
}

// Named returns the packages in a folder, or also in all below it, that have a test of one
// of the names, by that name. Where some of a name are closer to the target than others,
// these are the closest: in files that import it, or in a package that does.
func Named(root fs.FS, dir string, deep bool, target string, names []string) (map[string][]Package, error) {
	all, err := withTests(root, dir, deep, target)
	if err != nil {
		return nil, err
	}
	found := make(map[string][]Package)
	for _, name := range names {
		some := slices.Clone(all)
		some = slices.DeleteFunc(some, func(p Package) bool { return !slices.Contains(p.All, name) })
		some = prefer(some, func(p Package) bool { return p.imported })
		found[name] = prefer(some, func(p Package) bool { return slices.Contains(p.Direct, name) })
	}
	return found, nil
}

// prefer returns the packages that are good, or all if there is none.
func prefer(all []Package, good func(Package) bool) []Package {
	if !slices.ContainsFunc(all, good) {
		return all
	}
	return slices.DeleteFunc(all, func(p Package) bool { return !good(p) })
}

// withTests returns the packages in a folder, or also in all below it, that have
// tests.
func withTests(root fs.FS, dir string, deep bool, target string) (all []Package, err error) {
	err = fs.WalkDir(root, dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !e.IsDir():
			return nil
		case name != dir && (!deep || hidden(root, name)):
			return fs.SkipDir
		}
		p, err := readTests(root, name, target)
		if len(p.All) > 0 {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for tests: %w", err)
	}
	return all, nil
}

// hidden reports whether the go command leaves out a folder in patterns such as ./...
func hidden(root fs.FS, dir string) bool {
	base := path.Base(dir)
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || err == nil
}

// readTests reads the tests of the package in a folder.
func readTests(root fs.FS, dir string, target string) (Package, error) {
	p := Package{Folder: dir}
	names, err := fs.Glob(root, path.Join(dir, "*.go"))
	if err != nil {
		return p, err
	}
	for _, name := range names {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return p, err
		}
		file, _ := parser.ParseFile(token.NewFileSet(), "", data, parser.SkipObjectResolution)
		if file == nil {
			continue // the compiler will report it
		}
		about := imports(file, target)
		p.imported = p.imported || about
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		tests := testNames(file)
		p.All = append(p.All, tests...)
		if about {
			p.Direct = append(p.Direct, tests...)
		}
	}
	return p, nil
}

// imports reports whether a file imports a package of the target.
func imports(file *ast.File, target string) bool {
	return slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool {
		p, err := strconv.Unquote(s.Path.Value)
		return err == nil && (p == target || strings.HasPrefix(p, target+"/"))
	})
}

// testNames returns the test functions of a file.
func testNames(file *ast.File) (names []string) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && f.Recv == nil && f.Name.Name != "TestMain" && len(f.Type.Params.List) == 1 && spec.IsTest(f.Name.Name) {
			names = append(names, f.Name.Name)
		}
	}
	return names
}
