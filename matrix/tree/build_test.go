package tree

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// TestBuild builds a workspace with the real go command and without network. The
// release has a former path and a package below internal, which only packages of
// the same module may import.
func TestBuild(t *testing.T) {
	src := release(t, former, "v0.1.0", files{
		"go.mod":         "module " + former + "\n\ngo 1.16\n",
		"lib.go":         "package lib\n\nimport \"" + former + "/internal/in\"\n\nfunc Word() string { return in.Word }\n",
		"internal/in.go": "package internal\n",
		"internal/in/in.go": "package in\n\n" +
			"const Word = \"plain\"\n",
	})
	// The reproduction has packages of its own, one of which imports the target.
	spec := suite(files{
		"main.go":                   "package main\n\nimport \"example.com/suite/repro/say\"\n\nfunc main() { print(say.Word()) }\n",
		"say/say.go":                "package say\n\nimport (\n\t\"" + lib + "\"\n\t\"example.com/suite/repro/internal/as\"\n)\n\nfunc Word() string { return as.It(lib.Word()) }\n",
		"say/say_test.go":           "package say of nothing\n",
		"internal/as/as.go":         "package as\n\nfunc It(word string) string { return word }\n",
		"internal/as/testdata/x.go": "of nothing\n",
	})
	spec.Module = "example.com/suite/repro"
	patch := matrix.Variant{Patch: "p", File: "p.patch",
		Diff: []byte("--- a/internal/in/in.go\n+++ b/internal/in/in.go\n@@ -1,3 +1,3 @@\n package in\n \n-const Word = \"plain\"\n+const Word = \"patched\"\n")}
	for want, r := range map[string]matrix.Row{"plain": row(src), "patched": row(src, patch)} {
		t.Run(want, func(t *testing.T) {
			dir := t.TempDir()
			ws, err := Lay(t.Context(), dir, spec, r, src, runtime.Version())
			if err != nil {
				t.Fatal(err)
			}
			before := modtest.Read(t, dir)
			binary := filepath.Join(t.TempDir(), "repro.exe")
			cmd := exec.Command("go", "build", "-trimpath", "-o", binary, ".")
			cmd.Dir = ws.Dir
			cmd.Env = append(cmd.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOTOOLCHAIN=local", "GOWORK=off", "CGO_ENABLED=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if out, err := exec.Command(binary).CombinedOutput(); err != nil || string(out) != want {
				t.Errorf("the binary prints %q (%v), want %q", out, err, want)
			}
			data, err := os.ReadFile(binary)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), dir) {
				t.Error("the workspace's path is in the binary")
			}
			for name, data := range modtest.Read(t, dir) {
				if before[name] != data {
					t.Errorf("building changed %s", name)
				}
			}
		})
	}
}
