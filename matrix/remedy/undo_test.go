package remedy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestUndo lets the last of several files fail, and checks that all others get their
// former content back, and that nothing else is left.
func TestUndo(t *testing.T) {
	user, from := t.TempDir(), t.TempDir()
	write := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(user, "vendor", "modules.txt"), "old")
	write(filepath.Join(user, "go.mod"), "old")
	for _, name := range []string{"vendor/modules.txt", "fork/go.mod", "go.sum", "go.mod"} {
		write(filepath.Join(from, name), "new")
	}
	item := func(name string, folder bool, before []byte) *entry {
		return &entry{path: filepath.Join(user, name), from: filepath.Join(from, name), folder: folder, before: before}
	}
	c := &change{stages: map[string]*place{}, entries: []*entry{
		item("fork", true, nil), item("vendor", true, nil), item("go.sum", false, nil), item("go.mod", false, []byte("old")), item("go.work", false, nil),
	}}
	if err := c.prepare(); err != nil {
		t.Fatal(err)
	}
	if err := c.commit(); !errors.Is(err, fs.ErrNotExist) { // there is no new go.work
		t.Errorf("commit = %v, want %v", err, fs.ErrNotExist)
	}
	c.close()
	for name, want := range map[string]string{"vendor/modules.txt": "old", "go.mod": "old"} {
		if data, err := os.ReadFile(filepath.Join(user, name)); string(data) != want {
			t.Errorf("%s has %q, %v, want %q", name, data, err, want)
		}
	}
	if left, err := os.ReadDir(user); err != nil || len(left) != 2 {
		t.Errorf("the folder has %v, %v, want only what it had", left, err)
	}
}
