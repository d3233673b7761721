// Package starter writes a new suite: a matrix.yaml, the releases of its target, and a
// reproduction to complete. Nothing is written before everything is known and found to be
// a valid suite, and no existing file is changed.
package starter

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// An Order is what the user asks for.
type Order struct {
	Module   string        // the path of the target
	Dir      string        // folder of the suite; empty for one named after the module, or, with Tests, for the current one
	Tests    string        // a pattern of packages, such as ./..., in the module in Dir; empty to write a new test
	Record   string        // path of an OSV record; may be empty
	Versions string        // a Constraint; may be empty
	Speaks   matrix.Speech // of the new reproduction
}

// A Draft is a suite that can be written.
type Draft struct {
	Dir    string        // as the user named it
	Target matrix.Target // its module, with the other paths that the record names

	order    Order
	releases matrix.Constraint
	record   record
	tests    []spec.TestOf // of Order.Tests
	left     []spec.TestOf // others there
	imports  string        // the package that the stub imports; empty if none is known
	cgo      bool          // packages of the target need cgo
}

// The names of files and folders in a suite.
const (
	reproFolder = "repro"
	stubTest    = reproFolder + "/question_test.go"
	stubProgram = reproFolder + "/main.go"
	helper      = reproFolder + "/trials/trials.go" // for a program that reports its trials
)

// folderName matches names of suites.
var folderName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// New checks an order. The error is matrix.Problems with every mistake.
func New(o Order) (*Draft, error) {
	d := &Draft{order: o, Dir: o.Dir, Target: matrix.Target{Module: o.Module}}
	var problems matrix.Problems
	d.checkModule(&problems)
	if d.Dir == "" && o.Tests != "" {
		d.Dir = "."
	} else if d.Dir == "" {
		d.Dir = d.name()
	}
	if o.Tests != "" && o.Speaks != matrix.SpeechTest {
		problems.Add("", 0, "--test %s and --speaks %s: want one of them: tests speak for themselves", o.Tests, o.Speaks)
	}
	if speaks := matrix.Speeches(); !slices.Contains(speaks, o.Speaks) {
		problems.Add("", 0, "--speaks %q: want test, exit or trials", o.Speaks)
	}
	var err error
	if d.releases, err = matrix.ParseConstraint(o.Versions); err != nil {
		problems.Add("", 0, "--versions: %v", err)
	}
	for _, check := range []func() error{d.readRecord, d.findTests, d.checkPlace} {
		if err := problems.Join(check()); err != nil {
			return nil, err
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// checkModule checks the path of the target.
func (d *Draft) checkModule(problems *matrix.Problems) {
	modulePath, version, ok := strings.Cut(d.Target.Module, "@")
	if ok {
		problems.Add("", 0, "%s: want a module without a version: --versions '= %s' asks about that release alone", d.Target.Module, strings.TrimPrefix(version, "v"))
	}
	if err := module.CheckPath(modulePath); err != nil {
		problems.Add("", 0, "%v: want a module such as example.com/lib", err)
	}
}

// name returns the name of the suite: the last part of the target's path that is no major
// version.
func (d *Draft) name() string {
	prefix, _, ok := module.SplitPathVersion(d.Target.Module)
	if !ok {
		prefix = d.Target.Module
	}
	if name := path.Base(prefix); folderName.MatchString(name) {
		return name
	}
	return "suite"
}

// checkPlace returns the problems of writing the suite to its folder, which may be new.
func (d *Draft) checkPlace() error {
	var problems matrix.Problems
	info, err := os.Stat(d.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Stat(filepath.Dir(filepath.Clean(d.Dir))); err != nil || !info.IsDir() {
			return matrix.Mistake("%s: there is no folder %s to make it in", d.Dir, filepath.Dir(filepath.Clean(d.Dir)))
		}
		return nil
	case err != nil:
		return fmt.Errorf("reading %s: %w", d.Dir, err)
	case !info.IsDir():
		return matrix.Mistake("%s: it is a file: want a folder, which may be new", d.Dir)
	}
	for _, name := range d.names() {
		if _, err := os.Lstat(filepath.Join(d.Dir, filepath.FromSlash(name))); err == nil {
			problems.Add("", 0, "%s is there already: init changes no file, so name another folder or move it away", path.Join(filepath.ToSlash(d.Dir), name))
		}
	}
	return problems.Err()
}

// names returns the files that the suite will have, apart from those that are there
// already, and the folder of a new reproduction.
func (d *Draft) names() []string {
	names := []string{spec.FileName, source.LockName, content.FileName}
	if d.record.copied {
		names = append(names, d.record.name)
	}
	if d.order.Tests == "" {
		names = append(names, reproFolder)
	}
	return names
}

// Suite returns how commands name the suite.
func (d *Draft) Suite() string {
	dir := filepath.ToSlash(filepath.Clean(d.Dir))
	if dir == "." || filepath.IsAbs(d.Dir) || strings.HasPrefix(dir, "../") {
		return dir
	}
	return "./" + dir
}

// Stub returns the file of the reproduction that the user has to complete, as a path below
// the suite's folder; empty if there are tests already.
func (d *Draft) Stub() string {
	switch {
	case d.order.Tests != "":
		return ""
	case d.order.Speaks == matrix.SpeechTest:
		return stubTest
	default:
		return stubProgram
	}
}

// Fill asks the module proxy for the releases, and returns all files of the suite, by
// slash-separated path. Unfetched has the reasons why releases are left out which the
// proxy lists; left is how many others there are too many.
func (d *Draft) Fill(ctx context.Context) (files map[string][]byte, filled Filled, err error) {
	p := source.NewProxy()
	sources, filled, err := d.fetch(ctx, p)
	if err != nil {
		return nil, filled, err
	}
	index := new(content.Index)
	for _, src := range sources {
		if err := index.Add(ctx, src, d.Target); err != nil {
			return nil, filled, err
		}
		filled.Releases = append(filled.Releases, src.Release)
	}
	if d.imports, err = d.packageToImport(sources); err != nil {
		return nil, filled, err
	}
	if d.cgo, err = usesC(d.newest(sources)); err != nil {
		return nil, filled, err
	}
	files = map[string][]byte{
		source.LockName:  source.FormatLock(slices.Concat(filled.Releases, filled.Left)),
		content.FileName: index.Format(),
	}
	if err := d.write(files); err != nil {
		return nil, filled, err
	}
	return files, filled, d.check(files)
}

// check returns an error unless the files, with those in the folder, are a valid suite.
func (d *Draft) check(files map[string][]byte) error {
	_, err := spec.Load(overlay{base: os.DirFS(d.Dir), files: files}, filepath.ToSlash(d.Dir))
	if err != nil {
		return fmt.Errorf("checking the new suite: %w", err)
	}
	return nil
}
