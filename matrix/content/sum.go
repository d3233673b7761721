package content

import (
	"context"
	"fmt"
	"io"
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
	t, done, err := openAll(dir)
	if err != nil {
		return "", err
	}
	defer done()
	names := make([]string, len(t.names))
	for i, name := range t.names {
		names[i] = prefix + "/" + name
	}
	return dirhash.Hash1(names, func(name string) (io.ReadCloser, error) {
		name = name[len(prefix)+1:]
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name))) // in the module cache there are no links
		if err != nil {
			return nil, err
		}
		if err := regular.Check(info, maxTotal); err != nil {
			return nil, err
		}
		f, err := t.open(name)
		return hashedFile{f, t}, err
	})
}

// A hashedFile is an open file of a tree whose content is copied to a hash.
type hashedFile struct {
	io.ReadCloser
	tree *tree
}

// WriteTo implements io.WriterTo, with the buffer of the tree.
func (h hashedFile) WriteTo(w io.Writer) (n int64, err error) {
	n, err = io.CopyBuffer(w, struct{ io.Reader }{h.ReadCloser}, h.tree.buf[:cap(h.tree.buf)]) // the reader cannot copy itself
	if h.tree.read += n; err == nil && h.tree.read > maxTotal {
		err = fmt.Errorf("%w: its files have more than %d MB", ErrTooLarge, maxTotal>>20)
	}
	return n, err
}

// KnownSum is Sum, unless the folder is in the module cache and memory has the checksum of
// it as it is now.
func KnownSum(memory Memory, cache, dir, path, version string) string {
	m := newMemo(memory, cache, dir, []string{"checksum", path, version})
	if sum, ok := m.recall(); ok {
		return sum
	}
	var before fact
	if t, done, err := openAll(dir); err == nil {
		before = m.begin(t.folders, t.names)
		done()
	}
	sum := Sum(dir, path, version)
	if strings.HasPrefix(sum, "h1:") {
		m.keep(before, sum)
	}
	return sum
}

// openAll returns the tree of all files in a folder, whatever they are. The caller calls done
// after use.
func openAll(dir string) (t *tree, done func(), err error) {
	files, done, err := openFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	t = &tree{files: files, buf: make([]byte, 0, bufSize)}
	for next := []string{"."}; len(next) > 0; {
		last := len(next) - 1
		entries, err := t.entries(context.Background(), next[last]) // there is no long wait
		if err != nil {
			done()
			return nil, nil, err
		}
		folder := next[last]
		next = next[:last]
		for _, e := range entries {
			if name := join(folder, e.Name()); e.IsDir() {
				next = append(next, name)
			} else {
				t.names = append(t.names, name)
			}
		}
	}
	return t, done, nil
}
