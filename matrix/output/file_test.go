package output

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// The contents of the files of a fileTarget.
const was, data = "was\n", "new\n"

// A fileTarget is a kind of target for WriteFile, called out in a folder that also has
// a regular file old.
type fileTarget struct {
	lay     func() error
	out     string // default out
	bad     string // what the error says if that is bad input
	fault   string // or a fault of the system
	written string // the file that has the data, if it is not a stream
	stdout  bool
	stderr  bool
}

var fileTargets = map[string]fileTarget{
	"missing":           {written: "out"},
	"regular":           {out: "old", written: "old"},
	"link to a file":    {lay: link("old", "out"), written: "old"},
	"links to a file":   {lay: all(link("old", "one"), link("one", "out")), written: "old"},
	"link to elsewhere": {lay: all(mkdir("sub"), link("../old", "sub/out")), out: "sub/out", written: "old"},
	"dangling link":     {lay: link("nothing", "out"), bad: "it is a link to a file that does not exist"},
	"link to itself":    {lay: link("out", "out"), bad: "too many levels of symbolic links"},
	"link to a folder":  {lay: all(mkdir("sub"), link("sub", "out")), bad: "it is a folder"},
	"folder":            {lay: mkdir("out"), bad: "it is a folder"},
	"no folder":         {out: "sub/out", bad: "there is no folder sub"},
	"slash":             {out: "sub/", bad: "there is no folder sub"},
	"below a file":      {out: "old/out", bad: "not a directory"},
	"stdout":            {out: "/dev/stdout", stdout: true},
	"descriptor":        {out: "/proc/self/fd/1", stdout: true},
	"link to stdout":    {lay: link("/dev/stdout", "out"), stdout: true},
	"stderr":            {out: "/dev/stderr", stderr: true},
	"descriptor 2":      {out: "/dev/fd/2", stderr: true},
	"no descriptor":     {out: "/dev/fd/999", bad: "no such file"},
	"null":              {out: os.DevNull},
	"link to null":      {lay: link(os.DevNull, "out")},
	"full":              {out: "/dev/full", fault: "no space left on device"},
	"socket":            {lay: listen("out"), bad: "it is neither a regular file nor a pipe"},
}

// TestWriteFile checks what WriteFile does to each kind of target. The content of old
// afterwards is was unless the test says so.
func TestWriteFile(t *testing.T) {
	for name, target := range fileTargets {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(target.out, "/dev/f") || strings.HasPrefix(target.out, "/proc") {
				needs(t, target.out)
			}
			t.Chdir(t.TempDir())
			write(t, "old", was)
			if target.lay != nil {
				if err := target.lay(); err != nil {
					t.Skip(err)
				}
			}
			target.check(t)
		})
	}
}

