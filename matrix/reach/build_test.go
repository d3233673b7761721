package reach

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// files returns the contents of all files below a folder, by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// reaches asks about scenarios, compares the answers with what is wanted, and checks
// that no file of the program has changed.
func reaches(t *testing.T, dir string, q Question, want map[string]string) *Answer {
	t.Helper()
	before := files(t, dir)
	a, got := ask(t, q)
	for s, want := range want {
		if diff := cmp.Diff(want, short(t, dir, got[s])); diff != "" {
			t.Errorf("%s: -want +got:\n%s", s, diff)
		}
	}
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Errorf("files of the program have changed:\n%s", diff)
	}
	return a
}

// TestLibrary follows a module that others import from its exported functions and
// methods. Its users may hand it values of the target that it never makes.
func TestLibrary(t *testing.T) {
	dir := lay(t, base+`
-- app/app.go --
package app

import "example.com/lib"

type Aborter interface{ Abort() }

func Run(a Aborter) { a.Abort() }

type server struct{}

func (server) Serve() { lib.Dial() }

func dead() { lib.Dial().Close() }
-- app/cmd/main.go --
package main

import "example.com/app"

func main() { app.Run(nil) }
`)
	a := reaches(t, dir, question(filepath.Join(dir, "app"), "Dial", "Conn.Abort", "Conn.Close"), map[string]string{
		"Dial":       "reached Dial by `func (server) Serve() { lib.Dial() }`",
		"Conn.Abort": "reached Conn.Abort by `func Run(a Aborter) { a.Abort() }`",
		"Conn.Close": "not-reached missing Conn.Close",
	})
	if a.Scope.Libraries != 1 || a.Scope.Mains != 1 {
		t.Errorf("looked at %+v", a.Scope)
	}
}

