package content

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// unpacked writes files to a folder.
func unpacked(t *testing.T, f files) string {
	t.Helper()
	dir := t.TempDir()
	modtest.Write(t, dir, modtest.Files(f))
	return dir
}

// cachedZip writes the zip of a module version to a module cache.
func cachedZip(t *testing.T, cache, path, version string, f files) {
	t.Helper()
	dir := filepath.Join(cache, "cache", "download", filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	made := modtest.Zip(t, strings.ReplaceAll(path, "!o", "O"), version, modtest.Files(f))
	if err := os.Rename(made, filepath.Join(dir, version+".zip")); err != nil {
		t.Fatal(err)
	}
}

// TestModules checks what is found in the modules of a build, and which of them are
// unseen: those without any code here.
func TestModules(t *testing.T) {
	cache := t.TempDir()
	cachedZip(t, cache, "example.com/!other/fork", "v0.1.0", releases["v1.1.0"].replace("example.com/lib", "example.com/Other/fork"))
	cachedZip(t, cache, "example.com/lib", "v1.0.5", latest.replace("example.com/fork", "example.com/lib"))
	damaged := filepath.Join(cache, "cache", "download", "example.com", "damaged", "@v")
	if err := os.MkdirAll(damaged, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "v1.0.0.zip"), []byte("no zip"), 0o666); err != nil {
		t.Fatal(err)
	}
	folder := &matrix.Replacement{Path: "../lib"}
	p := &matrix.Program{Modules: []matrix.BuiltModule{
		{Path: "example.com/app", Main: true, Dir: unpacked(t, app.merge(first.with("go.mod", "").in("internal/copy").replace("example.com/old/lib", "example.com/app/internal/copy")))},
		{Path: "example.com/a", Version: "v1.0.0", Dir: unpacked(t, app)},
		{Path: "example.com/damaged", Version: "v1.0.0"},
		{Path: "example.com/gone", Version: "v1.0.0", Missing: "only its go.mod was given"},
		{Path: "example.com/lib", Version: "v1.9.0", Replaced: folder, Dir: unpacked(t, releases["v1.1.1"].with("doc.go", ""))},
		{Path: "example.com/lib", Version: "v1.0.0", Replaced: &matrix.Replacement{Path: "example.com/Other/fork", Version: "v0.1.0"}},
		{Path: "example.com/lib", Version: "v1.0.5"},
		{Path: "example.com/lib", Version: "v1.0.6"},
		{Path: "example.com/none", Version: "v1.0.0", Dir: filepath.Join(t.TempDir(), "gone")},
		{Path: "example.com/v", Version: "v1.0.0", Vendored: true, Dir: unpacked(t, latest.with("go.mod", "").in("fork"))},
		{Path: "example.com/v/fork", Version: "v1.0.0", Vendored: true, Dir: unpacked(t, latest.with("go.mod", "").replace("example.com/fork", "example.com/v/fork"))},
		{Path: "example.com/w", Version: "v1.0.0", Ignored: []string{"testdata/fork", "testdata/fork/http", "testdata/fork/internal/wire"}, Dir: unpacked(t, latest.with("go.mod", "").replace("example.com/fork", "example.com/w/testdata/fork").in("testdata/fork"))},
		{Path: "example.com/x", Version: "v1.0.0", Ignored: []string{"_x/fork", "_x/fork/http", "_x/fork/internal/wire"}, Dir: unpacked(t, latest.with("go.mod", "").replace("example.com/fork", "example.com/x/_x/fork").in("_x/fork"))},
		{Path: "example.com/y", Version: "v1.0.0", Dir: unpacked(t, latest.with("go.mod", "").in("testdata/fork").merge(latest.with("go.mod", "").in("_x/fork")))},
	}}
	known := func(m *matrix.BuiltModule) bool { return m.Version == "v1.0.6" }
	found, unseen, err := index(t).Modules(t.Context(), p, Look{Target: target, Cache: cache, Known: known})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%d %v %s", f.Module, f.Named, short(f.Likeness)))
	}
	for _, u := range unseen {
		why, _, _ := strings.Cut(u.Why, " be read: ") // what follows depends on the system
		got = append(got, fmt.Sprintf("%s %s: %s", u.Module, u.Version, why))
	}
	want := []string{
		"0 false internal/copy 5: =v1.0.0 5/5",
		"4 true 5: v1.1.1 5/6",
		"5 true 6: =v1.1.0 6/6",
		"6 true 6: =v1.1.1 6/6",
		"10 false 6: =v1.1.1 6/6",
		"11 false testdata/fork 6: =v1.1.1 6/6",
		"12 false _x/fork 6: =v1.1.1 6/6",
		"example.com/damaged v1.0.0: reading its zip in the module cache: zip: not a valid zip file",
		"example.com/gone v1.0.0: only its go.mod was given",
		"example.com/none v1.0.0: its folder cannot",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestIndexKeepsUp checks how an index follows a lock: releases are added, replaced and
// removed, and the text does not depend on the order in which they came.
func TestIndexKeepsUp(t *testing.T) {
	x := new(Index)
	var lock []matrix.Release
	for _, version := range []string{"v1.1.1", "v1.0.0", "v1.1.0"} {
		src := source(t, version, releases[version])
		lock = append(lock, src.Release)
		if err := x.Add(t.Context(), src, target); err != nil {
			t.Fatal(err)
		}
	}
	text := string(x.Format())
	if diff := cmp.Diff(string(index(t).Format()), text); diff != "" {
		t.Error(diff)
	}
	if missing := x.Missing(lock); missing != nil || x.Keep(lock) {
		t.Errorf("missing %v", missing)
	}
	other := releases["v1.1.0"].with("new.go", "//go:build ignore\n\npackage main\n", "embed.go", "package lib\n\n//go:embed new.go\nvar s string\n", "a.s", "TEXT\n")
	src := source(t, "v1.1.0", other)
	src.Sum = "h1:new"
	if err := x.Add(t.Context(), src, target); err != nil {
		t.Fatal(err)
	}
	if missing := x.Missing(lock); len(missing) != 1 || missing[0].Version != "v1.1.0" {
		t.Errorf("missing %v", missing)
	}
	again, err := Parse("", x.Format())
	if err != nil || string(again.Format()) != string(x.Format()) {
		t.Errorf("it does not survive writing: %v", err)
	}
	if !x.Keep(lock) || len(x.Missing(lock)) != 1 {
		t.Error("the other release is kept")
	}
}

// TestSeen checks that looks which share what they have seen look at a module once for a
// target, and again for another one.
func TestSeen(t *testing.T) {
	dir := unpacked(t, latest)
	p := &matrix.Program{Modules: []matrix.BuiltModule{{Path: "example.com/a", Version: "v1.0.0", Dir: dir}}}
	x, seen := index(t), new(Seen)
	look := func(target matrix.Target) string {
		t.Helper()
		found, unseen, err := x.Modules(t.Context(), p, Look{Target: target, Seen: seen})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d found, %d unseen", len(found), len(unseen))
	}
	got := []string{look(target)}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	got = append(got, look(target), look(matrix.Target{Module: "example.com/none"}))
	want := []string{"1 found, 0 unseen", "1 found, 0 unseen", "0 found, 1 unseen"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("looks (-want +got):\n%s", diff)
	}
}
