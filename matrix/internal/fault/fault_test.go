package fault_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
)

func TestShortage(t *testing.T) {
	for text, want := range map[string]string{
		"write x: no space left on device":                                     "the disk is full",
		"fatal error: runtime: cannot allocate memory":                         "not enough memory",
		"fatal error: runtime: out of memory":                                  "not enough memory",
		"runtime: failed to create new OS thread (have 2)":                     "ulimit -u",
		"runtime/cgo: pthread_create failed: Resource temporarily unavailable": "ulimit -u and -v",
		"link: mapping output file failed: file too large":                     "ulimit -f",
		"signal: file size limit exceeded":                                     "ulimit -f",
		"signal: CPU time limit exceeded":                                      "ulimit -t",
		"SIGXCPU: cpu limit exceeded\nPC=0x47":                                 "ulimit -t",
		"panic: no":                                                            "",
		"open /tmp/x: permission denied":                                       "",
		"./a.go:3:4: undefined: x (out of reach, not memory)":                  "",
	} {
		if got := fault.Shortage(text); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("Shortage(%q) = %q, want one with %q", text, got, want)
		}
	}
}

func TestAdvice(t *testing.T) {
	for err, want := range map[error]string{
		&os.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}:      "ulimit -n",
		&os.PathError{Op: "fork/exec", Path: "x", Err: syscall.EAGAIN}: "ulimit -u",
		&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}:     "the disk is full",
		&os.PathError{Op: "open", Path: "x", Err: syscall.EACCES}:      "",
	} {
		if got := fault.Advice(err); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("Advice(%v) = %q, want one with %q", err, got, want)
		}
	}
}

func TestGoAdvice(t *testing.T) {
	env := map[string]string{"GOCACHE": "/srv/cache"}
	for text, want := range map[string]string{
		"open /srv/cache/81/81aa-d: permission denied":                             "GOCACHE",
		"open /home/u/.cache/go-build/81/81aa-d: permission denied":                "GOCACHE",
		"open /home/u/go/pkg/mod/example.com/lib@v1.0.0/lib.go: permission denied": "GOMODCACHE",
		"failed to initialize build cache at /c: mkdir /c/00: permission denied":   "sudo go build",
		"failed to initialize build cache at /f: mkdir /f: not a directory":        "set GOCACHE to a folder",
		"fork/exec /usr/local/go/pkg/tool/linux_amd64/compile: exec format error":  "toolchain is incomplete",
		"go: no such tool \"compile\"":                                             "toolchain is incomplete",
		"fork/exec /x/compile: resource temporarily unavailable":                   "ulimit -u",
		"compile: version \"go1.25\" does not match go tool version \"go1.26\"":    "GOROOT",
		"open /somewhere: permission denied":                                       "",
	} {
		if got := fault.GoAdvice(text, func(key string) string { return env[key] }); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("GoAdvice(%q) = %q, want one with %q", text, got, want)
		}
	}
}

func TestRootAdvice(t *testing.T) {
	root := t.TempDir()
	advice := func() string {
		return fault.RootAdvice(func(key string) string { return map[string]string{"GOROOT": root}[key] })
	}
	if got := advice(); !strings.Contains(got, "GOROOT") {
		t.Errorf("an empty folder: RootAdvice = %q", got)
	}
	if err := os.MkdirAll(filepath.Join(root, "src", "runtime"), 0o777); err != nil {
		t.Fatal(err)
	}
	if got := advice(); got != "" {
		t.Errorf("a folder with a standard library: RootAdvice = %q", got)
	}
	root = ""
	if got := advice(); got != "" {
		t.Errorf("no GOROOT: RootAdvice = %q", got)
	}
}

func TestFileAdvice(t *testing.T) {
	temp := filepath.Join(t.TempDir(), "none")
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	if err := os.Mkdir(filepath.Join(temp, "x"), 0o777); !strings.Contains(fault.FileAdvice(err), "set TMPDIR") {
		t.Errorf("FileAdvice(%v) = %q", err, fault.FileAdvice(err))
	}
	if got := fault.FileAdvice(&fs.PathError{Op: "open", Path: "/x", Err: syscall.EMFILE}); !strings.Contains(got, "ulimit -n") {
		t.Errorf("too many open files: %q", got)
	}
	for _, err := range []error{errors.New("no space left on device"), &fs.PathError{Op: "open", Path: "/x", Err: fs.ErrNotExist}} {
		if got := fault.FileAdvice(err); got != "" {
			t.Errorf("FileAdvice(%v) = %q", err, got)
		}
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	if err := fault.Probe(dir); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("Probe left %v, %v", left, err)
	}
	if err := fault.Probe(filepath.Join(dir, "none")); err != nil {
		t.Errorf("a folder that is not there is no full disk: %v", err)
	}
}
