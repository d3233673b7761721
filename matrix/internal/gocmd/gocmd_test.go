package gocmd_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A test binary that finds says in its environment acts as a go command: it prints
// the value on standard error and fails. With hang it sleeps first, or kills itself if
// the value is "kill".
const (
	says = "GOCMD_TEST_SAYS"
	hang = "GOCMD_TEST_HANG"
)

func TestMain(m *testing.M) {
	text := os.Getenv(says)
	if text != "" && len(os.Args) > 1 && os.Args[1] == "tool" { // asks where a tool is, which is here too
		exe, _ := os.Executable()
		fmt.Println(exe)
		return
	}
	if text != "" {
		fmt.Println("partial")
		fmt.Fprint(os.Stderr, text)
		if os.Getenv(hang) == "kill" {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
		}
		if os.Getenv(hang) != "" {
			time.Sleep(time.Hour)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// fakeGo puts a go command into PATH that prints text and fails.
func fakeGo(t *testing.T, text string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, name := t.TempDir(), "go"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if err := os.Symlink(exe, filepath.Join(dir, name)); err != nil {
		t.Skipf("needs symbolic links: %v", err)
	}
	t.Setenv("PATH", dir)
	t.Setenv(says, text)
}

func TestEnvironment(t *testing.T) {
	t.Setenv("GOFLAGS", "-buildvcs=false")
	t.Setenv("GOOS", "plan9")
	t.Setenv("GOARCH", "mips")
	t.Setenv("GOAMD64", "v3")
	t.Setenv("GOWORK", filepath.Join(t.TempDir(), "go.work"))
	t.Setenv("GO111MODULE", "off")
	t.Setenv("CGO_ENABLED", "1")
	tests := []struct {
		variable string
		env      []string
		want     string
	}{
		{"GOFLAGS", nil, "-mod=mod"},
		{"GOFLAGS", []string{"GOFLAGS=-mod=readonly", "GOFLAGS=-mod=vendor"}, "-mod=vendor"},
		{"GOOS", nil, runtime.GOOS},
		{"GOARCH", nil, runtime.GOARCH},
		{"GOAMD64", nil, "v1"},
		{"GOWORK", nil, "off"},
		{"GO111MODULE", nil, "on"},
		{"CGO_ENABLED", nil, "0"},
		{"CGO_ENABLED", []string{"CGO_ENABLED=1"}, "1"},
		{"GOTOOLCHAIN", nil, "local"},
	}
	var g gocmd.Go
	for _, test := range tests {
		t.Run(test.variable+strings.Join(test.env, ","), func(t *testing.T) {
			if test.variable == "GOAMD64" && runtime.GOARCH != "amd64" {
				t.Skip("another architecture has no GOAMD64")
			}
			out, err := g.Run(t.Context(), gocmd.Call{Args: []string{"env", test.variable}, Env: test.env})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(string(out)); got != test.want {
				t.Errorf("%s = %q, want %q", test.variable, got, test.want)
			}
		})
	}
}

// TestOwn checks that a call with Own keeps the settings of the user, apart from what
// go run sets.
func TestOwn(t *testing.T) {
	for key, value := range map[string]string{
		"GOFLAGS": "-mod=vendor", "GOOS": "plan9", "GOARCH": "mips", "GOTOOLCHAIN": "local", "GODEBUG": "x=1",
		"GOTOOLCHAIN_INTERNAL_SWITCH_COUNT": "1",
	} {
		t.Setenv(key, value)
	}
	var g gocmd.Go
	out, err := g.Run(t.Context(), gocmd.Call{Own: true, Dir: t.TempDir(), Args: []string{"env", "GOFLAGS", "GOOS", "GOARCH", "GOTOOLCHAIN", "GODEBUG"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("-mod=vendor\nplan9\nmips\nlocal\nx=1\n", string(out)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var line string
	g.Log = func(l string) { line = l }
	if _, err := g.Run(t.Context(), gocmd.Call{Own: true, Args: []string{"env", "GOOS"}, Env: []string{"GOOS=linux"}}); err != nil {
		t.Fatal(err)
	}
	if want := "GOOS=linux GOTOOLCHAIN_INTERNAL_SWITCH_COUNT='' go env GOOS"; line != want {
		t.Errorf("logged %q, want %q", line, want)
	}
}

// TestTemporaryFiles checks that the go command puts its files where the next run finds
// them, which is no part of a record key or of a line to paste.
func TestTemporaryFiles(t *testing.T) {
	t.Setenv("GOTMPDIR", t.TempDir())
	var logged string
	g := gocmd.Go{Log: func(line string) { logged = line }}
	out, err := g.Run(t.Context(), gocmd.Call{Args: []string{"env", "GOTMPDIR"}})
	if err != nil {
		t.Fatal(err)
	}
	want, err := scratch.Root()
	if got := strings.TrimSpace(string(out)); err != nil || got != want {
		t.Errorf("GOTMPDIR is %s, want %s, %v", got, want, err)
	}
	if fixed := strings.Join(gocmd.Fixed(), " "); strings.Contains(logged+fixed, "TMPDIR=") {
		t.Errorf("logged %s, part of keys %s", logged, fixed)
	}
}

// TestLogCanBePasted runs the logged line in a shell, in another folder and with a
// variable of the user set, and expects the same output.
func TestLogCanBePasted(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a POSIX shell")
	}
	t.Setenv("GOEXPERIMENT", "nosuchexperiment") // every command that sees it fails
	dir := filepath.Join(t.TempDir(), "it's a folder")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/m\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var lines []string
	g := gocmd.Go{Log: func(line string) { lines = append(lines, line) }}
	out, err := g.Run(t.Context(), gocmd.Call{
		Dir:  dir,
		Args: []string{"env", "GOMOD", "GOFLAGS", "GOTOOLCHAIN", "GOPRIVATE"},
		Env:  []string{"GOPRIVATE=a,$HOME 'b'"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "cd '") {
		t.Fatalf("logged %q", lines)
	}
	pasted, err := exec.CommandContext(t.Context(), sh, "-c", lines[0]).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", lines[0], err, pasted)
	}
	if diff := cmp.Diff(string(out), string(pasted)); diff != "" {
		t.Errorf("the pasted line prints something else (-call +pasted):\n%s", diff)
	}
}

func TestVersion(t *testing.T) {
	calls := 0
	g := gocmd.Go{Log: func(string) { calls++ }}
	for range 2 {
		got, err := g.Version(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if want := runtime.Version(); got != want {
			t.Errorf("Version = %q, want %q, which compiled this test", got, want)
		}
	}
	if calls != 1 {
		t.Errorf("the go command ran %d times, want once", calls)
	}
}

func TestVersionForgetsFailures(t *testing.T) {
	calls := 0
	g := gocmd.Go{Log: func(string) { calls++ }}
	fakeGo(t, "go: no luck\n")
	for range 2 {
		if v, err := g.Version(t.Context(), "go1.99.0"); err == nil {
			t.Errorf("Version = %q without an error", v)
		}
	}
	if calls != 2 {
		t.Errorf("the go command ran %d times, want twice", calls)
	}
}

func TestErrorTellsWhatToDo(t *testing.T) {
	tests := []struct {
		name, stderr, goproxy string
		want                  []string
	}{
		{
			"sumdb", "go: golang.org/toolchain@v0.0.1-go1.20.14.linux-amd64: verifying module: checksum database disabled by GOSUMDB=off\n", "",
			[]string{"GOTOOLCHAIN=go1.20.14 go build .: go: golang.org/toolchain", "disabled by GOSUMDB=off", "GONOSUMDB"},
		},
		{
			"toolchain", "go: downloading go1.20.14 (linux/amd64)\ngo: download go1.20.14 for linux/amd64: toolchain not available\n", "",
			[]string{": go: download go1.20.14", "no proxy that GOPROXY names has go1.20.14"},
		},
		{
			"toolchain offline", "go: download go1.20.14 for linux/amd64: toolchain not available\n", "off",
			[]string{"GOPROXY=off", "GOTOOLCHAIN=go1.20.14 go version"},
		},
		{
			"offline", "go: example.com/lib@v1.0.0: module lookup disabled by GOPROXY=off\n", "off",
			[]string{"GOPROXY=off allows no download"},
		},
		{
			"network", "go: example.com/lib@v1.0.0: Get \"...\": dial tcp: lookup host: no such host\n", "",
			[]string{"proxy could not be reached"},
		},
		{
			"last lines", strings.Repeat("noise\n", 100) + "the reason\n", "",
			[]string{"the reason"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fakeGo(t, test.stderr)
			t.Setenv("GOPROXY", test.goproxy)
			var g gocmd.Go
			out, err := g.Run(t.Context(), gocmd.Call{Args: []string{"build", "."}, Toolchain: "go1.20.14"})
			var failed *gocmd.Error
			if !errors.As(err, &failed) {
				t.Fatalf("Run = %v, want an *Error", err)
			}
			if failed.ExitCode != 1 || failed.TimedOut || failed.Stderr != test.stderr || string(out) != "partial\n" {
				t.Errorf("error %+v with output %q", failed, out)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the message does not contain %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "downloading") || strings.Count(err.Error(), "\n") > 10 {
				t.Errorf("the message has noise:\n%v", err)
			}
		})
	}
}

// TestCrash checks that the error of a go command that the Go runtime ended is one line,
// with advice.
func TestCrash(t *testing.T) {
	fakeGo(t, "go: downloading x\nruntime: out of memory: cannot allocate 4194304-byte block (0 in use)\nfatal error: out of memory\n\nruntime stack:\nruntime.throw({0x1, 0x2})\n\truntime/panic.go:1229 +0x48\n"+strings.Repeat("main.f()\n", 20))
	var g gocmd.Go
	_, err := g.Run(t.Context(), gocmd.Call{Args: []string{"env"}})
	const want = "go env: runtime: out of memory: cannot allocate 4194304-byte block (0 in use) (there was not enough memory"
	if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is %v", err)
	}
}

// TestForeignRoot sets GOROOT to a folder without a toolchain, where the go command does
// not find its settings either.
func TestForeignRoot(t *testing.T) {
	fakeGo(t, "go: GOPROXY list is not the empty string, but contains no entries\n")
	t.Setenv("GOROOT", t.TempDir())
	var g gocmd.Go
	if _, err := g.Run(t.Context(), gocmd.Call{Args: []string{"mod", "download"}}); err == nil || !strings.Contains(err.Error(), "GOROOT names no folder with a toolchain") {
		t.Errorf("the error is %v", err)
	}
}

func TestNoGoCommand(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var g gocmd.Go
	_, err := g.Run(t.Context(), gocmd.Call{Args: []string{"version"}})
	if !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "into PATH") {
		t.Errorf("Run = %v, want advice about a missing go command", err)
	}
}

// TestKilled kills the go command.
func TestKilled(t *testing.T) {
	fakeGo(t, "compiling\n")
	t.Setenv(hang, "kill")
	var g gocmd.Go
	_, err := g.Run(t.Context(), gocmd.Call{Args: []string{"build"}})
	if runtime.GOOS != "windows" && (err == nil || !strings.Contains(err.Error(), "for want of memory")) {
		t.Errorf("Run = %v, want that something killed it", err)
	}
}

func TestLimit(t *testing.T) {
	fakeGo(t, "compiling\n")
	t.Setenv(hang, "yes")
	var g gocmd.Go
	_, err := g.Run(t.Context(), gocmd.Call{Args: []string{"build"}, Limit: 10 * time.Millisecond})
	var failed *gocmd.Error
	if !errors.As(err, &failed) || !failed.TimedOut || !strings.Contains(err.Error(), "longer than 10ms") {
		t.Errorf("Run = %v, want that it took too long", err)
	}
}

func TestCancel(t *testing.T) {
	fakeGo(t, "compiling\n")
	t.Setenv(hang, "yes")
	ctx, cancel := context.WithCancel(t.Context())
	g := gocmd.Go{Log: func(string) { cancel() }}
	_, err := g.Run(ctx, gocmd.Call{Args: []string{"build"}, Limit: time.Hour})
	var failed *gocmd.Error
	if !errors.Is(err, context.Canceled) || !errors.As(err, &failed) || failed.TimedOut {
		t.Errorf("Run = %v, want %v", err, context.Canceled)
	}
}

// TestProfile reads coverage data that a reproduction may have left, and data that are fine on
// a machine that is not.
func TestProfile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file for standard output")
	}
	tests := []struct {
		name, says, hang string
		most             int64
		why, err         string
	}{
		{name: "damaged", says: "error: bad magic string", most: 1 << 10, why: "reading coverage data: exit status 1: error: bad magic string"},
		{name: "much", says: "done", most: 4, why: "more than 4 bytes on stdout"},
		{name: "memory", says: "fatal error: runtime: out of memory", most: 1 << 10, err: "there was not enough memory"},
		{name: "disk", says: "error: write counts: no space left on device", most: 1 << 10, err: "the disk is full"},
		{name: "killed", says: "reading", hang: "kill", most: 1 << 10, err: "signal: killed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fakeGo(t, test.says)
			t.Setenv(hang, test.hang)
			var g gocmd.Go
			_, why, err := g.Profile(t.Context(), "local", t.TempDir(), test.most)
			if why != test.why {
				t.Errorf("why = %q, want %q", why, test.why)
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
		})
	}
}
