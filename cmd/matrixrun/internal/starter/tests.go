package starter

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/seek"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// tests are tests of a package that the user has.
type tests struct {
	folder string   // of the package, "." for the module's own
	names  []string // such as TestParse
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
	dir, deep := seek.Pattern(d.order.Tests)
	if info, err := fs.Stat(root, dir); err != nil || !info.IsDir() {
		return matrix.Mistake("--test %s: there is no folder %s in %s: want packages of the module there, such as ./...", d.order.Tests, dir, d.Dir)
	}
	about, err := seek.Packages(root, dir, deep, d.Target.Module, nil)
	switch {
	case err != nil:
		return err
	case len(about) == 0:
		return matrix.Mistake("--test %s: no package with tests there imports %s: name another one, or leave out --test for a new test", d.order.Tests, d.Target.Module)
	case len(about) > 1:
		var folders []string
		for _, p := range about {
			folders = append(folders, "./"+p.Folder)
		}
		return matrix.Mistake("--test %s: several packages with tests import %s, and a suite has the tests of one: want one of %s", d.order.Tests, d.Target.Module, strings.Join(folders, ", "))
	}
	d.tests = tests{folder: about[0].Folder, names: about[0].Direct}
	if len(d.tests.names) == 0 {
		d.tests.names = about[0].All
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
