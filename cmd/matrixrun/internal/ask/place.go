package ask

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/seek"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A place is where the tests of a question are.
type place struct {
	root     string        // the folder of their module, an absolute path
	name     string        // what messages call it
	packages []string      // the folders of their packages in the module
	tests    []spec.TestOf // of the question; none for all of the packages
}

// locate finds the tests.
func (q Question) locate() (at place, err error) {
	dir, deep := seek.Pattern(q.Dir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return at, matrix.Mistake("%q is not a folder: want that of a package with tests, which import %s", dir, q.Module)
	}
	if at.packages = []string{"."}; deep || onlyBelow(dir) {
		if err := q.search(dir, &at); err != nil {
			return at, err
		}
	} else {
		for _, test := range q.Tests {
			at.tests = append(at.tests, spec.TestOf{Package: ".", Name: test})
		}
	}
	below := ""
	if len(at.packages) == 1 { // it may be a module of its own, if only since there is no go.mod
		dir = filepath.Join(dir, filepath.FromSlash(at.packages[0]))
		at.packages[0] = "."
		for i := range at.tests {
			at.tests[i].Package = "."
		}
	}
	if at.root, err = moduleRoot(find.Absolute(dir)); err == nil {
		below, err = filepath.Rel(at.root, find.Absolute(dir))
	}
	if err != nil {
		return at, err
	}
	below = filepath.ToSlash(below)
	for i, folder := range at.packages {
		at.packages[i] = path.Join(below, folder)
	}
	for i := range at.tests {
		at.tests[i].Package = path.Join(below, at.tests[i].Package)
	}
	at.name = shown(dir, below)
	q.note(seek.Workspace(at.root))
	return at, nil
}

// search finds the tests in a folder and those below.
func (q Question) search(dir string, at *place) error {
	if len(q.Tests) == 0 {
		about, left, err := seek.Packages(os.DirFS(dir), ".", true, q.Module)
		if err == nil && len(about) == 0 {
			err = matrix.Mistake("no package in %s has tests and imports %s: want one that does, or name tests with --test", dir, q.Module)
		}
		at.packages, at.tests = nil, about
		for _, t := range about {
			if !slices.Contains(at.packages, t.Package) {
				at.packages = append(at.packages, t.Package)
			}
		}
		if note := seek.LeftOut(left, q.Module); note != "" {
			q.note(note + ": name them with --test to ask about them")
		}
		return err
	}
	var names, missing []string
	for _, test := range q.Tests {
		name, _, _ := strings.Cut(test, "/")
		names = append(names, name)
	}
	found, err := seek.Named(os.DirFS(dir), ".", true, q.Module, names)
	if err != nil {
		return err
	}
	at.packages = nil
	for i, test := range q.Tests {
		if len(found[names[i]]) == 0 && !slices.Contains(missing, names[i]) {
			missing = append(missing, names[i])
		}
		for _, p := range found[names[i]] {
			at.tests = append(at.tests, spec.TestOf{Package: p.Folder, Name: test})
			if !slices.Contains(at.packages, p.Folder) {
				at.packages = append(at.packages, p.Folder)
			}
		}
	}
	if len(missing) > 0 {
		return matrix.Mistake("no package in %s has %s", dir, text.List(missing))
	}
	return nil
}

// note calls Note with a text that is not empty.
func (q Question) note(text string) {
	if text != "" && q.Note != nil {
		q.Note(text)
	}
}

// onlyBelow reports whether a folder is that of a module whose tests are all in folders
// below it.
func onlyBelow(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	own, _ := fs.Glob(os.DirFS(dir), "*_test.go")
	return err == nil && len(own) == 0
}

// moduleRoot returns the folder of the module that a folder is in: the nearest one with a
// go.mod. Without one it is the folder itself.
func moduleRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		info, err := os.Stat(filepath.Join(at, "go.mod"))
		switch {
		case err == nil && !info.IsDir():
			return at, nil
		case err != nil && !os.IsNotExist(err):
			return "", err
		case filepath.Dir(at) == at:
			return dir, nil
		}
	}
}

// shown returns what messages call the folder of a module, given that of a package below
// it.
func shown(dir, below string) string {
	dir = filepath.ToSlash(dir)
	for below != "." {
		dir, below = path.Join(dir, ".."), path.Dir(below)
	}
	return dir
}
