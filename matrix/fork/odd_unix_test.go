//go:build unix

package fork

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestOddFiles puts folders, links and pipes in the place of the files that a fork reads
// or writes. They are named, and neither followed nor waited for.
func TestOddFiles(t *testing.T) {
	f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"))
	const at = "example.com/!lib/@v/"
	for kind, lay := range map[string]func(string) error{
		"a folder":     func(path string) error { return os.Mkdir(path, 0o777) },
		"a link":       func(path string) error { return os.Symlink("../mine", path) },
		"a named pipe": func(path string) error { return unix.Mkfifo(path, 0o666) },
	} {
		for _, name := range []string{"README.md", at + "list", at + f.Version + ".zip", at + f.Version + ".fork.json"} {
			t.Run(kind+" as "+filepath.Base(name), func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), lay(path)); err != nil {
					t.Skip(err)
				}
				want := "--goproxy " + dir + ": " + name + ": it is " + kind
				if err := f.WriteProxy(dir); !errors.As(err, &matrix.Problems{}) || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %q", err, want)
				}
			})
		}
		for name, want := range map[string]string{"fork.json": "it is neither empty nor a fork", "SHA256SUMS": "it is " + kind, "README.md": "FORK/README.md was added or changed"} {
			if name == "README.md" && kind == "a folder" {
				continue // an empty one, of which nothing is lost
			}
			t.Run(kind+" as "+name, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "fork")
				if err := f.WriteTree(dir, false, false); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(dir, "FORK", name)
				if err := errors.Join(os.Remove(path), lay(path)); err != nil {
					t.Skip(err)
				}
				if err := f.WriteTree(dir, true, false); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %q", err, want)
				}
			})
		}
	}
}
