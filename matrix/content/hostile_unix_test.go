//go:build unix

package content

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe checks that nothing waits for the other end of a named pipe.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.go", "go.mod"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o666); err != nil {
			t.Skip("there are no named pipes here: ", err)
		}
	}
	found, err := index(t).Search(t.Context(), Code{Files: os.DirFS(dir)}, target)
	if err != nil || found != nil {
		t.Errorf("got %v, %v", found, err)
	}
}
