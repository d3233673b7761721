package matrix

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// noModule is the module path of a reproduction for which nobody names one. It
// is part of every binary, so it must not change from row to row; and nobody can
// own a name below .test.
const noModule = "matrixrun.test/repro"

// ReproductionModule returns the path of the module that the reproduction is
// built as, and below which its own packages are imported. A go.mod of its own
// says another one, which then holds.
func (s *Spec) ReproductionModule() string { return cmp.Or(s.Module, noModule) }

// ReproductionFiles lists the files that make the reproduction, as sorted
// slash-separated paths below Files: the Go files without the tests of its
// package main and of the packages below that, and its go.mod and go.sum where
// it has them.
//
// What the go command does not take for a package of a module is none here:
// folders called testdata or vendor, or whose names begin with a dot or an
// underscore, and other modules. Symbolic links to folders are not followed; one
// to a file is that file.
func (s *Spec) ReproductionFiles() ([]string, error) {
	var files []string
	err := fs.WalkDir(s.Files, s.Reproduction, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || name == s.Reproduction:
			return err
		case e.IsDir():
			return s.checkPackageFolder(name)
		case isCode(name), path.Dir(name) == s.Reproduction && (e.Name() == "go.mod" || e.Name() == "go.sum"):
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the reproduction: %w", err)
	}
	slices.Sort(files)
	return files, nil
}

// InReproduction returns the path of one of ReproductionFiles below the
// reproduction's own folder.
func (s *Spec) InReproduction(file string) string {
	return strings.TrimPrefix(file, s.Reproduction+"/")
}

// isCode reports whether a file is a Go file, and no test.
func isCode(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// checkPackageFolder returns fs.SkipDir for a folder below the reproduction that
// cannot be a package of it.
func (s *Spec) checkPackageFolder(dir string) error {
	name := path.Base(dir)
	if name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return fs.SkipDir
	}
	_, err := fs.Stat(s.Files, path.Join(dir, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return cmp.Or(err, fs.SkipDir)
}
