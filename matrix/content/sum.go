package content

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// Sum returns the checksum of a module version that is unpacked in a folder, as go.sum
// would have it; "no checksum: " and why if it cannot be read. It is another one if any
// file was added, removed or changed.
func Sum(dir, path, version string) string {
	sum, err := hash(dir, module.Version{Path: path, Version: version}.String())
	if err != nil {
		return "no checksum: " + withoutPath(err).Error()
	}
	return sum
}

// hash returns the checksum of a folder whose files have names that begin with a prefix.
func hash(dir, prefix string) (string, error) {
	files, err := dirhash.DirFiles(dir, prefix)
	if err != nil {
		return "", err
	}
	total, buf := int64(0), make([]byte, bufSize)
	return dirhash.Hash1(files, func(name string) (io.ReadCloser, error) {
		file := filepath.Join(dir, filepath.FromSlash(name[len(prefix):]))
		info, err := os.Lstat(file) // in the module cache there are no links
		if err != nil {
			return nil, err
		}
		if total += info.Size(); total > maxTotal {
			return nil, fmt.Errorf("%w: its files have more than %d MB", ErrTooLarge, maxTotal>>20)
		}
		if err := regular.Check(info, maxTotal); err != nil {
			return nil, err
		}
		f, err := os.Open(file)
		return hashed{f, buf}, err
	})
}

// A hashed is a file that is copied with a buffer that other files have used.
type hashed struct {
	*os.File
	buf []byte
}

// WriteTo implements io.WriterTo.
func (h hashed) WriteTo(w io.Writer) (n int64, err error) {
	return io.CopyBuffer(w, struct{ io.Reader }{h.File}, h.buf) // which hides that a file can copy itself
}

// KnownSum is Sum, unless the folder is in the module cache and memory has the checksum of
// it as it is now.
func KnownSum(memory Memory, cache, dir, path, version string) string {
	m := newMemo(memory, cache, dir, []string{"checksum", path, version})
	if sum, ok := m.recall(); ok {
		return sum
	}
	var before fact
	if folders, files, err := everything(dir); err == nil {
		before = m.begin(folders, files)
	}
	sum := Sum(dir, path, version)
	if strings.HasPrefix(sum, "h1:") {
		m.keep(before, sum)
	}
	return sum
}

// everything returns the slash-separated names of all folders and files in a folder.
func everything(dir string) (folders, files []string, err error) {
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
		return nil
	})
	return folders, files, err
}
