package tree

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

const (
	lib    = "example.com/lib"
	former = "example.org/old/lib"
)

type files = modtest.Files

// release makes the module zip of a release.
func release(t *testing.T, module, version string, tree files) matrix.Source {
	t.Helper()
	return matrix.Source{Release: matrix.Release{Version: version, Module: module}, Zip: modtest.Zip(t, module, version, tree)}
}

// suite returns a suite whose reproduction has these files.
func suite(repro files) *matrix.Spec {
	all := fstest.MapFS{}
	for name, data := range repro {
		all["repro/"+name] = &fstest.MapFile{Data: []byte(data)}
	}
	return &matrix.Spec{Target: matrix.Target{Module: lib}, Reproduction: "repro", Files: all}
}

// row returns the row of a release with patches.
func row(src matrix.Source, patches ...matrix.Variant) matrix.Row {
	r := matrix.Row{ID: src.Version, Release: src.Release, Rehomed: src.Module != lib, Patches: patches}
	for _, p := range patches {
		r.ID += "+" + p.Patch
	}
	return r
}

// oldRelease is a release under the former path. Its packages import each other, a
// nested module, and a module whose path only begins alike.
var oldRelease = files{
	"go.mod": "module " + former + "\n\ngo 1.15\n\nrequire (\n\texample.com/dep v1.2.0\n\t" + former + "/plugin v0.1.0\n)\n\nexclude example.com/dep v1.1.0\n",
	"go.sum": "example.com/dep v1.2.0 h1:x\nexample.com/dep v1.2.0/go.mod h1:y\n",
	"lib.go": "package lib\n\nimport (\n\t\"fmt\"\n\n\tin \"" + former + "/internal/in\" // " + former + "\n\t_ `" + former + "`\n" +
		"\t_ \"" + former + "/plugin/x\"\n\t_ \"" + former + "-too\"\n)\n\n// See " + former + ".\nvar name = \"" + former + "\"\n",
	"internal/in/in.go":       "package in\n",
	"lib_test.go":             "package lib_test\n\nimport . \"" + former + "\"\n",
	"testdata/broken.go":      "import \"" + former + "\" of nothing\n",
	"README.md":               former + "\n",
	"internal/in/windows.go":  "package in\r\n\r\nimport _ \"" + former + "\"\r\n",
	"internal/in/nothing.txt": "",
}

