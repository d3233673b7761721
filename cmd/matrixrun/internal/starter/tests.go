package starter

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

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// tests are tests of a package that the user has.
type tests struct {
	folder string   // of the package, "." for the module's own
	names  []string // such as TestParse
}

// A testPackage is a package with tests in the module of the user.
type testPackage struct {
	folder   string
	direct   []string // the tests in files that import the target
	all      []string // all tests
	imported bool     // some file of the package imports the target
}

// findTests finds the package of the order whose tests are about the target, if the order
// has tests.
func (d *Draft) findTests() error {
	if d.order.Tests == "" {
		return nil
	}
	if err := d.checkGoMod(); err != nil {
		return err
	}
	root := os.DirFS(d.Dir)
	dir, deep := strings.CutSuffix(filepath.ToSlash(d.order.Tests), "...")
	dir = path.Clean("./" + dir)
	if info, err := fs.Stat(root, dir); err != nil || !info.IsDir() {
		return matrix.Mistake("--test %s: there is no folder %s in %s: want packages of the module there, such as ./...", d.order.Tests, dir, d.Dir)
	}
	packages, err := packagesWithTests(root, dir, deep, d.Target)
	if err != nil {
		return err
	}
	about := slices.DeleteFunc(packages, func(p testPackage) bool { return !p.imported || len(p.all) == 0 })
	if direct := slices.DeleteFunc(slices.Clone(about), func(p testPackage) bool { return len(p.direct) == 0 }); len(direct) > 0 {
		about = direct
	}
	switch {
	case len(about) == 0:
		return matrix.Mistake("--test %s: no package with tests there imports %s: name another one, or leave out --test for a new test", d.order.Tests, d.Target.Module)
	case len(about) > 1:
		var folders []string
		for _, p := range about {
			folders = append(folders, "./"+p.folder)
		}
		return matrix.Mistake("--test %s: several packages with tests import %s, and a suite has the tests of one: want one of %s", d.order.Tests, d.Target.Module, strings.Join(folders, ", "))
	}
	d.tests = tests{folder: about[0].folder, names: about[0].direct}
	if len(d.tests.names) == 0 {
		d.tests.names = about[0].all
	}
	return nil
}

// checkGoMod returns an error unless the folder is that of a module which requires the
// target.
func (d *Draft) checkGoMod() error {
	file := filepath.Join(d.Dir, "go.mod")
	data, err := os.ReadFile(file)
	if err != nil {
		return matrix.Mistake("--test %s: %s is not the folder of a module: %v", d.order.Tests, d.Dir, reason(err))
	}
	mod, err := modfile.ParseLax(filepath.ToSlash(file), data, nil)
	if err != nil {
		return matrix.Mistake("%v", err)
	}
	required := slices.ContainsFunc(mod.Require, func(r *modfile.Require) bool { return r.Mod.Path == d.Target.Module })
	if !required {
		return matrix.Mistake("%s does not require %s", filepath.ToSlash(file), d.Target.Module)
	}
	return nil
}

// packagesWithTests returns the packages in a folder, or also in all below it, that have
// tests.
func packagesWithTests(root fs.FS, dir string, deep bool, target matrix.Target) (all []testPackage, err error) {
	err = fs.WalkDir(root, dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !e.IsDir():
			return nil
		case name != dir && (!deep || hiddenTests(root, name)):
			return fs.SkipDir
		}
		p, err := readTests(root, name, target)
		if len(p.all) > 0 {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for tests: %w", err)
	}
	return all, nil
}

// hiddenTests reports whether the go command leaves out a folder in patterns such as ./...
func hiddenTests(root fs.FS, dir string) bool {
	base := path.Base(dir)
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || err == nil
}

// readTests reads the tests of the package in a folder.
func readTests(root fs.FS, dir string, target matrix.Target) (testPackage, error) {
	p := testPackage{folder: dir}
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
		p.all = append(p.all, tests...)
		if about {
			p.direct = append(p.direct, tests...)
		}
	}
	return p, nil
}

// imports reports whether a file imports a package of the target.
func imports(file *ast.File, target matrix.Target) bool {
	return slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool {
		p, err := strconv.Unquote(s.Path.Value)
		return err == nil && (p == target.Module || strings.HasPrefix(p, target.Module+"/"))
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

// scenarios returns the scenarios of the suite: one for each test.
func (d *Draft) scenarios() (all []matrix.Scenario) {
	switch {
	case d.order.Speaks == matrix.SpeechExit:
		return []matrix.Scenario{{Name: "question", Title: "what happens, and what must not"}}
	case d.order.Tests == "":
		s := spec.ScenarioOf("TestQuestion", nil)
		s.Title = "what happens, and what must not"
		return []matrix.Scenario{s}
	}
	var taken []string
	for _, name := range d.tests.names {
		s := spec.ScenarioOf(name, taken)
		all, taken = append(all, s), append(taken, s.Name)
	}
	return all
}
