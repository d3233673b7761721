// Package testfiles finds the files that the tests of packages need: the packages, what
// they import of their own module, and what the tests read.
//
// Files that have nothing to do with a test must not count. A change in one of them would
// make matrixrun build everything again, and a module can have far more files than one
// test needs.
package testfiles

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// A Module is the module with the tests.
type Module struct {
	Files  fs.FS    // its folder
	Path   string   // its module path
	Others []string // the paths of the modules that it requires, with that of the target
	Nested []string // folders with modules that its go.mod puts in the place of others
	Aside  []string // names of files in its folder that are not its own
}

// Found is what tests consist of.
type Found struct {
	Files []string // slash-separated paths in the module, sorted: go.mod and go.sum, if there are any, too
	Tests []Test   // in the order of the packages that were asked for, then by file and line
}

// The bounds of Found. A workspace gets a copy for each row.
const (
	mostFiles = 20_000
	mostBytes = 256 << 20
)

// A search is the work of one Find.
type search struct {
	Module
	found   map[string]bool // files
	reached []string        // folders of packages
	bytes   int64
}

// Find returns what the tests of the packages in some folders of the module need: "." is
// the module's own folder. These files count:
//
//   - of each package that the tests import of the module, directly or indirectly, the Go
//     files, what a compiler or assembler may include, and embedded files
//   - of the packages themselves, all files in their folders, tests too
//   - the folders called testdata in their folders and in those above
//   - other files and folders of the module that a string in their Go files names, such as
//     "../corpus/*.txt" or "fixtures", unless the folder has a package or a great many files
//   - go.mod, go.sum, and the modules in the folders of Nested
//
// A symbolic link counts only if it leads to a Go file. An error that wraps
// fs.ErrNotExist means that there is no such folder.
func (m Module) Find(folders ...string) (Found, error) {
	s := &search{Module: m, found: make(map[string]bool), reached: slices.Clone(folders)}
	if err := s.all(len(folders)); err != nil {
		return Found{}, err
	}
	var tests []Test
	for _, folder := range folders {
		found, err := testsIn(m.Files, folder, s.found)
		if err != nil {
			return Found{}, err
		}
		tests = append(tests, found...)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := s.add(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Found{}, err
		}
	}
	for _, dir := range m.Nested {
		if err := s.tree(path.Clean(dir)); err != nil {
			return Found{}, err
		}
	}
	f := Found{Tests: tests}
	for name := range s.found {
		f.Files = append(f.Files, name)
	}
	slices.Sort(f.Files)
	return f, nil
}

// all finds the files of the packages with the tests, which are the first n that the search
// has reached, and of all packages that they import.
func (s *search) all(n int) error {
	for _, folder := range s.reached {
		if err := errors.Join(s.own(folder), s.testdata(folder)); err != nil {
			return err
		}
	}
	for i := 0; i < len(s.reached); i++ {
		if err := s.pkg(s.reached[i], i < n); err != nil {
			return err
		}
	}
	return nil
}