// check writes to the target, and checks what became of it.
func (f fileTarget) check(t *testing.T) {
	t.Helper()
	out := cmp.Or(f.out, "out")
	info, _ := os.Lstat(out)
	var stdout, stderr bytes.Buffer
	err := WriteFile(t.Context(), out, []byte(data), &stdout, &stderr)
	checkError(t, err, f.bad, f.fault)
	if checked := CheckFile("-o", out); (checked == nil) != (f.bad == "") {
		t.Errorf("CheckFile: error %v, and of WriteFile %v", checked, err)
	}
	if got := read(t, "old"); got != map[bool]string{false: was, true: data}[f.written == "old"] {
		t.Errorf("the old file has %q", got)
	}
	if f.written != "" && read(t, f.written) != data {
		t.Errorf("%s has %q", f.written, read(t, f.written))
	}
	if (stdout.String() == data) != f.stdout || (stderr.String() == data) != f.stderr {
		t.Errorf("stdout %q, stderr %q", &stdout, &stderr)
	}
	if now, err := os.Lstat(out); info != nil && (err != nil || now.Mode() != info.Mode()) {
		t.Errorf("%s was %v and became %v", out, info.Mode(), now)
	}
	if left, _ := filepath.Glob(".*[0-9]"); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// checkError checks that an error is bad input that says bad, or a fault that says
// fault, or none if both are empty.
func checkError(t *testing.T, err error, bad, fault string) {
	t.Helper()
	var problems matrix.Problems
	switch {
	case bad == "" && fault == "":
		if err != nil {
			t.Error(err)
		}
	case err == nil || errors.As(err, &problems) != (bad != "") || !strings.Contains(err.Error(), bad+fault):
		t.Errorf("error %v, want %q", err, bad+fault)
	}
}

// TestWriteFileKeepsPermissions checks that a file keeps its permissions, and that
// a new one has those of the umask.
func TestWriteFileKeepsPermissions(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "plain", "")
	write(t, "private", "")
	if err := os.Chmod("private", 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"new", "private"} {
		if err := WriteFile(t.Context(), name, nil, io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	if mode(t, "private") != 0o600 || mode(t, "new") != mode(t, "plain") {
		t.Errorf("private has %v, new %v, want 0600 and %v", mode(t, "private"), mode(t, "new"), mode(t, "plain"))
	}
}

// TestWriteFilePipe checks that a pipe is written to as soon as it has a reader,
// that the pipe stays, and that WriteFile does not wait for a reader.
func TestWriteFilePipe(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := exec.Command("mkfifo", "out").Run(); err != nil {
		t.Skip(err)
	}
	data := bytes.Repeat([]byte("x"), 1<<20) // more than a pipe holds
	got := make(chan []byte)
	go func() {
		time.Sleep(50 * time.Millisecond)
		data, _ := os.ReadFile("out")
		got <- data
	}()
	if err := WriteFile(t.Context(), "out", data, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	if is := <-got; !bytes.Equal(is, data) {
		t.Errorf("the reader got %d bytes", len(is))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := WriteFile(ctx, "out", data, io.Discard, io.Discard); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a reader: error %v", err)
	}
	idle, err := os.OpenFile("out", os.O_RDWR, 0) // a reader that does not read
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := WriteFile(ctx, "out", data, io.Discard, io.Discard); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with an idle reader: error %v", err)
	}
}

// TestWriteFileDescriptor checks that another open file is written to where it is.
func TestWriteFileDescriptor(t *testing.T) {
	needs(t, "/dev/fd/0")
	sh := exec.Command("sh", "-c", `{ echo before >&3; "$0" -test.run='^TestWriteHelper$'; echo after >&3; } 3>out; cat out`, os.Args[0])
	sh.Dir = t.TempDir()
	sh.Env = append(os.Environ(), "OUTPUT_WRITE=/dev/fd/3")
	if out, err := sh.Output(); string(out) != "PASS\nbefore\nnew\nafter\n" {
		t.Errorf("%v: %q", err, out)
	}
}

// TestWriteHelper is a program that writes to a file.
func TestWriteHelper(t *testing.T) {
	name := os.Getenv("OUTPUT_WRITE")
	if name == "" {
		return
	}
	if err := WriteFile(t.Context(), name, []byte("new\n"), os.Stdout, os.Stderr); err != nil {
		t.Fatal(err)
	}
}

// TestWriteDenied checks that missing permissions are bad input, and are found
// before anything is written.
func TestWriteDenied(t *testing.T) {
	if os.Getuid() <= 0 {
		asUser(t)
		return
	}
	for name, test := range map[string]struct {
		lay func() error
		bad string
	}{
		"file":   {chmod("old", 0o444), "it cannot be written: permission denied"},
		"folder": {chmod(".", 0o555), "its folder . cannot be written: permission denied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "old", "was")
			if err := test.lay(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(".", 0o777) })
			checkError(t, CheckFile("-o", "old"), test.bad, "")
			if name != "folder" {
				return
			}
			for _, dir := range []string{".", "new", "new/below"} {
				checkError(t, Check(dir, Files{}), "permission denied", "")
			}
		})
	}
}

// asUser runs this test again as another user than root, who can only reach a copy
// of the program.
func asUser(t *testing.T) {
	dir, err := os.MkdirTemp("", "output") //nolint:usetesting // only root can enter t.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "test")
	data, err := os.ReadFile(os.Args[0])
	if err := errors.Join(err, os.Chmod(dir, 0o777), os.WriteFile(program, data, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	if err := setUser(cmd, 65534); err != nil {
		t.Skip(err)
	}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, fs.ErrPermission) { // a container may forbid it even to root
		t.Skip(err)
	}
	if err != nil || !bytes.Contains(out, []byte("PASS: "+t.Name()+"/file")) {
		t.Errorf("%v: %s", err, out)
	}
}

func link(to, name string) func() error          { return func() error { return os.Symlink(to, name) } }
func mkdir(name string) func() error             { return func() error { return os.Mkdir(name, 0o777) } }
func chmod(n string, m os.FileMode) func() error { return func() error { return os.Chmod(n, m) } }

// all returns a function that calls others in order.
func all(functions ...func() error) func() error {
	return func() error {
		for _, f := range functions {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	}
}

func write(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func mode(t *testing.T, name string) os.FileMode {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

// needs skips a test on a system without a file.
func needs(t *testing.T, name string) {
	t.Helper()
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		t.Skip(err)
	}
}
