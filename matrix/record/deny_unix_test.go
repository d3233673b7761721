//go:build unix

package record_test

import (
	"os"
	"path/filepath"
	"testing"
)

// denyWriting takes from all folders below a folder the right to write, until the test
// ends.
func denyWriting(t *testing.T, dir string) {
	t.Helper()
	change := func(mode os.FileMode) {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || !e.IsDir() {
				return err
			}
			return os.Chmod(path, mode)
		})
		if err != nil {
			t.Error(err)
		}
	}
	change(0o555)
	t.Cleanup(func() { change(0o755) })
}
