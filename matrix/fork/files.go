package fork

import (
	"bytes"
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
)

// A file of a tree, as the zip package wants it.
type file struct {
	path string // slash-separated, below the tree
	at   string
}

// Path returns the file's name in the module.
func (f file) Path() string { return f.path }

// Lstat describes the file. The zip package leaves times and modes out.
func (f file) Lstat() (fs.FileInfo, error) { return os.Lstat(f.at) }

// Open opens the file.
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.at) }

// tree is the files of a folder, sorted by path.
type tree []zip.File

// list lists all regular files of a folder, and whatever else there is that is
// no folder: the zip package refuses that.
func list(dir string) (tree, error) {
	var files tree
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, at)
		files = append(files, file{path: filepath.ToSlash(name), at: at})
		return err
	})
	slices.SortFunc(files, func(a, b zip.File) int { return strings.Compare(a.Path(), b.Path()) })
	return files, err
}

// without leaves a file out.
func (t tree) without(path string) tree {
	return slices.DeleteFunc(t, func(f zip.File) bool { return f.Path() == path })
}

// sums returns a line for each file that is part of the module, as sha256sum
// prints them. The go command makes its h1 checksums of such lines.
func (t tree) sums() ([]byte, error) {
	checked, err := zip.CheckFiles(t)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, f := range t {
		if !slices.Contains(checked.Valid, f.Path()) {
			continue // in a module of its own, or vendored: the go command leaves it out
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
