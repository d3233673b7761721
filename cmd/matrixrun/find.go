package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt"
	"github.com/matrixrun/matrixrun/patches"
)

// shipped are the suites that come with the program, by name.
var shipped = map[string]fs.FS{"zerortt": zerortt.Files}

// theSuite is the one that is meant where none is named.
const theSuite = "zerortt"

// findSuite returns the folder of a suite: a shipped one's name, or a folder
// with a matrix.yaml.
func findSuite(args []string) (files fs.FS, name string, err error) {
	name = theSuite
	if len(args) > 0 {
		name = args[0]
	}
	if files, ok := shipped[name]; ok {
		return files, name, nil
	}
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		var problems matrix.Problems
		problems.Add("", 0, "%q is no suite: want %s, or a folder with a %s", name, theSuite, spec.FileName)
		return nil, "", problems
	}
	return os.DirFS(name), filepath.ToSlash(name), nil
}

// patchesDir is where the patches of a project lie, below the working folder.
const patchesDir = "patches"

// isDiffFile reports whether a patch's name is that of a diff file: one that is
// there, or that says so by its end. A patch below ./patches, or a shipped one,
// goes before.
func isDiffFile(name string) bool {
	if !strings.ContainsAny(name, `/\`) && slices.Contains(knownPatches(), name) {
		return false
	}
	info, err := os.Stat(name)
	if err != nil {
		ext := filepath.Ext(name)
		return ext == ".patch" || ext == ".diff"
	}
	return !info.IsDir()
}

// findPatch reads a patch: a diff file, or a folder, where the name has a slash
// in it, else one below ./patches, else a shipped one.
func findPatch(name string) (*matrix.Patch, error) {
	if isDiffFile(name) {
		p, _, err := spec.LoadDiff(name)
		return p, err
	}
	if strings.ContainsAny(name, `/\`) {
		return spec.LoadPatch(os.DirFS(name), filepath.ToSlash(filepath.Clean(name)))
	}
	if info, err := os.Stat(filepath.Join(patchesDir, name)); err == nil && info.IsDir() {
		return spec.LoadPatch(os.DirFS(filepath.Join(patchesDir, name)), path.Join(patchesDir, name))
	}
	known := knownPatches()
	if slices.Contains(known, name) {
		files, err := fs.Sub(patches.Files, name)
		if err != nil {
			return nil, err
		}
		return spec.LoadPatch(files, path.Join(patchesDir, name))
	}
	var problems matrix.Problems
	problems.Add("", 0, "--patch: unknown patch %q: want one of %s, or a folder, with a slash in it, as in ./%s", name, strings.Join(known, ", "), name)
	return nil, problems
}

// knownPatches lists the names of the shipped patches and of those below
// ./patches, sorted.
func knownPatches() []string {
	names := append(folders(patches.Files), folders(os.DirFS(patchesDir))...)
	slices.Sort(names)
	return slices.Compact(names)
}

// patchesFor lists the names of the patches that are for a suite, sorted: those
// below ./patches, and for a shipped suite the shipped ones too.
func patchesFor(suite []string) []string {
	if len(suite) > 0 && shipped[suite[0]] == nil {
		return folders(os.DirFS(patchesDir))
	}
	return knownPatches()
}

// folders lists the folders at the top of a file system; one that cannot be
// read has none.
func folders(files fs.FS) []string {
	entries, _ := fs.ReadDir(files, ".")
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// isFolder reports whether a path is that of a folder.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
