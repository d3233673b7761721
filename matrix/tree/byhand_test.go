package tree

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// TestLayByHand checks that go.mod names the release, with its checksums in go.sum,
// or a folder if the row changes the target.
func TestLayByHand(t *testing.T) {
	tests := []struct {
		name    string
		module  string
		patches []matrix.Variant
		replace string
		sums    bool // of the release itself
		files   []string
	}{
		{"a release", lib, nil, "example.com/lib v0.5.0", true, []string{"go.mod", "go.sum", "main.go", "wire/wire.go"}},
		{"patched", lib, []matrix.Variant{renaming("old")}, "./v0.5.0+p", false,
			[]string{"go.mod", "main.go", "wire/wire.go", "v0.5.0+p/go.mod", "v0.5.0+p/lib.go"}},
		{"rehomed", former, nil, "./v0.5.0", false, []string{"go.mod", "main.go", "wire/wire.go", "v0.5.0/go.mod", "v0.5.0/lib.go"}},
		{"in conflict", lib, []matrix.Variant{renaming("other")}, "", false, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := release(t, test.module, "v0.5.0", files{"go.mod": "module " + test.module + "\n", "lib.go": "package old\n"})
			src.Sum = zipSum(t, src)
			dir := t.TempDir()
			r := row(src, test.patches...)
			ws, err := LayByHand(t.Context(), dir, suite(files{"main.go": "package main\n", "wire/wire.go": "package wire\n", "wire/wire_test.go": ""}), r, src, "go1.26.8")
			if err != nil {
				t.Fatal(err)
			}
			got := modtest.Read(t, dir)
			if (ws.Conflict != "") != (test.files == nil) || ws.Dir != dir {
				t.Errorf("workspace is %+v", ws)
			}
			for _, name := range test.files {
				if _, ok := got[name]; !ok {
					t.Errorf("there is no %s", name)
				}
			}
			if len(got) != len(test.files) {
				t.Errorf("there are %d files, want %q: %v", len(got), test.files, got)
			}
			if test.files != nil && !strings.HasSuffix(got["go.mod"], "\nreplace example.com/lib => "+test.replace+"\n") {
				t.Errorf("go.mod is %q", got["go.mod"])
			}
			want := ""
			if test.sums { // go mod verify knows the second one by this text
				want = "example.com/lib v0.5.0 " + src.Sum + "\nexample.com/lib v0.5.0/go.mod h1:"
			}
			if !strings.HasPrefix(got["go.sum"], want) || (want == "") != (got["go.sum"] == "") {
				t.Errorf("go.sum is %q, want it to begin with %q", got["go.sum"], want)
			}
			if line := ReplaceLine(r); test.replace != "" && line != "=> "+test.replace {
				t.Errorf("the replace line is %q", line)
			}
		})
	}
}

// renaming returns a patch that applies to a package of the given name.
func renaming(name string) matrix.Variant {
	return matrix.Variant{Patch: "p", File: "p.patch", Diff: []byte("--- a/lib.go\n+++ b/lib.go\n@@ -1 +1 @@\n-package " + name + "\n+package lib\n")}
}

func zipSum(t *testing.T, src matrix.Source) string {
	t.Helper()
	sum, err := dirhash.HashZip(src.Zip, dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
