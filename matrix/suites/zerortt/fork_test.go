//go:build proofs

package zerortt

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// TestRealFork forks a real release with a patch, and compiles the reproduction
// against the fork as a user's program would be compiled: against a folder, and
// against a version from a file proxy. What leaks in the release is clean in the
// fork. It needs the module proxy.
func TestRealFork(t *testing.T) {
	g, r := new(gocmd.Go), newRealRow(t, "v0.47.0", "drop-late-resets")
	src, err := (&source.Proxy{Go: g}).Fetch(t.Context(), r.row.Release)
	if err != nil {
		t.Fatal(err)
	}
	f, err := fork.Lay(t.Context(), t.TempDir(), r.suite, r.row, src, fork.Maker{Tool: "test", Toolchain: r.row.Toolchain})
	if err != nil || f.Conflict != "" || f.Already() {
		t.Fatal(err, f)
	}
	if complaint, err := build.Packages(t.Context(), g, f.Tree, r.row, build.Options{}); err != nil || complaint != "" {
		t.Fatal(err, complaint)
	}
	dir, forks := filepath.Join(t.TempDir(), "fork"), t.TempDir()
	if err := f.WriteTree(dir, false, false); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteProxy(forks); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "LICENSE")); err != nil {
		t.Errorf("the licence: %v", err)
	}
	proxies, err := g.Run(t.Context(), gocmd.Call{Args: []string{"env", "GOPROXY"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, u := range map[string]forkUser{
		"folder":  {path: dir, proxies: string(proxies)},
		"version": {path: f.Module, version: f.Version, sums: f.GoSum(), proxies: "file://" + forks + "," + string(proxies)},
	} {
		t.Run(name, func(t *testing.T) {
			row := *r
			u.build(t, &row)
			for _, s := range r.scenarios {
				if slices.Contains([]string{"control", "planted", "after-both"}, s.Name) {
					row.check(t, s, row.expected(s))
				}
			}
		})
	}
}

// A forkUser is a program that uses the fork: the reproduction.
type forkUser struct {
	path, version string   // of the fork, as in a replace directive
	sums          []string // lines of go.sum
	proxies       string   // GOPROXY
}

// build compiles the reproduction of a row against the fork.
func (u *forkUser) build(t *testing.T, r *realRow) {
	t.Helper()
	dir := t.TempDir()
	files, err := r.suite.ReproductionFiles()
	if err != nil {
		t.Fatal(err)
	}
	gomod := new(modfile.File)
	target := r.suite.Target.Module
	for _, err := range []error{
		gomod.AddModuleStmt(r.suite.ReproductionModule()), gomod.AddGoStmt("1.21"),
		gomod.AddRequire(target, r.row.Release.Version), gomod.AddReplace(target, "", u.path, u.version),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	content := map[string][]byte{"go.mod": modfile.Format(gomod.Syntax), "go.sum": []byte(strings.Join(append(u.sums, ""), "\n"))}
	for _, name := range files {
		if content[r.suite.InReproduction(name)], err = fs.ReadFile(r.suite.Files, name); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range content {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// With a module cache of its own, the fork comes from the proxy of the test. No
	// checksum database knows it: the lines of go.sum must do.
	r.binary = filepath.Join(t.TempDir(), "repro.exe")
	_, err = new(gocmd.Go).Run(t.Context(), gocmd.Call{
		Dir: dir, Toolchain: r.row.Toolchain,
		Args: []string{"build", "-tags=" + strings.Join(r.row.Adapter.Tags, ","), "-o", r.binary, "."},
		Env:  []string{"GOMODCACHE=" + t.TempDir(), "GOFLAGS=-mod=mod -modcacherw", "GOPROXY=" + strings.TrimSpace(u.proxies), "GONOSUMDB=none", "GOPRIVATE="},
	})
	if err != nil {
		t.Fatal(err)
	}
}
