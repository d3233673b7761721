package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// named is the good suite with the module path of its reproduction.
var named = strings.Replace(goodMatrix, "reproduction: repro", "reproduction: {folder: repro, module: example.com/suite/repro}", 1)

// importing returns a Go file that imports paths.
func importing(paths ...string) string {
	text := "package main\n"
	for _, p := range paths {
		text += "import _ \"" + p + "\"\n"
	}
	return text
}

// TestPackages loads reproductions with packages below package main.
func TestPackages(t *testing.T) {
	const own = "example.com/suite/repro"
	tests := []struct {
		name  string
		files []string
		want  []string
	}{
		{"no name", []string{"repro/main.go", importing("matrixrun.test/repro/wire", "fmt", "example.com/lib"), "repro/wire/a.go", "package wire"}, nil},
		{"named", []string{"matrix.yaml", named, "repro/main.go", importing(own+"/wire", own+"/internal/x/y"),
			"repro/wire/a.go", "package wire", "repro/internal/x/y/a.go", importing("example.com/lib")}, nil},
		{"its own go.mod", []string{"repro/go.mod", "module example.com/mine\nrequire example.com/mine/other v1.0.0\n",
			"repro/main.go", importing("example.com/mine/wire", "example.com/mine/other/x"), "repro/wire/a.go", "package wire"}, nil},
		{"by way of another", []string{"repro/main.go", importing("matrixrun.test/repro/a"), "repro/a/a.go", importing("matrixrun.test/repro/b"), "repro/b/b.go", "package b"}, nil},
		{"the target below it", []string{"matrix.yaml", strings.Replace(named, own, "example.com", 1), "repro/main.go", importing("example.com/lib/x")}, nil},
		{"no package", []string{"repro/testdata/a.go", "x", "repro/vendor/a/a.go", "package a", "repro/.git/a.go", "x", "repro/_x/a.go", "x",
			"repro/tool/go.mod", "module tool", "repro/tool/main.go", "package main", "repro/doc/README", "", "repro/only/a_test.go", "package only"}, nil},
		{"a file that the compiler will complain of", []string{"repro/main.go", "package main\nimport 7\n", "repro/wire/a.go", "package wire"}, nil},

		{"not imported", []string{"repro/wire/a.go", "// Package wire.\npackage wire", "repro/wire/b.go", "package wire"}, []string{
			"demo/repro/wire/a.go:2: package main does not import matrixrun.test/repro/wire, directly or indirectly: remove it, or import it by that path"}},
		{"imported by each other only", []string{"repro/a/a.go", importing("matrixrun.test/repro/b"), "repro/b/b.go", importing("matrixrun.test/repro/a")}, []string{
			"demo/repro/a/a.go:1: package main does not import matrixrun.test/repro/a, directly or indirectly: remove it, or import it by that path",
			"demo/repro/b/b.go:1: package main does not import matrixrun.test/repro/b, directly or indirectly: remove it, or import it by that path"}},
		{"a module that was not named", []string{"repro/main.go", importing(own + "/wire"), "repro/wire/a.go", "package wire"}, []string{
			"demo/repro/wire/a.go:1: package main does not import matrixrun.test/repro/wire, directly or indirectly: " +
				"demo/repro/main.go imports example.com/suite/repro/wire, so name the module in matrix.yaml: \"reproduction: {folder: ..., module: example.com/suite/repro}\""}},
		{"no such folder", []string{"matrix.yaml", named, "repro/main.go", importing("fmt", own+"/wire", own+"/testdata/x"), "repro/testdata/x/x.go", "package x"}, []string{
			"demo/repro/main.go:3: imports example.com/suite/repro/wire, but the reproduction has no folder wire with Go files (symbolic links to folders and folders called testdata or vendor do not count)",
			"demo/repro/main.go:4: imports example.com/suite/repro/testdata/x, but the reproduction has no folder testdata/x with Go files (symbolic links to folders and folders called testdata or vendor do not count)"}},
		{"names that are taken", []string{"repro/main.go", importing("matrixrun.test/repro/server/x", "matrixrun.test/repro/v1.2.0+fix"), "repro/server/x/x.go", "package x", "repro/v1.2.0+fix/a.go", "package a"}, []string{
			"demo/repro/server/x/x.go:1: repeating a cell by hand needs the name of the folder server/x for something else: rename the folder",
			"demo/repro/v1.2.0+fix/a.go:1: repeating a cell by hand needs the name of the folder v1.2.0+fix for something else: rename the folder"}},
		{"a name and a go.mod", []string{"matrix.yaml", named, "repro/go.mod", "module example.com/mine\n"}, []string{
			"demo/matrix.yaml:9: the reproduction has a go.mod, which names the module: remove module here"}},
		{"a bad name", []string{"matrix.yaml", strings.Replace(named, own, "./repro", 1)}, []string{
			`demo/matrix.yaml:9: malformed import path "./repro": invalid path element "."`}},
		{"the target's name", []string{"matrix.yaml", strings.Replace(named, own, "example.com/old/lib", 1)}, []string{
			"demo/matrix.yaml:9: example.com/old/lib is the target's path: name the module by which the reproduction imports its own packages"}},
		{"no folder", []string{"matrix.yaml", strings.Replace(named, "folder: repro, ", "", 1)}, []string{
			`demo/matrix.yaml:9: reproduction has no folder: add "folder: FOLDER"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(suite(test.files...), "demo")
			if test.want != nil {
				wantProblems(t, err, test.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestReproductionDigestOfPackages checks that the digest covers the files of all
// packages and the module's path.
func TestReproductionDigestOfPackages(t *testing.T) {
	base := []string{"repro/main.go", importing("matrixrun.test/repro/a"), "repro/a/a.go", "package a"}
	seen := map[string]string{}
	for name, changes := range map[string][]string{
		"nothing":  nil,
		"contents": {"repro/a/a.go", "package a // changed"},
		"a file":   {"repro/a/b.go", "package a"},
		"a folder": {"repro/main.go", importing("matrixrun.test/repro/a", "matrixrun.test/repro/a/b"), "repro/a/b/a.go", "package b"},
		"a name":   {"matrix.yaml", strings.Replace(named, "example.com/suite/repro", "matrixrun.test/repro", 1)},
	} {
		s, err := Load(suite(append(base, changes...)...), "demo")
		if err != nil {
			t.Fatal(name, err)
		}
		if other, ok := seen[s.ReproductionDigest]; ok {
			t.Errorf("%s and %s have the same digest", name, other)
		}
		seen[s.ReproductionDigest] = name
	}
	for _, same := range []string{"repro/a/a_test.go", "repro/a/testdata/x.go", "repro/a/README", "repro/a/go.sum"} {
		s, err := Load(suite(append(base, same, "x")...), "demo")
		if err != nil || seen[s.ReproductionDigest] != "nothing" {
			t.Errorf("%s changed the digest (%v)", same, err)
		}
	}
}

// TestSymlinks checks that links to files and the reproduction's own folder are
// followed. Links to other folders are not: they may form a cycle, or leave the suite.
func TestSymlinks(t *testing.T) {
	dir := t.TempDir()
	for name, data := range suite("code/main.go", importing("matrixrun.test/repro/a"), "code/a/a.go", "package a", "elsewhere/b.go", "package b") {
		file := filepath.Join(dir, filepath.FromSlash(strings.Replace(name, "repro/", "old/", 1)))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"repro": "code", "code/linked": "../elsewhere", "code/loop": ".", "code/c.go": "../old/main.go"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	s, err := Load(os.DirFS(dir), "demo")
	if err != nil {
		t.Fatal(err)
	}
	files, err := s.ReproductionFiles()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"repro/a/a.go", "repro/c.go", "repro/main.go"}, files); diff != "" {
		t.Error(diff)
	}
}
