// Package target unpacks a release of the module under test into a folder and
// applies patches to it. Both the trees of a run and the forks that users build
// against are made here, so they are the same.
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

// Lay unpacks a release into dir, an empty or missing folder, and applies patches
// in order. It returns how each of them applied.
//
// Lay stops at the first patch that conflicts, because later patches build on
// earlier ones; conflict then names the patch and explains why. The error is of
// type matrix.Problems if a patch contains something that is not allowed.
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

// unpack unpacks a module zip, tests included, since patches may change them. It
// makes the files writable: the zip package leaves them read-only.
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

// GoMod returns the go.mod of the tree in dir. A release from before modules has
// none, but the target of a replace line needs one: GoMod then writes one with the
// given module path, and made is true.
func GoMod(dir, path string) (data []byte, made bool, err error) {
	file := filepath.Join(dir, "go.mod")
	data, err = os.ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return data, false, err
	}
	data = []byte("module " + modfile.AutoQuote(path) + "\n")
	return data, true, os.WriteFile(file, data, 0o666)
}
