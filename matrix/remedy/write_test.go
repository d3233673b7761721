package remedy_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/remedy"
)

// writes are kinds of programs with the name of a fix, and the files that it changes.
var writes = map[string]struct {
	fix   string
	files []string
}{
	"direct":             {"v1.2.1", []string{"go.sum", "go.mod"}},
	"replaced":           {"v1.2.1", []string{"go.sum", "go.mod"}},
	"elsewhere":          {"v1.4.0", []string{"$my-app/go.sum", "$my-app/go.mod"}},
	"vendored":           {"v1.4.0", []string{"vendor", "go.sum", "go.mod"}},
	"workspace":          {"v1.4.0", []string{"a/go.sum", "b/go.sum", "a/go.mod", "b/go.mod", "go.work"}},
	"workspace replace":  {"v1.2.1", []string{"go.work.sum", "go.work"}},
	"workspace vendored": {"fork", []string{"lib-patched", "vendor", "go.work"}},
	"former":             {"v1.4.0", []string{"go.sum", "main.go", "go.mod"}},
	"indirect":           {"example.com/parent@v1.2.0", []string{"go.sum", "go.mod"}},
}

// TestWrite applies fixes, and checks which files change and what is built then.
func TestWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	useProxy(t)
	for name, test := range writes {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, kinds[name].program)
			before := contents(t, dir)
			q := ask(t, dir, kinds[name].name)
			if name == "indirect" {
				goRun(t, dir, "list", "-m", "example.com/parent@v1.2.0")
			}
			a := find(t, q, nil)
			p, err := a.Choose(test.fix)
			if err != nil {
				t.Fatal(err)
			}
			written, err := newTrier(t).Write(t.Context(), q, p)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.files, written); diff != "" {
				t.Errorf("written: -want +got\n%s", diff)
			}
			for path := range changed(before, contents(t, dir)) {
				if !slices.ContainsFunc(written, func(w string) bool {
					return path == filepath.Join(dir, w) || strings.HasPrefix(path, filepath.Join(dir, w)+"/")
				}) {
					t.Errorf("%s has changed too", path)
				}
			}
			after := ask(t, dir, kinds[name].name)
			id := matrix.ParseRowID(p.Fix.Remedy.Row)
			if len(id.Patches) == 0 && after.Use.Version != id.Version || len(id.Patches) > 0 && after.Use.Replaced == nil {
				t.Errorf("%s: %+v is built", p.Fix.Title, after.Use)
			}
			for _, m := range after.Program.Modules {
				if m.Main {
					goRun(t, m.Dir, "vet", "./...")
				}
			}
		})
	}
}

// changed returns the paths of the files that differ.
func changed(before, after map[string]string) map[string]bool {
	paths := make(map[string]bool)
	for _, set := range []map[string]string{before, after} {
		for path := range set {
			if before[path] != after[path] {
				paths[path] = true
			}
		}
	}
	return paths
}

// TestWriteNothing checks that nothing is written if a fix does not compile, if it
// cannot be tried, if a file changes in the meantime, and after an interrupt.
func TestWriteNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	ctx, cancel := context.WithCancel(t.Context())
	for name, test := range map[string]struct {
		program string
		spoil   func(t *testing.T, dir string, trier *remedy.Trier)
		want    string
	}{
		"does not compile":   {get + app + logging + gomod, nil, "nothing was written: with the fix the program does not compile: package example.com/lib/logging is gone"},
		"no network":         {get + app + gomod, func(t *testing.T, _ string, _ *remedy.Trier) { t.Setenv("GOPROXY", "off") }, "GOPROXY=off"},
		"broken, no network": {get + app + "-- x.go --\npackage main\n\nvar x int = \"\"\n" + gomod, func(t *testing.T, _ string, _ *remedy.Trier) { t.Setenv("GOPROXY", "off") }, "GOPROXY=off"},
		"changed": {get + app + gomod, func(t *testing.T, dir string, trier *remedy.Trier) {
			trier.Log = func(line string) {
				if strings.HasPrefix(line, "trying") {
					add(t, filepath.Join(dir, "go.mod"), "// mine\n")
				}
			}
		}, "go.mod was changed in the meantime"},
		"interrupted": {get + app + gomod, func(_ *testing.T, _ string, trier *remedy.Trier) {
			trier.Log = func(line string) {
				if strings.HasPrefix(line, "trying") {
					cancel()
				}
			}
		}, "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			useProxy(t)
			dir := lay(t, test.program)
			q := ask(t, dir, ".")
			trier := newTrier(t)
			if test.spoil != nil {
				test.spoil(t, dir, trier)
			}
			before := contents(t, dir)
			p, err := find(t, q, nil).Choose("v1.4.0")
			if err != nil {
				t.Fatal(err)
			}
			ctx := ctx
			if name != "interrupted" {
				ctx = t.Context()
			}
			written, err := trier.Write(ctx, q, p)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Write = %q, %v; want an error with %q", written, err, test.want)
			}
			delete(before, filepath.Join(dir, "go.mod"))
			after := contents(t, dir)
			delete(after, filepath.Join(dir, "go.mod"))
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("-before +after\n%s", diff)
			}
			if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || strings.Contains(string(data), "v1.4.0") {
				t.Errorf("go.mod: %s, %v", data, err)
			}
		})
	}
}

