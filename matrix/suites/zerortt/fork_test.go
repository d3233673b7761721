package zerortt

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/fork"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/patches"
)

// TestRealFork forks a real release, and has the reproduction built against the
// fork as anybody's program would be: by a folder, and by a version that a file
// proxy serves. What leaks in the release is clean then. It needs the module
// proxy.
func TestRealFork(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds a real release, which comes through the module proxy")
	}
	go1 := new(gocmd.Go)
	suite, row := forkedRow(t)
	src, err := (&source.Proxy{Go: go1}).Fetch(t.Context(), row.Release)
	if err != nil {
		t.Fatal(err)
	}
	f, err := fork.Lay(t.TempDir(), suite, row, src, fork.Maker{Tool: "test", Toolchain: row.Toolchain})
	if err != nil || f.Conflict != "" || f.Already() {
		t.Fatal(err, f)
	}
	if complaint, err := build.Packages(t.Context(), go1, f.Tree, row, build.Options{}); err != nil || complaint != "" {
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
	proxies, err := go1.Run(t.Context(), gocmd.Call{Args: []string{"env", "GOPROXY"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, u := range map[string]user{
		"folder":  {path: dir, proxies: string(proxies)},
		"version": {path: f.Module, version: f.Version, sums: f.GoSum(), proxies: "file://" + forks + "," + string(proxies)},
	} {
		t.Run(name, func(t *testing.T) {
			u.Go, u.suite, u.row = go1, suite, row
			for _, scenario := range []string{"control", "planted", "after-both"} {
				want := matrix.OutcomeClean
				if scenario == "planted" {
					want = matrix.OutcomeLeak
				}
				if trial := u.try(t, scenario); trial.Outcome != want {
					t.Errorf("got %+v, want %s", trial, want)
				}
			}
		})
	}
}

// forkedRow is v0.47.0 with drop-late-resets.
func forkedRow(t *testing.T) (*matrix.Spec, matrix.Row) {
	t.Helper()
	const name = "drop-late-resets"
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(patches.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := spec.LoadPatch(files, path.Join("patches", name))
	if err != nil {
		t.Fatal(err)
	}
	todo, err := plan.New(suite, plan.Selection{Only: []string{"v0.47.0"}, Patches: []*matrix.Patch{p}})
	if err != nil {
		t.Fatal(err)
	}
	return suite, todo.Rows[1]
}

// A user is a program of somebody's that uses the fork: the reproduction.
type user struct {
	*gocmd.Go
	suite         *matrix.Spec
	row           matrix.Row
	path, version string // what replaces the target
	sums          []string
	proxies       string
	binary        string
}

// try builds the program, once, and runs a trial.
func (u *user) try(t *testing.T, scenario string) (trial matrix.Trial) {
	t.Helper()
	if u.binary == "" {
		u.build(t)
	}
	out, err := exec.Command(u.binary, "run", "-scenario", scenario, "-trials", "1").Output()
	if err == nil {
		err = json.Unmarshal(out, &trial)
	}
	if err != nil {
		t.Fatalf("%s: %v: %s", scenario, err, out)
	}
	return trial
}

func (u *user) build(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	files, err := u.suite.ReproductionFiles()
	if err != nil {
		t.Fatal(err)
	}
	gomod := new(modfile.File)
	target := u.suite.Target.Module
	for _, err := range []error{
		gomod.AddModuleStmt(u.suite.ReproductionModule()), gomod.AddGoStmt("1.21"),
		gomod.AddRequire(target, u.row.Release.Version), gomod.AddReplace(target, "", u.path, u.version),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	content := map[string][]byte{"go.mod": modfile.Format(gomod.Syntax), "go.sum": []byte(strings.Join(append(u.sums, ""), "\n"))}
	for _, name := range files {
		if content[u.suite.InReproduction(name)], err = fs.ReadFile(u.suite.Files, name); err != nil {
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
	// A module cache of its own, so that the fork comes from where it is served.
	// The lines of go.sum must do: no checksum database would know it.
	u.binary = filepath.Join(t.TempDir(), "repro.exe")
	_, err = u.Run(t.Context(), gocmd.Call{
		Dir: dir, Toolchain: u.row.Toolchain,
		Args: []string{"build", "-trimpath", "-tags=" + strings.Join(u.row.Adapter.Tags, ","), "-o", u.binary, "."},
		Env:  []string{"GOMODCACHE=" + t.TempDir(), "GOFLAGS=-mod=mod -modcacherw", "GOPROXY=" + strings.TrimSpace(u.proxies), "GONOSUMDB=none", "GOPRIVATE="},
	})
	if err != nil {
		t.Fatal(err)
	}
}
