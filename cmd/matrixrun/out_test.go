package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
)

// linkTo returns a function that makes a link.
func linkTo(to, name string) func() error { return func() error { return os.Symlink(to, name) } }

// makePipe makes the named pipe out.
func makePipe() error { return exec.Command("mkfifo", "out").Run() }

// Where an outFile may have the output, apart from a file.
const (
	onStdout = "the standard output"
	onStderr = "the standard error"
)

// An outFile is a kind of file for -o FILE, in a folder that also has a regular file
// old.
type outFile struct {
	lay     func() error
	out     string // default out
	code    int    // default that of the command
	says    string // on standard error
	written string // where the output is
}

var outFiles = map[string]outFile{
	"missing":            {says: "wrote out", written: "out"},
	"regular":            {out: "old", says: "wrote old", written: "old"},
	"a link":             {lay: linkTo("old", "out"), says: "wrote out", written: "old"},
	"a dangling link":    {lay: linkTo("nothing", "out"), code: exitInput, says: "matrixrun: -o out: it is a link to a file that does not exist"},
	"a link to a folder": {lay: linkTo(".", "out"), code: exitInput, says: "matrixrun: -o out: it is a folder"},
	"a folder":           {lay: func() error { return os.Mkdir("out", 0o777) }, code: exitInput, says: "matrixrun: -o out: it is a folder"},
	"no folder":          {out: "new/out", code: exitInput, says: "matrixrun: -o new/out: there is no folder new"},
	"below a file":       {out: "old/out", code: exitInput, says: "matrixrun: -o old/out: not a directory"},
	"a pipe":             {lay: makePipe, says: "wrote out", written: "out"},
	"stdout":             {out: "/dev/stdout", says: "wrote /dev/stdout", written: onStdout},
	"stderr":             {out: "/dev/stderr", written: onStderr},
	"null":               {out: os.DevNull, says: "wrote"},
	"full":               {out: "/dev/full", code: exitUnknown, says: "matrixrun: writing /dev/full: no space left on device"},
}

// TestOutFile checks what each command with -o FILE does to each kind of file.
func TestOutFile(t *testing.T) {
	results := filepath.Join(t.TempDir(), "results.json")
	write(t, results, aLeak(t))
	commands := []string{
		"report " + results + " --format csv", "check v1.0.0 --format json --from " + results, "diff " + results + " " + results + " --format json",
	}
	for name, f := range outFiles {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(f.out); strings.HasPrefix(f.out, "/dev/") && err != nil {
				t.Skip(err)
			}
			for _, command := range commands {
				f.check(t, command)
			}
		})
	}
}

// layOut changes to a folder with a regular file old, and lays something out there.
func layOut(t *testing.T, lay func() error) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "old", "was")
	if lay == nil {
		return
	}
	if err := lay(); err != nil {
		t.Skip(err)
	}
}

