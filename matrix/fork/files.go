package fork

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// A file is a file of a tree. It implements zip.File.
type file struct {
	ctx  context.Context // ends reading
	path string          // slash-separated, relative to the tree
	at   string          // on disk
}

// Path returns the path of the file in the module.
func (f file) Path() string { return f.path }

// Lstat describes the file. The zip package ignores times and modes.
func (f file) Lstat() (fs.FileInfo, error) { return os.Lstat(f.at) }

// Open opens the file.
func (f file) Open() (io.ReadCloser, error) { return target.Open(f.ctx, f.at) }

// A tree is the files of a folder, sorted by path.
type tree []zip.File

// list returns everything in a folder that is not a folder. The zip package rejects
// what is not a regular file.
func list(ctx context.Context, dir string) (tree, error) {
	var files tree
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, at)
		files = append(files, file{ctx: ctx, path: filepath.ToSlash(name), at: at})
		return err
	})
	slices.SortFunc(files, func(a, b zip.File) int { return strings.Compare(a.Path(), b.Path()) })
	return files, err
}

// without returns the tree without a file.
func (t tree) without(path string) tree {
	return slices.DeleteFunc(t, func(f zip.File) bool { return f.Path() == path })
}

// sums returns a line "SHA-256 path" for each file of the module, in the format of
// sha256sum. The h1 checksums of the go command are computed from such lines.
func (t tree) sums() ([]byte, error) {
	checked, err := zip.CheckFiles(t)
	if err != nil {
		return nil, err
	}
	valid := make(map[string]bool, len(checked.Valid))
	for _, name := range checked.Valid {
		valid[name] = true
	}
	var b bytes.Buffer
	for _, f := range t {
		if !valid[f.Path()] {
			continue // in a nested module or a vendor folder: not part of the module
		}
		if err := f.(file).ctx.Err(); err != nil {
			return nil, err
		}
		sum, err := checksum.File(f.(file).at)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s  %s\n", sum, f.Path())
	}
	return b.Bytes(), nil
}

// zip writes the module zip of a version and returns its h1 checksum.
func (t tree) zip(file, path, version string) (sum string, err error) {
	out, err := os.Create(file)
	if err != nil {
		return "", err
	}
	err = zip.Create(out, module.Version{Path: path, Version: version}, t)
	if err := errors.Join(err, out.Close()); err != nil {
		return "", fmt.Errorf("making a module zip: %w", err)
	}
	return dirhash.HashZip(file, dirhash.Hash1)
}
