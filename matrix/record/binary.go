package record

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// Binary returns the file of an artifact's binary. The miss is empty where the
// file is there and is that binary, and else the reason why it is not. It
// reads the whole file.
func (s *Store) Binary(a matrix.Artifact) (path, miss string) {
	if !isDigest(a.SHA256) {
		return "", "it has no binary"
	}
	path = s.place("bin", a.SHA256)
	sum, err := checksum.File(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "its binary is not in the record"
	case err != nil:
		return "", "its binary is unreadable: " + reason(err)
	case sum != a.SHA256:
		return "", "its binary is damaged"
	}
	touch(path)
	return path, ""
}

// putBinary moves an artifact's binary into the record, and returns its place.
func (s *Store) putBinary(a matrix.Artifact) (string, error) {
	// A wrong sum would be found at each later run, and never mended.
	sum, err := checksum.File(a.Path)
	if err != nil {
		return "", err
	}
	if sum != a.SHA256 {
		return "", fmt.Errorf("%s has the SHA-256 %s, not %s: something has changed it since it was built", a.Path, sum, a.SHA256)
	}
	place, miss := s.Binary(a)
	if miss == "" { // another row came to the same
		if place != a.Path {
			os.Remove(a.Path) // at worst, a file too many
		}
		return place, nil
	}
	place = s.place("bin", a.SHA256)
	if err := s.makeFolder(place); err != nil {
		return "", err
	}
	if err := os.Chmod(a.Path, 0o755); err != nil {
		return "", err
	}
	if os.Rename(a.Path, place) == nil {
		return place, nil
	}
	// Most likely on another disk.
	if err := copyFile(a.Path, place); err != nil {
		return "", err
	}
	os.Remove(a.Path)
	return place, nil
}

// copyFile copies an executable.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return replaceFile(to, in, 0o755)
}

// newPrefix begins the names of files that are being written.
const newPrefix = ".new-"

// replaceFile writes a file so that its place never has half of it, as long as the
// system runs. It does not wait for the disk, which takes longer than most trials:
// what a loss of power leaves of a file, its checksum tells.
func replaceFile(to string, from io.Reader, mode fs.FileMode) (err error) {
	out, err := os.CreateTemp(filepath.Dir(to), newPrefix+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(out.Name())
		}
	}()
	_, err = io.Copy(out, from)
	if err = errors.Join(err, out.Chmod(mode), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), to)
}
