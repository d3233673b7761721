//go:build !unix

package content

import (
	"os"
	"path/filepath"
)

// looker returns a function that looks at files and folders in a folder.
func looker(dir string) (look func(name string, folder bool) (looked, bool), done func(), ok bool) {
	return func(name string, folder bool) (looked, bool) { return lookAt(filepath.Join(dir, name), folder) }, func() {}, true
}

// lookAt looks at a file or a folder. It is not ok if it is something else.
func lookAt(name string, folder bool) (l looked, ok bool) {
	info, err := os.Lstat(name)
	if err != nil || info.IsDir() != folder || !folder && !info.Mode().IsRegular() {
		return l, false
	}
	l.changed = info.ModTime().UnixNano()
	l.words = [...]uint64{uint64(info.Mode()), 0, uint64(info.Size()), uint64(l.changed), 0}
	return l, true
}
