//go:build unix

package regular_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name  string
		lay   func(path string) error
		want  string // the error
		large bool
	}{
		{name: "file", lay: func(path string) error { return os.WriteFile(path, []byte("1234"), 0o666) }},
		{"large", func(path string) error { return os.WriteFile(path, []byte("12345"), 0o666) }, "it has 5 bytes, and no file of its kind has more than 4", true},
		{"folder", func(path string) error { return os.Mkdir(path, 0o777) }, "it is a folder", false},
		{"link", func(path string) error { return os.Symlink("/etc/hosts", path) }, "it is a link", false},
		{"pipe", func(path string) error { return unix.Mkfifo(path, 0o666) }, "it is a named pipe", false},
		{"socket", func(path string) error { return unix.Mknod(path, unix.S_IFSOCK|0o666, 0) }, "it is not a regular file", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			if _, _, err := regular.Read(path, 4); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("nothing: %v", err)
			}
			if err := test.lay(path); err != nil {
				t.Skip(err)
			}
			data, _, err := regular.Read(path, 4)
			var odd *regular.Error
			switch {
			case test.want == "":
				if string(data) != "1234" || err != nil {
					t.Errorf("%q, %v", data, err)
				}
			case !errors.As(err, &odd) || odd.Error() != test.want || odd.Large != test.large:
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}
