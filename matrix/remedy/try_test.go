package remedy_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// tries are programs, and what comes of trying the fixes: for each fix the row that is
// built, in the order of the answer.
var tries = map[string]struct {
	program string
	want    string
	env     map[string]string // from when the fixes are tried
}{
	"all compile": {get + app + gomod, `
v1.2.1 ok smallest
v1.4.0 ok best; go.mod go 1.21 => 1.23; example.com/dep v1.0.0 => v1.1.0; example.com/extra v1.0.0 (new)
v1.0.0+mend ok best
`, nil},
	"the best does not": {get + app + logging + gomod, `
v1.2.1 ok smallest; best
v1.0.0+mend ok best
v1.4.0 fails: package example.com/lib/logging is gone, which log_test.go:3 imports
`, nil},
	"the smallest does not": {get + app + "-- q.go --\npackage main\n\nimport _ \"example.com/lib/quick\"\n" + gomod, `
v1.4.0 ok smallest; best; go.mod go 1.21 => 1.23; example.com/dep v1.0.0 => v1.1.0; example.com/extra v1.0.0 (new)
v1.0.0+mend ok best
v1.2.1 fails: package example.com/lib/quick is gone, which q.go:3 imports
`, nil},
	"a test does not": {get + app + "-- x_test.go --\npackage main\n\nimport \"example.com/lib\"\n\nvar _ = lib.Old\n" + gomod, `
v1.2.1 ok smallest; best
v1.0.0+mend ok best
v1.4.0 fails: x_test.go:5:13: undefined: lib.Old
`, nil},
	"code does not": {get + app + "-- x/x.go --\npackage x\n\nimport \"example.com/lib\"\n\nvar _ = lib.Old\n" + gomod, `
v1.2.1 ok smallest; best
v1.0.0+mend ok best
v1.4.0 fails: x/x.go:5:13: undefined: lib.Old
`, nil},
	"a module does not": {"get example.com/strict@v1.0.0\nmod tidy\n-- main.go --\npackage main\n\nimport _ \"example.com/strict\"\n\nfunc main() {}\n" + gomod, `
v1.2.1 ok smallest; best
v1.0.0+mend ok best
v1.4.0 fails: example.com/strict@v1.0.0/strict.go:5:13: undefined: lib.Old
`, nil},
	"modules of a workspace": {"-C a get example.com/lib@v1.5.0\n-C b get example.com/parent@v1.3.0\n-C a mod tidy\n-C b mod tidy\n" +
		"-- a/main.go --\npackage main\n\nimport \"example.com/lib\"\n\nfunc main() { lib.Dial() }\n-- a/go.mod --\nmodule example.com/a\n\ngo 1.23\n" +
		"-- b/b.go --\npackage b\n\nimport _ \"example.com/parent\"\n-- b/go.mod --\nmodule example.com/b\n\ngo 1.16\n-- go.work --\ngo 1.23\n\nuse (\n\t./a\n\t./b\n)\n", `
v1.4.0 ok smallest; best; example.com/parent v1.3.0 => v1.2.0
`, nil},
	"it compiles only then": {"get example.com/lib@v1.2.0\n" + app + "-- q.go --\npackage main\n\nimport _ \"example.com/lib/quick\"\n" + gomod, `
v1.4.0 ok smallest; best; go.mod go 1.21 => 1.23; example.com/dep v1.0.0 => v1.1.0; example.com/extra v1.0.0 (new); today the program does not compile
`, nil},
	"nothing compiles": {get + app + "-- x.go --\npackage main\n\nvar x int = \"\"\n" + gomod, `
v1.2.1 unknown smallest: the program does not compile today: x.go:3:13: cannot use "" (untyped string constant) as int value in variable declaration
v1.4.0 unknown best: the program does not compile today: x.go:3:13: cannot use "" (untyped string constant) as int value in variable declaration
v1.0.0+mend unknown best: the program does not compile today: x.go:3:13: cannot use "" (untyped string constant) as int value in variable declaration
`, nil},
	"no test compiles": {get + app + "-- x_test.go --\npackage main\n\nvar x int = \"\"\n" + gomod, `
v1.2.1 ok smallest; its tests were not compiled: they do not compile today
v1.4.0 ok best; go.mod go 1.21 => 1.23; example.com/dep v1.0.0 => v1.1.0; example.com/extra v1.0.0 (new); its tests were not compiled: they do not compile today
v1.0.0+mend ok best; its tests were not compiled: they do not compile today
`, nil},
	"no network": {get + app + gomod, `
v1.0.0+mend ok best
v1.2.1 unknown smallest: go get -t example.com/lib@v1.2.1 ./...: go: example.com/lib@v1.2.1: module lookup disabled by GOPROXY=off (GOPROXY=off allows no download: unset it, or run once with it unset to fill the module cache)
v1.4.0 unknown best: go get -t example.com/lib@v1.4.0 ./...: go: example.com/lib@v1.4.0: module lookup disabled by GOPROXY=off (GOPROXY=off allows no download: unset it, or run once with it unset to fill the module cache)
`, map[string]string{"GOPROXY": "off"}},
}