// testdata adds the folders called testdata in a folder and in those above.
func (s *search) testdata(folder string) error {
	for dir := folder; ; dir = path.Dir(dir) {
		if err := s.tree(path.Join(dir, "testdata")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if dir == "." {
			return nil
		}
	}
}

// own adds all files in the folder of a package with tests.
func (s *search) own(folder string) error {
	entries, err := fs.ReadDir(s.Files, folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || folder == "." && slices.Contains(s.Aside, e.Name()) {
			continue
		}
		if err := s.add(path.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// sources are the extensions of files that the go command compiles, apart from Go files,
// or that those include.
var sources = []string{".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".syso"}

// pkg adds the files of a package, and notes which folders it imports. Of all packages
// but those with the tests it leaves out tests.
func (s *search) pkg(folder string, tested bool) error {
	entries, err := fs.ReadDir(s.Files, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the go command will complain
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		switch test := strings.HasSuffix(name, "_test.go"); {
		case e.IsDir(), test && !tested:
		case path.Ext(name) == ".go":
			if err := s.goFile(name, tested); err != nil {
				return err
			}
		case e.Type().IsRegular() && slices.Contains(sources, path.Ext(name)):
			if err := s.add(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// goFile adds a Go file, what it embeds, and the folders of the packages that it imports. Of
// a package with tests it also adds what the strings in it name.
func (s *search) goFile(name string, tested bool) error {
	if err := s.add(name); err != nil || !s.found[name] {
		return err
	}
	data, err := fs.ReadFile(s.Files, name)
	if err != nil {
		return err
	}
	for _, target := range imports(data) {
		if !gomod.In(s.Path, s.Others, target) {
			continue
		}
		folder := path.Clean(strings.TrimPrefix(strings.TrimPrefix(target, s.Path), "/"))
		if !slices.Contains(s.reached, folder) {
			s.reached = append(s.reached, folder)
		}
	}
	if tested {
		for _, text := range stringsIn(data) {
			if err := s.named(path.Dir(name), text); err != nil {
				return err
			}
		}
	}
	for _, pattern := range embeds(data) {
		if err := s.embedded(path.Join(path.Dir(name), pattern)); err != nil {
			return err
		}
	}
	return nil
}

// The bounds of a folder that a string names. One with more is hardly what a test reads: the
// name may also be a word.
const (
	mostNamed      = 1_000
	mostNamedBytes = 16 << 20
)

// named adds the file or the folder that a string names, as seen from a folder. The part
// before the first character of a pattern counts, up to a folder.
func (s *search) named(folder, text string) error {
	if i := strings.IndexAny(text, "*?[%"); i >= 0 {
		text = text[:strings.LastIndexByte(text[:i], '/')+1]
	}
	name := path.Join(folder, text)
	if text == "" || len(text) > mostName || path.IsAbs(text) || !fs.ValidPath(name) || name == "." || within(folder, name) {
		return nil
	}
	info, err := fs.Stat(s.Files, name)
	if err != nil {
		return nil //nolint:nilerr // most strings name no file
	}
	if !info.IsDir() {
		return s.add(name)
	}
	if s.isData(name) {
		return s.tree(name)
	}
	return nil
}

// mostName bounds the strings that may name a file, in bytes.
const mostName = 500

// within reports whether a folder is another one or below it.
func within(folder, other string) bool { return strings.HasPrefix(folder+"/", other+"/") }

// isData reports whether a folder has no package and not too many files.
func (s *search) isData(root string) bool {
	if pkgs, err := fs.Glob(s.Files, path.Join(root, "*.go")); err != nil || len(pkgs) > 0 {
		return false
	}
	files, size := 0, int64(0)
	err := fs.WalkDir(s.Files, root, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if files, size = files+1, size+info.Size(); files > mostNamed || size > mostNamedBytes {
			return fs.SkipAll
		}
		return nil
	})
	return err == nil && files <= mostNamed && size <= mostNamedBytes
}

// embedded adds the files that a pattern names, and all files of the folders.
func (s *search) embedded(pattern string) error {
	names, err := fs.Glob(s.Files, pattern)
	if err != nil {
		return nil //nolint:nilerr // the go command will complain
	}
	for _, name := range names {
		if err := s.tree(name); err != nil {
			return err
		}
	}
	return nil
}

// tree adds a file, or all files in a folder and those below. It leaves out what belongs
// to a version control system.
func (s *search) tree(root string) error {
	return fs.WalkDir(s.Files, root, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && slices.Contains([]string{".git", ".hg", ".svn", ".bzr"}, e.Name()):
			return fs.SkipDir
		case e.Type().IsRegular():
			return s.add(name)
		}
		return nil
	})
}

// add adds a file. Anything else that is no folder is left out.
func (s *search) add(name string) error {
	if s.found[name] {
		return nil
	}
	info, err := fs.Stat(s.Files, name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	s.found[name] = true
	s.bytes += info.Size()
	if len(s.found) > mostFiles || s.bytes > mostBytes {
		return &TooMuchError{File: name}
	}
	return nil
}

// A TooMuchError means that tests need more files than each row can have a copy of.
type TooMuchError struct {
	File string // the first one that is too much
}

func (e *TooMuchError) Error() string {
	return fmt.Sprintf("the tests need more than %d files or %d MB, with %s: move what they do not read out of folders called testdata", mostFiles, mostBytes>>20, e.File)
}
