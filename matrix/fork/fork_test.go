package fork

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

const lib = "example.com/Lib" // with a capital letter, which proxies escape

type files = modtest.Files

var released = files{
	"go.mod":         "module " + lib + "\n",
	"LICENSE":        "Do as you like.\n",
	"lib.go":         "package lib\n\nconst A = 1\n",
	"internal/in.go": "package internal\n",
}

// release makes the module zip of a release.
func release(t *testing.T, version string, tree files) matrix.Source {
	t.Helper()
	file := modtest.Zip(t, lib, version, tree)
	made := time.Date(2024, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	return matrix.Source{Release: matrix.Release{Version: version, Module: lib, Sum: "h1:released", Time: made}, Zip: file}
}

// change returns a patch that changes the constant.
func change(name, from, to string) matrix.Variant {
	return matrix.Variant{
		Patch: name, File: "/somewhere/patches/" + name + "/all.patch", SHA256: "sum of " + name, Description: "gives A another value\nfor a reason",
		Diff: []byte("--- a/lib.go\n+++ b/lib.go\n@@ -3,1 +3,1 @@\n-const A = " + from + "\n+const A = " + to + "\n"),
	}
}

// lay makes a fork and fails the test if a patch does not apply.
func lay(t *testing.T, src matrix.Source, patches ...matrix.Variant) *Fork {
	t.Helper()
	spec := &matrix.Spec{Suite: "fake", Target: matrix.Target{Module: lib}}
	f, err := Lay(t.Context(), t.TempDir(), spec, matrix.Row{Release: src.Release, Patches: patches}, src, Maker{Tool: "v1.2.3", Toolchain: "go1.26.8"})
	if err != nil {
		t.Fatal(err)
	}
	if f.Conflict != "" {
		t.Fatal(f.Conflict)
	}
	return f
}

// TestWriteTree checks that the folder has the checksum that fork.json states, by
// the rules of the go command, and that all files are there.
func TestWriteTree(t *testing.T) {
	for _, withZip := range []bool{false, true} {
		f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"))
		dir := filepath.Join(t.TempDir(), "to", "fork")
		if err := f.WriteTree(dir, false, withZip); err != nil {
			t.Fatal(err)
		}
		var archive bytes.Buffer
		if err := modzip.CreateFromDir(&archive, module.Version{Path: lib, Version: f.Version}, dir); err != nil {
			t.Fatal(err)
		}
		if got := zipSum(t, archive.Bytes()); got != f.Sum {
			t.Errorf("the checksum of the folder is %s, want %s as in fork.json", got, f.Sum)
		}
		for name, want := range released {
			if name == "lib.go" {
				want = "package lib\n\nconst A = 2\n"
			}
			if got := readText(t, dir, name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		entries, err := os.ReadDir(filepath.Dir(dir))
		if err != nil || len(entries) != 1 {
			t.Errorf("the parent folder has %v (%v)", entries, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "FORK", "goproxy")); (err == nil) != withZip {
			t.Errorf("FORK/goproxy: %v", err)
		}
	}
}

// TestLicences checks that the README says for each patch what its licence is.
func TestLicences(t *testing.T) {
	licensed := change("mend", "1", "2")
	licensed.License = "MIT, as the module"
	dir := filepath.Join(t.TempDir(), "fork")
	if err := lay(t, release(t, "v1.0.0", released), licensed, change("more", "2", "3")).WriteTree(dir, false, false); err != nil {
		t.Fatal(err)
	}
	readme := readText(t, dir, "FORK/README.md")
	first, second := strings.Index(readme, "\n  - Licence: MIT, as the module\n"), strings.Index(readme, "\n  - Licence: not stated in the patch\n")
	if first < 0 || second < first {
		t.Errorf("the licences are not in it: %s", readme)
	}
}

// TestAbout checks the content of fork.json.
func TestAbout(t *testing.T) {
	f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"), change("more", "2", "3"))
	dir := t.TempDir()
	if err := f.WriteTree(dir, false, false); err != nil {
		t.Fatal(err)
	}
	got, ok := read(filepath.Join(dir, "FORK", "fork.json"))
	if !ok {
		t.Fatal("there is no fork.json")
	}
	part := func(name string) Part {
		return Part{Applied: matrix.Applied{Name: name, SHA256: "sum of " + name, Apply: matrix.ApplyExact}, File: "all.patch", Description: "gives A another value\nfor a reason"}
	}
	want := About{
		Schema: 1, Module: lib, Target: lib, Version: got.Version, Sum: got.Sum, GoModSum: got.GoModSum, Suite: "fake", Toolchain: "go1.26.8", Matrixrun: "v1.2.3",
		Release: Base{Module: lib, Version: "v1.0.0", Sum: "h1:released", Time: time.Date(2024, 1, 2, 2, 4, 5, 0, time.UTC)},
		Patches: []Part{part("mend"), part("more")},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !strings.HasPrefix(got.Version, "v1.0.1-0.matrixrun.mend.more.h") {
		t.Errorf("version is %s", got.Version)
	}
	sums := []string{lib + " " + got.Version + " " + got.Sum, lib + " " + got.Version + "/go.mod " + got.GoModSum}
	if d := cmp.Diff(sums, got.GoSum()); d != "" || !strings.HasPrefix(got.Sum, "h1:") || !strings.HasPrefix(got.GoModSum, "h1:") {
		t.Errorf("lines of go.sum are %q", got.GoSum())
	}
}

// TestVersionsDiffer checks that the version depends on the content of the release
// and on the patches: their bytes, results and number. Their order does not count, as
// it does not change the tree.
func TestVersionsDiffer(t *testing.T) {
	other := files{}
	for name, data := range released {
		other[name] = data
	}
	other["LICENSE"] = "Ask.\n"
	reworded := change("mend", "1", "2")
	reworded.SHA256 = "of other words in its header"
	src := release(t, "v1.0.0", released)
	note := matrix.Variant{Patch: "note", SHA256: "n", Diff: []byte("--- /dev/null\n+++ b/NOTE\n@@ -0,0 +1,1 @@\n+noted\n")}
	seen := map[string]string{}
	for name, f := range map[string]*Fork{
		"plain": lay(t, src, change("mend", "1", "2")), "another release": lay(t, release(t, "v1.0.0", other), change("mend", "1", "2")),
		"another value": lay(t, src, change("mend", "1", "3")), "other words": lay(t, src, reworded),
		"one more": lay(t, src, change("mend", "1", "2"), note),
	} {
		if also, ok := seen[f.Version]; ok {
			t.Errorf("%s and %s are both %s", name, also, f.Version)
		}
		seen[f.Version] = name
	}
	if again := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2")); seen[again.Version] != "plain" {
		t.Errorf("the same fork is %s the second time", again.Version)
	}
	if turned := lay(t, src, note, change("mend", "1", "2")); seen[turned.Version] != "one more" {
		t.Errorf("with the patches in another order, the same fork is %s", turned.Version)
	}
}

// TestWithoutGoMod forks a release from before modules. The folder needs a go.mod
// for replace, and the module version must not have one, because it is
// +incompatible.
func TestWithoutGoMod(t *testing.T) {
	f := lay(t, release(t, "v2.0.0+incompatible", files{"lib.go": released["lib.go"]}), change("mend", "1", "2"))
	if !strings.HasSuffix(f.Version, "+incompatible") {
		t.Errorf("version is %s", f.Version)
	}
	dir, forks := t.TempDir(), t.TempDir()
	if err := errors.Join(f.WriteTree(dir, false, false), f.WriteProxy(forks)); err != nil {
		t.Fatal(err)
	}
	at := "example.com/!lib/@v/" + f.Version
	for _, gomod := range []string{readText(t, dir, "go.mod"), readText(t, forks, at+".mod")} {
		if gomod != "module "+lib+"\n" {
			t.Errorf("go.mod is %q", gomod)
		}
	}
	z, err := zip.OpenReader(filepath.Join(forks, filepath.FromSlash(at+".zip")))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) != 1 || z.File[0].Name != lib+"@"+f.Version+"/lib.go" {
		t.Errorf("the zip has %d files, the first is %s", len(z.File), z.File[0].Name)
	}
	if err := CheckTree(dir, true); err != nil {
		t.Errorf("CheckTree takes go.mod for a change: %v", err)
	}
}

// TestConflict checks the reason for a conflict, and that a patch that was applied
// already is reported.
func TestConflict(t *testing.T) {
	src := release(t, "v1.0.0", released)
	f, err := Lay(t.Context(), t.TempDir(), &matrix.Spec{}, matrix.Row{Patches: []matrix.Variant{change("mend", "7", "8")}}, src, Maker{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "/somewhere/patches/mend/all.patch does not go on v1.0.0:\n"; !strings.HasPrefix(f.Conflict, want) || f.Already() {
		t.Errorf("conflict is %q, already %v", f.Conflict, f.Already())
	}
	if f := lay(t, src, change("mend", "7", "1")); !f.Already() {
		t.Errorf("applied are %+v", f.Applied)
	}
}

func zipSum(t *testing.T, archive []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.zip")
	if err := os.WriteFile(file, archive, 0o666); err != nil {
		t.Fatal(err)
	}
	sum, err := dirhash.HashZip(file, dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func readText(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