// add adds a line to a file, once.
func add(t *testing.T, path, line string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil && !strings.HasSuffix(string(data), line) {
		err = os.WriteFile(path, append(data, line...), 0o666)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestChoose checks by which names a fix can be chosen.
func TestChoose(t *testing.T) {
	useProxy(t)
	a := find(t, ask(t, lay(t, get+app+gomod), "."), nil)
	for name, want := range map[string]string{"v1.2.1": "v1.2.1", "v1.2.0": "v1.2.0", "v1.4.0": "v1.4.0", "fork": "v1.0.0+mend"} {
		if p, err := a.Choose(name); err != nil || p.Fix.Remedy.Row != want {
			t.Errorf("%s: got %v, %v, want %s", name, p, err, want)
		}
	}
	for _, name := range []string{"1", "", "v1.1.0", "v1.3.0"} {
		var problems matrix.Problems
		if _, err := a.Choose(name); !errors.As(err, &problems) || !strings.Contains(err.Error(), "want one of v1.2.1, v1.4.0, fork") {
			t.Errorf("%q: got %v, want the choices", name, err)
		}
	}
}

// TestChooseParent checks that every release of a parent that helps can be chosen.
func TestChooseParent(t *testing.T) {
	useProxy(t)
	dir := lay(t, kinds["indirect"].program)
	goRun(t, dir, "list", "-m", "example.com/parent@v1.1.0", "example.com/parent@v1.2.0", "example.com/parent@v1.3.0")
	a := find(t, ask(t, dir, "."), nil)
	for _, name := range []string{"v1.2.0", "v1.3.0", "v1.4.0"} {
		if p, err := a.Choose("example.com/parent@" + name); err != nil || p.Fix.Kind != matrix.FixParent {
			t.Errorf("%s: got %v, %v", name, p, err)
		}
	}
	if p, err := a.Choose("example.com/parent@v1.1.0"); err == nil {
		t.Errorf("v1.1.0, which requires a release that leaks as much, is %v", p)
	}
}

// TestExchange checks that two folders change places, and that both are where they were
// after a failure of any step.
func TestExchange(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, path := range []string{a, b} {
		if err := os.MkdirAll(filepath.Join(path, "is "+filepath.Base(path)), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	is := func(path, name string) bool {
		_, err := os.Stat(filepath.Join(path, "is "+name))
		return err == nil
	}
	for fail := 1; fail <= 2; fail++ {
		calls := 0
		err := remedy.ExchangeInSteps(a, b, func(from, to string) error {
			if calls++; calls == fail {
				return fs.ErrPermission
			}
			return os.Rename(from, to)
		})
		if !errors.Is(err, fs.ErrPermission) || !is(a, "a") || !is(b, "b") {
			t.Errorf("step %d fails: %v", fail, err)
		}
	}
	for i, exchange := range []func(a, b string) error{remedy.Exchange, func(a, b string) error { return remedy.ExchangeInSteps(a, b, os.Rename) }} {
		if err := exchange(a, b); err != nil || is(a, "a") != (i == 1) || is(b, "b") != (i == 1) {
			t.Errorf("%d: they did not change places: %v", i, err)
		}
	}
	if err := os.RemoveAll(b); err != nil {
		t.Fatal(err)
	}
	if err := remedy.Exchange(a, b); err != nil || !is(b, "a") {
		t.Errorf("a does not move: %v", err)
	}
}
