package matrix

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// noModule is the module path of a reproduction that names none. Every binary
// contains it, so it must be the same for every row. Nobody can own a name below
// .test (RFC 2606, section 2).
const noModule = "matrixrun.test/repro"

// The names that repeating a cell by hand needs in the folder with the
// reproduction's files. A folder named after a row's ID comes on top: it holds
// the target.
const (
	HandBinary  = "repro"        // the row's binary
	HandServer  = "server"       // the workspace of the release that runs the servers
	HandServers = "repro-server" // the binary that is built there
	HandAddress = "served"       // the file with the servers' address
)

// Reserved reports whether a folder of the reproduction, given by its
// slash-separated path, has one of these names or that of a row.
func Reserved(folder string) bool {
	first, _, _ := strings.Cut(folder, "/")
	version := strings.TrimSuffix(ParseRowID(first).Version, incompatible)
	return slices.Contains([]string{HandBinary, HandServer, HandServers, HandAddress}, first) ||
		version != "" && semver.Canonical(version) == version
}

// ReproductionModule returns the module path that the reproduction is built
// under. Its packages are imported by paths below it.
func (s *Spec) ReproductionModule() string { return cmp.Or(s.Module, noModule) }

// ReproductionFiles returns the files that make up the reproduction, as sorted
// slash-separated paths below Files: the Go files of its package main and of the
// packages below that, without tests, and the reproduction's go.mod and go.sum
// if it has them.
//
// It leaves out what the go command does not count as a package of the module:
// folders called testdata or vendor, folders whose names begin with a dot or an
// underscore, and nested modules. Symbolic links to folders are not followed; a
// symbolic link to a file counts as that file.
//
// For SpeechTest it returns the files of Tests.
func (s *Spec) ReproductionFiles() ([]string, error) {
	if s.Speaks == SpeechTest {
		return slices.Clone(s.Tests.Files), nil
	}
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

// InReproduction returns the path of one of ReproductionFiles relative to the
// reproduction's folder.
func (s *Spec) InReproduction(file string) string {
	return strings.TrimPrefix(file, s.Reproduction+"/")
}

// isCode reports whether a file is a Go file other than a test.
func isCode(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// checkPackageFolder returns fs.SkipDir for a folder that cannot be a package of
// the reproduction.
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