// TestGoCommandFails checks that what the go command says is given without its exit status.
func TestGoCommandFails(t *testing.T) {
	err := new(listing).doNotLoad(errors.New("err: exit status 1: stderr: go: ignoring requirement on excluded version example.com/lib v1.0.0\ngo: updates to go.mod needed; to update it:\n\tgo mod tidy"))
	if want := "the program's packages do not load: updates to go.mod needed"; err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestIncompleteSum checks that what to run completes go.sum.
func TestIncompleteSum(t *testing.T) {
	l := &listing{roots: []string{filepath.FromSlash("/home/app")}}
	err := l.doNotLoad(errors.New(filepath.FromSlash("/home/app/main.go") + ":7:2: missing go.sum entry for module providing package example.com/lib (imported by example.com/app); to add:\n\tgo get example.com/app"))
	const want = "the program's packages do not load: main.go:7:2: missing go.sum entry for module providing package example.com/lib (imported by example.com/app); `go mod tidy` completes go.sum"
	if err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestWebAssembly begins at functions that what runs WebAssembly calls, too.
func TestWebAssembly(t *testing.T) {
	dir := lay(t, base+`
-- app/main.go --
package main

import "example.com/lib"

func main() { println("started") }

//go:wasmexport run
func run() { lib.Dial().Abort() }

func dead() { lib.Dial().Close() }
`)
	q := question(filepath.Join(dir, "app"), "Conn.Abort", "Conn.Close")
	q.Env = append(q.Env, "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=-tags=small")
	a := reaches(t, dir, q, map[string]string{
		"Conn.Abort": "reached Conn.Abort by `func run() { lib.Dial().Abort() }`",
		"Conn.Close": "not-reached missing Conn.Close",
	})
	if want := "wasip1/wasm with the tags small"; a.Scope.Platform != want {
		t.Errorf("looked at %q, want %q", a.Scope.Platform, want)
	}
}

// TestPackageOfProgram follows only the main packages of a module whose other packages
// are theirs. A package that no main package imports counts as a library.
func TestPackageOfProgram(t *testing.T) {
	dir := lay(t, base+`
-- app/main.go --
package main

import "example.com/app/part"

func main() { part.Used() }
-- app/part/part.go --
package part

import "example.com/lib"

func Used()   { lib.Dial() }
func Unused() { lib.Dial().Close() }
-- app/other/other.go --
package other
`)
	a := reaches(t, dir, question(filepath.Join(dir, "app"), "Dial", "Conn.Close"), map[string]string{
		"Dial":       "reached Dial by `func Used()   { lib.Dial() }`",
		"Conn.Close": "not-reached missing Conn.Close",
	})
	if a.Scope.Libraries != 1 || a.Scope.Mains != 1 {
		t.Errorf("looked at %+v", a.Scope)
	}
}

// TestInternalAlone follows an internal package that no main package imports: one for
// another platform may.
func TestInternalAlone(t *testing.T) {
	dir := lay(t, base+"-- app/main.go --\npackage main\nfunc main() {}\n-- app/internal/part/part.go --\npackage part\nimport \"example.com/lib\"\nfunc Run() { lib.Dial() }\n")
	reaches(t, dir, question(filepath.Join(dir, "app"), "Dial", "Conn.Close"), map[string]string{
		"Dial":       "reached Dial by `func Run() { lib.Dial() }`",
		"Conn.Close": "not-reached missing Conn.Close",
	})
}

// TestOverlay says that it does not know what is built with files that replace others.
func TestOverlay(t *testing.T) {
	dir := lay(t, base+"-- app/main.go --\npackage main\nimport \"example.com/lib\"\nfunc main() { lib.Dial() }\n-- overlay.json --\n{}\n")
	q := question(filepath.Join(dir, "app"), "Conn.Close")
	q.Env = []string{"GOFLAGS=-overlay=" + filepath.Join(dir, "overlay.json"), "GOWORK=off"}
	reaches(t, dir, q, map[string]string{"Conn.Close": "unknown: GOFLAGS replaces files with -overlay, and what replaces them is not looked at"})
}

// TestVendored looks at the copies in vendor, although the module itself is gone.
func TestVendored(t *testing.T) {
	dir := lay(t, base+"-- app/main.go --\npackage main\nimport \"example.com/lib\"\nfunc main() { lib.Dial() }\nfunc dead() { lib.Dial().Abort() }\n")
	app := filepath.Join(dir, "app")
	vendor := exec.CommandContext(t.Context(), "go", "mod", "vendor")
	vendor.Dir = app
	vendor.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := vendor.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.RemoveAll(filepath.Join(dir, "lib")); err != nil {
		t.Fatal(err)
	}
	reaches(t, dir, question(app, "Dial", "Conn.Close", "Conn.Abort"), map[string]string{
		"Dial":       "reached Dial by `func main() { lib.Dial() }`",
		"Conn.Abort": "not-reached missing Conn.Abort",
		"Conn.Close": "not-reached missing Conn.Close",
	})
}

// TestWorkspace looks at all main modules of a workspace.
func TestWorkspace(t *testing.T) {
	dir := lay(t, base+`
-- go.work --
go 1.21
use ./app
use ./tool
replace example.com/lib => ./lib
-- app/main.go --
package main

import "example.com/lib"

func main() { lib.Dial() }
-- tool/go.mod --
module example.com/tool
go 1.21
require example.com/lib v0.0.0
-- tool/main.go --
package main

import "example.com/lib"

func main() { lib.Dial().Close() }
func dead() { lib.Dial().Abort() }
`)
	q := question(filepath.Join(dir, "tool"), "Conn.Abort", "Conn.Close")
	q.Env = []string{"GOFLAGS=-mod=mod"}
	q.Roots, q.Cwd = []string{filepath.Join(dir, "app"), filepath.Join(dir, "tool")}, dir
	_, got := ask(t, q)
	if c := got["Conn.Close"].Calls; len(c) != 1 || c[0].Position.File != "tool/main.go" || c[0].Position.Line != 5 || c[0].Module != "" {
		t.Errorf("Close is called at %+v: want tool/main.go:5", c)
	}
	q.Env, q.Roots, q.Dir = []string{"GOFLAGS="}, nil, filepath.Join(dir, "app")
	reaches(t, dir, q, map[string]string{"Conn.Abort": "not-reached missing Conn.Abort", "Conn.Close": "not-reached missing Conn.Close"})
}

// TestBuildTags builds as the user does, with the tags in their GOFLAGS.
func TestBuildTags(t *testing.T) {
	dir := lay(t, base+"-- app/main.go --\npackage main\nimport \"example.com/lib\"\nfunc main() { lib.Dial() }\n"+
		"-- app/other.go --\n//go:build other\npackage main\nimport \"example.com/lib\"\nfunc init() { lib.Dial().Close() }\n")
	q := question(filepath.Join(dir, "app"), "Conn.Close")
	q.Env = []string{"GOFLAGS='-tags=other more' -mod=mod", "GOWORK=off"}
	reaches(t, dir, q, map[string]string{"Conn.Close": "reached Conn.Close by `func init() { lib.Dial().Close() }`"})
}

// TestExportedToC follows a function that only C code calls.
func TestExportedToC(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("needs gcc for cgo")
	}
	dir := lay(t, base+`
-- app/main.go --
package main

// void callback(void);
// static void run(void) { callback(); }
import "C"

import "example.com/lib"

//export callback
func callback() { lib.Dial().Close() }

func dead() { lib.Dial().Abort() }

func main() { C.run() }
-- app/b.c --
`)
	q := question(filepath.Join(dir, "app"), "Conn.Abort", "Conn.Close")
	q.Env = append(q.Env, "CGO_ENABLED=1")
	reaches(t, dir, q, map[string]string{
		"Conn.Close": "reached Conn.Close by `func callback() { lib.Dial().Close() }`",
		"Conn.Abort": "not-reached missing Conn.Abort",
	})
}

// TestTwoCopies answers for each copy of the target on its own.
func TestTwoCopies(t *testing.T) {
	dir := lay(t, base+`
-- app/copy/lib/lib.go --
package lib

type Conn struct{}

func Dial() *Conn { return &Conn{} }

func (*Conn) Close() {}
func (*Conn) Abort() {}
-- app/main.go --
package main

import (
	copied "example.com/app/copy/lib"
	"example.com/lib"
)

func main() {
	lib.Dial().Abort()
	copied.Dial().Close()
}
`)
	q := question(filepath.Join(dir, "app"), "Conn.Abort", "Conn.Close")
	q.Targets = append(q.Targets, "example.com/app/copy/lib")
	a := reaches(t, dir, q, map[string]string{"Conn.Abort": "reached Conn.Abort by `lib.Dial().Abort()`", "Conn.Close": "not-reached missing Conn.Close"})
	for i, want := range []string{"not-reached missing Conn.Abort", "reached Conn.Close by `copied.Dial().Close()`"} {
		if got := short(t, dir, a.Reach["example.com/app/copy/lib"][i]); got != want {
			t.Errorf("copy: got %s, want %s", got, want)
		}
	}
}

// TestLimits stops at each limit, and says so.
func TestLimits(t *testing.T) {
	dir := lay(t, base+"-- app/main.go --\npackage main\nimport \"example.com/lib\"\nfunc main() { lib.Dial() }\n")
	for want, limit := range map[string]Limit{
		"unknown: not looked at: the program has ":                                    {Packages: 1},
		"unknown: not looked at: it took longer than 1ns, which `--reach-limit` sets": {Time: 1},
		"unknown: not looked at: it needed more memory than the limit of":             {Memory: 1},
	} {
		q := question(filepath.Join(dir, "app"), "Dial")
		q.Limit = limit
		a, got := ask(t, q)
		if is := short(t, dir, got["Dial"]); !strings.HasPrefix(is, want) || a.Scope.Unknown == "" {
			t.Errorf("%+v: got %s, scope %+v", limit, is, a.Scope)
		}
	}
}

// TestCancel returns at once with the reason.
func TestCancel(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	q := question(t.TempDir(), "Dial")
	began := time.Now()
	if a, err := Find(ctx, q); !errors.Is(err, stop) || a != nil {
		t.Errorf("got %v, %v", a, err)
	}
	if time.Since(began) > 10*time.Second {
		t.Error("it took too long")
	}
}

// TestNoFolder: of a list of modules alone nothing can be said.
func TestNoFolder(t *testing.T) {
	a, got := ask(t, question("", "Dial"))
	if r := got["Dial"]; r.State != "unknown" || r.Why == "" || a.Scope.Unknown != r.Why {
		t.Errorf("got %+v, %+v", r, a.Scope)
	}
}
