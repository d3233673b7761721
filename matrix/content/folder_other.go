//go:build !linux

package content

import (
	"io/fs"
	"os"
)

// openFolder opens a folder. The caller calls done after use.
func openFolder(dir string) (files fs.FS, done func(), err error) {
	return os.DirFS(dir), func() {}, nil
}