// TestTry checks what comes of trying, and that nothing of the user's changes.
func TestTry(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	useProxy(t)
	for name, test := range tries {
		t.Run(name, func(t *testing.T) {
			if test.env != nil {
				useProxy(t) // an empty module cache
			}
			dir := lay(t, test.program)
			q := ask(t, dir, ".")
			before := contents(t, dir)
			for key, value := range test.env {
				t.Setenv(key, value)
			}
			got := outcomes(find(t, q, newTrier(t)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
				t.Errorf("the user's files change: -before +after\n%s", diff)
			}
		})
	}
}

// contents returns the digests of all files in a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		all[path], err = checksum.File(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestTryInterrupted ends the context at each step, and checks that Try returns its cause.
func TestTryInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	useProxy(t)
	q := ask(t, lay(t, get+app+gomod), ".")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Cleanup(scratch.Close)
	stop := errors.New("stop")
	for _, at := range []string{"copying", "compiling", "trying"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		trier := newTrier(t)
		trier.Log = func(line string) {
			if strings.HasPrefix(line, at) {
				cancel(stop)
			}
		}
		err := trier.Try(ctx, q, find(t, q, nil))
		if cancel(nil); !errors.Is(err, stop) {
			t.Errorf("%s: Try = %v, want %v", at, err, stop)
		}
	}
	if left, err := filepath.Glob(filepath.Join(temp, "matrixrun-run-*", "try-*")); err != nil || len(left) > 0 {
		t.Errorf("copies are left: %q, %v", left, err)
	}
}

// TestUntried checks that nothing is tried, and nothing is said to fail, if the reason is
// not the program.
func TestUntried(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	useProxy(t)
	tooNew := []row{{"v1.0.0", lib, "a", ""}, {"v1.6.0", lib, "", ""}}
	for name, test := range map[string]struct {
		rows []row
		env  map[string]string
		want string
	}{
		"toolchain": {tooNew, map[string]string{"GOTOOLCHAIN": "local"}, "requires go >= 1.999"},
		"download":  {tooNew, map[string]string{"GOTOOLCHAIN": "auto"}, "1.999"},
		"modfile":   {rows, map[string]string{"GOFLAGS": "-modfile=" + filepath.Join(t.TempDir(), "other.mod")}, "GOFLAGS has -modfile"},
		"no go":     {rows, map[string]string{"PATH": t.TempDir()}, "install Go"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, get+app+gomod)
			q := ask(t, dir, ".")
			q.Table = table(test.rows)
			q.Use.Advice = &q.Table.Row("v1.0.0").Advice
			before := contents(t, dir)
			for key, value := range test.env {
				t.Setenv(key, value)
			}
			fixes := find(t, q, newTrier(t)).Fixes()
			for _, f := range fixes {
				if f.Tried == nil || !f.Tried.Unknown || f.Tried.OK || !strings.Contains(f.Tried.Error, test.want) {
					t.Errorf("%s: got %+v, want %q", f.Title, f.Tried, test.want)
				}
			}
			if len(fixes) == 0 {
				t.Error("there are no fixes")
			}
			if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
				t.Errorf("the user's files change: -before +after\n%s", diff)
			}
		})
	}
}

// TestNoneCompiles checks that an answer says which releases were tried if the program
// compiles with none.
func TestNoneCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	useProxy(t)
	q := ask(t, lay(t, get+app+logging+"-- q.go --\npackage main\n\nimport _ \"example.com/lib/quick\"\n"+gomod), ".")
	a := find(t, q, newTrier(t))
	if want := "no release that leaks less was found with which the program and its other modules compile as they are (tried: v1.2.1, v1.4.0 and v1.5.0)"; !slices.Contains(a.Notes, want) {
		t.Errorf("got %q, want %q", a.Notes, want)
	}
}
