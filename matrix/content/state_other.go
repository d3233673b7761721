//go:build !unix

package content

import (
	"os"
	"path/filepath"
)

// looker returns a function that reports the state of files and folders in a folder.
func looker(dir string) (look func(name string, folder bool) (fileState, bool), done func(), ok bool) {
	return func(name string, folder bool) (fileState, bool) { return lookAt(filepath.Join(dir, name), folder) }, func() {}, true
}

// lookAt returns the state of a file or a folder. It is not ok if it is something else.
func lookAt(name string, folder bool) (s fileState, ok bool) {
	info, err := os.Lstat(name)
	if err != nil || info.IsDir() != folder || !folder && !info.Mode().IsRegular() {
		return s, false
	}
	s.changed = info.ModTime().UnixNano()
	s.words = [...]uint64{uint64(info.Mode()), 0, uint64(info.Size()), uint64(s.changed), 0}
	return s, true
}