// aLeak returns a results.json with one leak.
func aLeak(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := codec.Write(&b, &matrix.Results{
		Schema: matrix.SchemaVersion, Suite: "demo", Target: "example.com/lib",
		Scenarios: []matrix.Scenario{{Name: "drop", Kind: matrix.KindProbe, Title: "one stream is reset"}},
		Rows: []matrix.RowResult{{
			ID: "v1.0.0", Source: matrix.SourceResult{Kind: "release", Version: "v1.0.0"}, State: matrix.StateOK,
			Cells: []matrix.Cell{{Scenario: "drop", Verdict: matrix.VerdictLeak, Leaks: 1, Trials: 1}},
		}},
	}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// check runs a command with and without -o, and compares what it prints and writes.
func (f outFile) check(t *testing.T, command string) {
	t.Helper()
	want := new(bytes.Buffer)
	code := execute(strings.Fields(command), want, new(bytes.Buffer))
	if code == exitInput {
		t.Fatalf("%s is bad input", command)
	}
	code = cmp.Or(f.code, code)
	layOut(t, f.lay)
	out := cmp.Or(f.out, "out")
	read := reader(out)
	var stdout, stderr bytes.Buffer
	if got := execute(append(strings.Fields(command), "-o", out), &stdout, &stderr); got != code || !strings.Contains(stderr.String(), f.says) {
		t.Errorf("%s: exit code %d, want %d, and it says %q", command, got, code, &stderr)
	}
	got := stdout.String()
	switch f.written {
	case onStdout:
	case onStderr:
		got = strings.TrimSuffix(stderr.String(), "wrote /dev/stderr\n")
	case "":
		want.Reset()
	default:
		got = <-read(f.written)
	}
	if got != want.String() {
		t.Errorf("%s: the output has %d bytes, want %d", command, len(got), want.Len())
	}
	if old, err := os.ReadFile("old"); string(old) != "was" && f.written != "old" || err != nil {
		t.Errorf("%s: old has %d bytes, %v", command, len(old), err)
	}
}

// outFolders are faults of a folder, with what every command says of them after the
// flag. Each folder also has a regular file old.
var outFolders = map[string]struct {
	lay  func() error
	out  string // default out
	says string
}{
	"a file":             {out: "old", says: " old: it is not a folder: want a folder, which may be new"},
	"a link to a file":   {lay: linkTo("old", "out"), says: " out: it is not a folder: want a folder, which may be new"},
	"a dangling link":    {lay: linkTo("nothing", "out"), says: " out: out is a link to a folder that does not exist"},
	"below such a link":  {lay: linkTo("nothing", "link"), out: "link/out", says: " link/out: link is a link to a folder that does not exist"},
	"a link to itself":   {lay: linkTo("out", "out"), says: " out: too many levels of symbolic links"},
	"below a file":       {out: "old/out", says: " old/out: not a directory"},
	"a pipe":             {lay: makePipe, says: " out: it is not a folder: want a folder, which may be new"},
	"a device":           {out: os.DevNull, says: " " + os.DevNull + ": it is not a folder: want a folder, which may be new"},
	"too long":           {out: strings.Repeat("x", 300), says: " " + strings.Repeat("x", 300) + ": file name too long"},
	"read-only":          {lay: func() error { return os.Mkdir("out", 0o555) }, says: " out: it cannot be written: permission denied"},
	"below a read-only":  {lay: func() error { return os.Mkdir("dir", 0o555) }, out: "dir/out", says: " dir/out: it cannot be made: permission denied"},
	"below one, further": {lay: func() error { return os.Mkdir("dir", 0o555) }, out: "dir/a/out", says: " dir/a/out: it cannot be made: permission denied"},
}

// TestOutFolder checks that all commands that write to a folder say the same of what
// cannot be one, before they do anything.
func TestOutFolder(t *testing.T) {
	results := filepath.Join(t.TempDir(), "results.json")
	write(t, results, aLeak(t))
	commands := map[string]string{
		"run --only v0.47.0": "-o", "merge " + results: "-o", "backport drop-late-resets": "-o", "man": "-o",
		"show v0.47.0/retry-short": "-o", "fork v0.47.0 --patch drop-late-resets": "-o", "fork v0.47.0 --patch drop-late-resets -o new": "--goproxy",
	}
	for name, f := range outFolders {
		if strings.HasSuffix(f.says, "permission denied") && os.Geteuid() == 0 {
			continue // root may write everywhere; TestWriteDenied of package output becomes another user
		}
		t.Run(name, func(t *testing.T) {
			layOut(t, f.lay)
			out := cmp.Or(f.out, "out")
			for command, flag := range commands {
				var stdout, stderr bytes.Buffer
				code := execute(append(strings.Fields(command), flag, out), &stdout, &stderr)
				// What else is wrong follows.
				if want := "matrixrun: " + flag + f.says + "\n"; code != exitInput || !strings.HasPrefix(stderr.String(), want) || stdout.Len() > 0 {
					t.Errorf("%s: exit code %d, and it says %q, want %q", command, code, &stderr, want)
				}
			}
			if _, err := os.Lstat("new"); err == nil {
				t.Error("the other folder was made")
			}
		})
	}
}

// reader returns a function that reads a file. If the file with a name is a pipe,
// reading it begins at once.
func reader(name string) func(string) <-chan string {
	read := func(name string) <-chan string {
		got := make(chan string, 1)
		go func() {
			data, err := os.ReadFile(name)
			if err != nil {
				data = []byte(err.Error())
			}
			got <- string(data)
		}()
		return got
	}
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		pipe := read(name)
		return func(string) <-chan string { return pipe }
	}
	return read
}