func TestLayRehomes(t *testing.T) {
	src := release(t, former, "v0.1.0", oldRelease)
	dir := t.TempDir()
	ws, err := Lay(t.Context(), dir, suite(files{"main.go": "package main\n", "main_test.go": "package main\n"}), row(src), src, "go1.20.14")
	if err != nil {
		t.Fatal(err)
	}
	if ws.Dir != filepath.Join(dir, "repro") || ws.Conflict != "" || ws.Applied != nil {
		t.Errorf("workspace is %+v", ws)
	}
	want := files{
		"repro/main.go": "package main\n",
		"repro/go.mod": "module matrixrun.test/repro\n\ngo 1.20\n\n" +
			"require (\n\texample.com/dep v1.2.0 // indirect\n\texample.com/lib v0.0.0\n\texample.org/old/lib/plugin v0.1.0 // indirect\n)\n\n" +
			"replace example.com/lib => ../target\n",
		"repro/go.sum": oldRelease["go.sum"],
	}
	for name, data := range oldRelease {
		want["target/"+name] = data
	}
	want["target/go.mod"] = strings.Replace(oldRelease["go.mod"], "module "+former, "module "+lib, 1)
	want["target/lib.go"] = strings.Replace(strings.Replace(oldRelease["lib.go"],
		`"`+former+`/internal`, `"`+lib+`/internal`, 1), "`"+former+"`", `"`+lib+`"`, 1)
	want["target/lib_test.go"] = strings.Replace(oldRelease["lib_test.go"], former, lib, 1)
	want["target/internal/in/windows.go"] = strings.Replace(oldRelease["internal/in/windows.go"], former, lib, 1)
	if d := cmp.Diff(want, modtest.Read(t, dir)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestLayPatches applies patches in order and before the release is rehomed. The
// first patch that does not apply is named, and is the last one tried.
func TestLayPatches(t *testing.T) {
	src := release(t, former, "v0.1.0", files{
		"go.mod": "module " + former + "\n",
		"lib.go": "package lib\n\nimport _ \"" + former + "/in\"\n\nconst A = 1\n",
		"in.go":  "package lib\n",
	})
	variant := func(name, from, to string) matrix.Variant {
		return matrix.Variant{Patch: name, File: "patches/" + name + "/all.patch", SHA256: "sum of " + name, DiffLine: 9,
			Diff: []byte("--- a/lib.go\n+++ b/lib.go\n@@ -2,3 +2,3 @@\n import _ \"" + former + "/in\"\n \n-" + from + "\n+" + to + "\n")}
	}
	first, second := variant("first", "const A = 1", "const A = 2"), variant("second", "const A = 2", "const A = 3")
	spec := suite(files{"main.go": "package main\n"})

	dir := t.TempDir()
	ws, err := Lay(t.Context(), dir, spec, row(src, first, second), src, "go1.26.8")
	if err != nil {
		t.Fatal(err)
	}
	want := &matrix.Workspace{Dir: filepath.Join(dir, "repro"), Applied: []matrix.Applied{
		{Name: "first", SHA256: "sum of first", Apply: matrix.ApplyOffset, Offset: 1},
		{Name: "second", SHA256: "sum of second", Apply: matrix.ApplyOffset, Offset: 1},
	}}
	if d := cmp.Diff(want, ws); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got, want := modtest.Read(t, dir)["target/lib.go"], "package lib\n\nimport _ \""+lib+"/in\"\n\nconst A = 3\n"; got != want {
		t.Errorf("lib.go is %q, want %q", got, want)
	}

	ws, err = Lay(t.Context(), t.TempDir(), spec, row(src, second, first), src, "go1.26.8")
	if err != nil {
		t.Fatal(err)
	}
	if len(ws.Applied) != 1 || ws.Applied[0].Name != "second" || ws.Applied[0].Apply != matrix.ApplyConflict {
		t.Errorf("applied are %+v", ws.Applied)
	}
	if want := "patches/second/all.patch does not go on v0.1.0:\nlib.go: hunk @@ -2,3 +2,3 @@ (patches/second/all.patch:11): "; !strings.HasPrefix(ws.Conflict, want) {
		t.Errorf("conflict is %q, want it to begin with %q", ws.Conflict, want)
	}

	bad := matrix.Variant{Patch: "bad", File: "bad.patch", DiffLine: 4, Diff: []byte("--- /x\n+++ /x\n@@ -1 +1 @@\n-a\n+b\n")}
	_, err = Lay(t.Context(), t.TempDir(), spec, row(src, bad), src, "go1.26.8")
	if !errors.As(err, &matrix.Problems{}) || !strings.Contains(err.Error(), "bad.patch:4: ") {
		t.Errorf("error is %v, want problems with a place", err)
	}
}

// TestLayOnlyReads checks that only the workspace is written, and that every file
// of the target is writable.
func TestLayOnlyReads(t *testing.T) {
	src := release(t, former, "v0.1.0", oldRelease)
	before, err := dirhash.HashZip(src.Zip, dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	patch := matrix.Variant{Patch: "p", Diff: []byte("--- a/README.md\n+++ b/README.md\n@@ -1 +1,2 @@\n " + former + "\n+patched\n")}
	if _, err := Lay(t.Context(), filepath.Join(parent, "row"), suite(files{"main.go": "package main\n"}), row(src, patch), src, "go1.26.8"); err != nil {
		t.Fatal(err)
	}
	after, err := dirhash.HashZip(src.Zip, dirhash.Hash1)
	if err != nil || after != before {
		t.Errorf("the zip's hash is %s (%v), was %s", after, err, before)
	}
	for _, dir := range []string{parent, filepath.Dir(src.Zip)} {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%s holds %v (%v), want one entry", dir, entries, err)
		}
	}
	for name := range modtest.Read(t, parent) {
		if info, err := os.Stat(filepath.Join(parent, name)); err != nil || info.Mode()&0o200 == 0 {
			t.Errorf("%s can't be written: %v (%v)", name, info.Mode(), err)
		}
	}
}

func TestLayErrors(t *testing.T) {
	src := release(t, former, "v0.1.0", oldRelease)
	spec := suite(files{"main.go": "package main\n"})
	notRehomed := row(src)
	notRehomed.Rehomed = false
	missing, wrong := src, src
	missing.Zip += ".gone"
	wrong.Version = "v0.2.0"
	full := t.TempDir()
	if err := os.MkdirAll(filepath.Join(full, "target", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, dir, toolchain, want string
		row                        matrix.Row
		src                        matrix.Source
	}{
		{"not rehomed", t.TempDir(), "go1.26.8", "the row does not rehome it", notRehomed, src},
		{"no zip", t.TempDir(), "go1.26.8", "no such file", row(src), missing},
		{"another version's zip", t.TempDir(), "go1.26.8", "v0.2.0", row(src), wrong},
		{"folder in use", full, "go1.26.8", "not empty", row(src), src},
		{"no toolchain", t.TempDir(), "", `"" is not a released Go toolchain`, row(src), src},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Lay(t.Context(), test.dir, spec, test.row, test.src, test.toolchain)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "laying out v0.1.0: ") {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestReplaceLine(t *testing.T) {
	plain := matrix.Row{ID: "v0.2.0", Release: matrix.Release{Module: lib, Version: "v0.2.0"}}
	rehomed := matrix.Row{ID: "v0.1.0", Release: matrix.Release{Module: former, Version: "v0.1.0"}, Rehomed: true}
	patched := plain
	patched.ID, patched.Patches = "v0.2.0+fix", []matrix.Variant{{Patch: "fix"}}
	for want, row := range map[string]matrix.Row{
		"=> example.com/lib v0.2.0": plain, "=> ./v0.1.0": rehomed, "=> ./v0.2.0+fix": patched,
	} {
		if got := ReplaceLine(row); got != want {
			t.Errorf("%s: %q, want %q", row.ID, got, want)
		}
	}
}
