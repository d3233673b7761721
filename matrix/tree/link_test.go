package tree

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestLink lays out rows whose release is unpacked in the module cache.
func TestLink(t *testing.T) {
	plain := files{"go.mod": "module " + lib + "\n", "lib.go": "package lib\n"}
	old := files{"lib.go": "package lib\n"}
	const more = "--- a/lib.go\n+++ b/lib.go\n@@ -1 +1,2 @@\n package lib\n+// more\n"
	tests := []struct {
		name   string
		files  files
		change func(dir string, row *matrix.Row)
		linked bool
	}{
		{"unchanged", plain, func(string, *matrix.Row) {}, true},
		{"changed since", plain, func(dir string, _ *matrix.Row) { write(t, dir, "lib.go", "package tampered\n") }, false},
		{"file added since", plain, func(dir string, _ *matrix.Row) { write(t, dir, "more.go", "package lib\n") }, false},
		{"without go.mod", old, func(string, *matrix.Row) {}, false},
		{"patched", plain, func(_ string, row *matrix.Row) { row.Patches = []matrix.Variant{{Patch: "more", Diff: []byte(more)}} }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := release(t, lib, "v1.0.0", test.files)
			var err error
			if src.Sum, err = dirhash.HashZip(src.Zip, dirhash.Hash1); err != nil {
				t.Fatal(err)
			}
			src.Dir = t.TempDir()
			for name, text := range test.files {
				write(t, src.Dir, name, text)
			}
			row := row(src)
			test.change(src.Dir, &row)
			dir := t.TempDir()
			if _, err := Lay(t.Context(), dir, suite(files{"main.go": "package main\n"}), row, src, "go1.26.8"); err != nil {
				t.Fatal(err)
			}
			info, err := os.Lstat(filepath.Join(dir, "target"))
			if err != nil || (info.Mode()&os.ModeSymlink != 0) != test.linked {
				t.Errorf("the target is %v, %v; want a link: %v", info, err, test.linked)
			}
			if got, err := os.ReadFile(filepath.Join(dir, "target", "lib.go")); err != nil || !strings.HasPrefix(string(got), "package lib\n") {
				t.Errorf("the target's code is %q, %v", got, err)
			}
		})
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
