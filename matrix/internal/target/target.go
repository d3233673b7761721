// Package target lays a release of the module under test out on disk, as it
// was published, with patches applied. What is laid out to be tried and what is
// handed to people as a fork are made here, so that the two are alike.
package target

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
)

// Lay unpacks a release in dir, an empty or missing folder, and applies patches
// in their order. It returns how each of them went on.
//
// The first that does not go on is the last that is tried, since what follows
// was written to stand on it; conflict then says which it is and why, for
// people. The error is of type matrix.Problems where a patch holds what is
// refused.
func Lay(dir string, src matrix.Source, patches []matrix.Variant) (applied []matrix.Applied, conflict string, err error) {
	if err := unpack(dir, src); err != nil {
		return nil, "", err
	}
	for _, v := range patches {
		d, err := diff.Parse(v.File, v.DiffLine, v.Diff)
		if err != nil {
			return nil, "", err
		}
		result, err := d.Apply(dir)
		if err != nil {
			return nil, "", err
		}
		applied = append(applied, matrix.Applied{Name: v.Patch, SHA256: v.SHA256, Apply: result.Apply, Offset: result.Offset})
		if result.Apply == matrix.ApplyConflict {
			return applied, fmt.Sprintf("%s does not go on %s:\n%s", v.File, src.Version, result.Conflict), nil
		}
	}
	return applied, "", nil
}

// unpack makes a folder of a module zip. It holds all files of the release,
// tests too, as patches may change them, and all can be written by the owner:
// the zip package makes them read-only.
func unpack(dir string, src matrix.Source) error {
	if err := zip.Unzip(dir, module.Version{Path: src.Module, Version: src.Version}, src.Zip); err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chmod(file, 0o644)
	})
}

// GoMod returns the go.mod of a tree. Releases from before the time of modules
// have none, which a folder must have to be replaced by; they get one with a
// path, and made reports that.
func GoMod(dir, path string) (data []byte, made bool, err error) {
	file := filepath.Join(dir, "go.mod")
	data, err = os.ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return data, false, err
	}
	data = []byte("module " + modfile.AutoQuote(path) + "\n")
	return data, true, os.WriteFile(file, data, 0o666)
}
