//go:build torture && linux

package torture

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/sys/unix"
)

// A world has what all lives share.
type world struct {
	dir       string // has everything
	work      string // where the program runs: suite and patches
	program   string
	gocache   string // with the packages of the standard library that rows need
	proxy     *proxy
	registry  *registry
	questions []*question
	noMount   error // why no file system can be mounted; nil if one can
}

// A question is a command line whose results are known.
type question struct {
	args []string
	want *answer // of an undisturbed run
}

func (q *question) String() string { return "matrixrun " + strings.Join(q.args, " ") }

// questions ask for rows of all kinds that take no long time: they leak, are clean, do
// not compile, crash, and differ by the toolchain's view of them only.
var questions = []string{
	"run suite --only v1.0.0,v1.2.0,v1.3.0,v1.4.0 --evidence all",
	"run suite --versions >=1.2,<1.2.2 --patch mend --evidence leaks",
	"run suite --only v1.0.0,v1.0.1,v1.11.0 --evidence none --trials 30",
	"run suite --only v0.5.0,v1.0.0,v1.10.0 --server-version v1.2.0 --evidence ends",
	"backport mend suite --versions >=1,<1.1",
}

// newWorld compiles the program, starts the proxy, and answers all questions twice. Two
// undisturbed runs must agree.
func newWorld(t *testing.T) *world {
	adopt(t)
	dir := t.TempDir()
	w := &world{dir: dir, work: filepath.Join(dir, "work"), program: filepath.Join(dir, "matrixrun"), gocache: filepath.Join(dir, "gocache")}
	out, err := exec.Command("go", "build", "-o", w.program, "github.com/matrixrun/matrixrun/cmd/matrixrun").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w.proxy = serve(t, filepath.Join("..", "..", "testdata", "mod"))
	w.registry = newRegistry(t, filepath.Join(dir, "registry"))
	w.writeSuite(t)
	w.noMount = tryMount(filepath.Join(dir, "disk"))
	l := w.place(t, "undisturbed")
	l.gocache = w.gocache
	if code, out := l.once("lock", "--prerelease", "suite"); code != 0 {
		t.Fatalf("locking exits with %d:\n%s", code, out)
	}
	for _, args := range questions {
		q := &question{args: strings.Fields(args)}
		if q.want, err = l.answer(q, "--fresh"); err != nil || q.want.results == nil {
			t.Fatalf("%v, undisturbed, has no results: %v, exit code %d\n%s", q, err, q.want.code, q.want.output)
		}
		again, err := l.answer(q)
		check(t, err)
		if diff := differences(q.want, again); diff != "" {
			t.Fatalf("%v: two undisturbed runs differ:\n%s", q, diff)
		}
		w.questions = append(w.questions, q)
	}
	check(t, l.remove())
	return w
}

// writeSuite writes the suite of the scripts, with evidence, and with trials that leave
// processes behind.
func (w *world) writeSuite(t *testing.T) {
	for _, name := range []string{"suite", "patches"} {
		if err := os.CopyFS(filepath.Join(w.work, name), os.DirFS(filepath.Join("..", "..", "testdata", name))); err != nil {
			t.Fatal(err)
		}
	}
	script, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", "script", "evidence.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range script.Files {
		if f.Name == "keep.go" {
			check(t, os.WriteFile(filepath.Join(w.work, "suite", "repro", f.Name), f.Data, 0o666))
		}
	}
	w.edit(t, "suite/matrix.yaml", "reproduction: repro", "reproduction: repro\nevidence: true")
	check(t, os.WriteFile(filepath.Join(w.work, "suite", "repro", "leave.go"), []byte(leave), 0o666))
	const report = "func report(scenario string, trial int, what string) {\n"
	w.edit(t, "suite/repro/main.go", report, report+"\tleave(scenario, trial)\n")
}

// leave is a part of the reproduction. Trials take a moment, so that signals find them
// running. Some of them start a process that never ends and ignores all signals that it
// can, half of these in a session of its own.
const leave = `package main

import (
	"os"
	"syscall"
	"time"
)

func leave(scenario string, trial int) {
	time.Sleep(10 * time.Millisecond)
	if scenario != "wait" && scenario != "planted" || trial%5 != 0 {
		return
	}
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	p, err := os.StartProcess(self, []string{self, "nap"}, &os.ProcAttr{Files: make([]*os.File, 3), Sys: &syscall.SysProcAttr{Setsid: scenario == "planted"}})
	if err != nil {
		panic(err)
	}
	p.Release()
}
`

// edit replaces a text that occurs once in a file.
func (w *world) edit(t *testing.T, name, from, to string) {
	path := filepath.Join(w.work, filepath.FromSlash(name))
	text, err := os.ReadFile(path)
	check(t, err)
	if strings.Count(string(text), from) != 1 {
		t.Fatalf("%s has %q %d times", name, from, strings.Count(string(text), from))
	}
	check(t, os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o666))
}

// disks says how disks become full.
func (w *world) disks() string {
	if w.noMount == nil {
		return "small file systems that become full, limits for the size of files, and /dev/full"
	}
	return fmt.Sprintf("limits for the size of files and /dev/full in place of full disks, because no file system can be mounted (%v)", w.noMount)
}

// tryMount mounts a file system, and returns the error if that is not possible.
func tryMount(dir string) error {
	if err := mount(dir); err != nil {
		return err
	}
	return unix.Unmount(dir, 0)
}

// mount mounts a file system of limited size.
func mount(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64m")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
