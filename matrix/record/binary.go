package record

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// A Binary is the file of a binary whose SHA-256 was checked.
type Binary struct {
	Path string
	info fs.FileInfo // from before it was read
}

// Unchanged reports whether the path still has the file that was checked, and nobody has
// written to it since. It does not read the file.
func (b Binary) Unchanged() bool {
	now, err := os.Lstat(b.Path)
	return err == nil && regular.Same(now, b.info)
}

// Binary returns an artifact's binary, after checking its SHA-256. The miss is empty if
// the record has the binary, and the reason if it does not.
func (s *Store) Binary(a matrix.Artifact) (b Binary, miss string) {
	if !isDigest(a.SHA256) {
		return b, "it has no binary"
	}
	if spare := s.spare.Load(); spare != nil {
		if b, miss := spare.Binary(a); miss == "" {
			return b, ""
		}
	}
	path := s.place("bin", a.SHA256)
	sum, info, err := hashBinary(path, mark)
	var odd *regular.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return b, "its binary is not in the record"
	case errors.As(err, &odd):
		return b, "its binary is damaged: " + odd.Error()
	case err != nil:
		return b, "its binary is unreadable: " + reason(err)
	case sum != a.SHA256:
		return b, "its binary is damaged"
	case info.Mode()&0o111 != 0o111 && runtime.GOOS != "windows": // in a sandbox, another user may run it
		return b, "its binary may not be run"
	}
	return Binary{path, info}, ""
}

// hashBinary returns the SHA-256 of a binary of the record. It calls mark, which may
// change the time of the file, before it looks at the file and reads it.
func hashBinary(path string, mark func(string, fs.FileInfo)) (sum string, info fs.FileInfo, err error) {
	f, info, err := regular.Open(path, maxBinary)
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	mark(path, info)
	if info, err = f.Stat(); err == nil {
		sum, err = checksum.Reader(f)
	}
	return sum, info, err
}

// putBinary moves an artifact's binary into the record, and returns its new path.
func (s *Store) putBinary(a matrix.Artifact) (path string, err error) {
	// With a wrong checksum every later run would find the binary damaged.
	sum, err := checksum.File(a.Path)
	if err != nil {
		return "", err
	}
	if sum != a.SHA256 {
		return "", fmt.Errorf("%s has the SHA-256 %s, not %s: something has changed it since it was built", a.Path, sum, a.SHA256)
	}
	if had, miss := s.Binary(a); miss == "" { // another row has the same binary
		if had.Path != a.Path {
			os.Remove(a.Path) // a leftover does no harm
		}
		return had.Path, nil
	}
	err = s.orSpare("bin", a.SHA256, func(to *Store) error {
		path = to.place("bin", a.SHA256)
		return to.write(path, func(place string) error { return moveFile(a.Path, place) })
	})
	return path, err
}

// moveFile moves an executable.
func moveFile(from, to string) error {
	if err := os.Chmod(from, 0o755); err != nil {
		return err
	}
	if os.Rename(from, to) == nil {
		return nil
	}
	// The record is probably on another disk.
	if err := copyFile(from, to); err != nil {
		return err
	}
	os.Remove(from)
	return nil
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

// replaceFile writes a file so that other processes see the old contents or the new
// ones, and never a part. It does not wait for the disk, which takes longer than most
// trials: checksums find what a power failure damages.
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
