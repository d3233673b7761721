package starter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/seek"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// findTests finds the tests in the packages of the order that are about the target, if the
// order has tests.
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
	about, left, err := seek.Packages(root, dir, deep, d.Target.Module)
	switch {
	case err != nil:
		return err
	case len(about) == 0:
		return matrix.Mistake("--test %s: no package with tests there imports %s: name another one, or leave out --test for a new test", d.order.Tests, d.Target.Module)
	}
	d.tests, d.left = about, left
	return nil
}

// LeftOut describes the tests that did not become scenarios, or returns "" if all did.
func (d *Draft) LeftOut() string { return seek.LeftOut(d.left, d.Target.Module) }

// Workspace returns a note that the user's tests are built without their go.work, or "" if
// there is none.
func (d *Draft) Workspace() string {
	if d.order.Tests == "" {
		return ""
	}
	return seek.Workspace(find.Absolute(d.Dir))
}

// checkGoMod returns an error unless the folder is that of a module which requires the
// target.
func (d *Draft) checkGoMod() error {
	file := filepath.Join(d.Dir, "go.mod")
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return matrix.Mistake("--test %s: there is no %s: `go mod init NAME` and `go mod tidy` in that folder write one", d.order.Tests, filepath.ToSlash(file))
	}
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
	case d.order.Speaks == matrix.SpeechTrials:
		return []matrix.Scenario{
			{Name: "control", Kind: matrix.KindControl, Title: "the same without what causes the defect"},
			{Name: "planted", Kind: matrix.KindPlanted, Title: "what the defect does, caused by other means"},
			{Name: "question", Kind: matrix.KindProbe, Title: "what happens, and what must not"},
		}
	case d.order.Tests == "":
		all = spec.ScenariosOf([]spec.TestOf{{Name: "TestQuestion"}})
		all[0].Title = "what happens, and what must not"
		return all
	}
	return spec.ScenariosOf(d.tests)
}
