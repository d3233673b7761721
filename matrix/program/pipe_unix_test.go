//go:build unix

package program

import (
	"strings"
	"syscall"
	"testing"
)

// TestPipe checks that a named pipe is refused, and not waited for.
func TestPipe(t *testing.T) {
	write(t, map[string]string{"a/x": "", "b/vendor/x": "", "b/go.mod": "module example.com/b\ngo 1.20\n"})
	for _, name := range []string{"pipe", "a/go.work", "b/vendor/modules.txt"} {
		if err := syscall.Mkfifo(name, 0o666); err != nil {
			t.Skipf("needs named pipes: %v", err)
		}
	}
	t.Setenv("GOWORK", "pipe")
	for name, want := range map[string]string{
		"pipe":      "pipe: it is a named pipe: want",
		"a":         "a: neither this folder nor one above it has a go.mod",
		"a/go.work": "a/go.work: it is a named pipe",
		"b":         "pipe: reading go.work: it is a named pipe",
	} {
		if name == "b" {
			t.Setenv("GOWORK", "pipe")
		} else {
			t.Setenv("GOWORK", "off")
		}
		if _, err := Read(t.Context(), name, Options{FilesOnly: true}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	t.Setenv("GOWORK", "off")
	if _, err := Read(t.Context(), "b", Options{FilesOnly: true}); err == nil || !strings.HasPrefix(err.Error(), "b/vendor/modules.txt: reading the list of vendored modules: it is a named pipe") {
		t.Errorf("a modules.txt: got %v", err)
	}
}
