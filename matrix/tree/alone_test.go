package tree

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// TestLayTarget lays out the release alone: with its patches, under its own path.
func TestLayTarget(t *testing.T) {
	src := release(t, former, "v0.1.0", files{"lib.go": "package lib\n\nimport _ \"" + former + "/in\"\n", "lib_test.go": "package lib\n"})
	patch := matrix.Variant{Patch: "p", File: "p.patch", SHA256: "sum", DiffLine: 1, Diff: []byte("--- a/lib_test.go\n+++ b/lib_test.go\n@@ -1 +1,2 @@\n package lib\n+// more\n")}
	dir := t.TempDir()
	ws, err := LayTarget(t.Context(), dir, "example.com/lib", row(src, patch), src)
	if err != nil {
		t.Fatal(err)
	}
	want := &matrix.Workspace{Dir: dir, Applied: []matrix.Applied{{Name: "p", SHA256: "sum", Apply: matrix.ApplyExact}}}
	if d := cmp.Diff(want, ws); d != "" {
		t.Error(d)
	}
	got := modtest.Read(t, dir)
	wantFiles := files{"go.mod": "module " + former + "\n", "lib.go": "package lib\n\nimport _ \"" + former + "/in\"\n", "lib_test.go": "package lib\n// more\n"}
	if d := cmp.Diff(wantFiles, got); d != "" {
		t.Error(d)
	}
	for path, refused := range map[string]bool{"/home": true, "../../secret": true, "./in/../../out": true, "./in": false} {
		src := release(t, former, "v0.1.0", files{"go.mod": "module " + former + "\n\nreplace example.com/x => " + path + "\n", "lib.go": "package lib\n"})
		if _, err := LayTarget(t.Context(), t.TempDir(), "example.com/lib", row(src), src); (err != nil) != refused || refused && !strings.Contains(err.Error(), "go.mod replaces example.com/x by a folder outside of the module: "+path) {
			t.Errorf("%s: %v, want refused %v", path, err, refused)
		}
	}
	patch.Diff = []byte("--- a/lib.go\n+++ b/lib.go\n@@ -1 +1 @@\n-package other\n+package another\n")
	if ws, err := LayTarget(t.Context(), t.TempDir(), "example.com/lib", row(src, patch), src); err != nil || ws.Conflict == "" {
		t.Errorf("got %+v, %v", ws, err)
	}
}
