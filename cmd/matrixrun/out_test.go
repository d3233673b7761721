package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
)

// TestOutFile checks what each command with -o FILE does to each kind of file, in
// a folder that also has a regular file old.
func TestOutFile(t *testing.T) {
	results := filepath.Join(t.TempDir(), "results.json")
	var b bytes.Buffer
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
	write(t, results, b.String())
	commands := []string{"report " + results + " --format csv", "check v1.0.0 --format json --from " + results, "diff " + results + " " + results + " --format json"}
	link := func(to, name string) func() error { return func() error { return os.Symlink(to, name) } }
	const stdout, stderr = "the standard output", "the standard error"
	for name, test := range map[string]struct {
		lay     func() error
		out     string // default out
		code    int    // default that of the command
		says    string // on standard error
		written string // where the output is
	}{
		"missing":            {says: "wrote out", written: "out"},
		"regular":            {out: "old", says: "wrote old", written: "old"},
		"a link":             {lay: link("old", "out"), says: "wrote out", written: "old"},
		"a dangling link":    {lay: link("nothing", "out"), code: exitInput, says: "matrixrun: -o out: it is a link to a file that does not exist"},
		"a link to a folder": {lay: link(".", "out"), code: exitInput, says: "matrixrun: -o out: it is a folder"},
		"a folder":           {lay: func() error { return os.Mkdir("out", 0o777) }, code: exitInput, says: "matrixrun: -o out: it is a folder"},
		"no folder":          {out: "new/out", code: exitInput, says: "matrixrun: -o new/out: there is no folder new"},
		"a pipe":             {lay: func() error { return exec.Command("mkfifo", "out").Run() }, says: "wrote out", written: "out"},
		"stdout":             {out: "/dev/stdout", says: "wrote /dev/stdout", written: stdout},
		"stderr":             {out: "/dev/stderr", written: stderr},
		"null":               {out: os.DevNull, says: "wrote"},
		"full":               {out: "/dev/full", code: exitUnknown, says: "matrixrun: writing /dev/full: no space left on device"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(test.out); strings.HasPrefix(test.out, "/dev/") && err != nil {
				t.Skip(err)
			}
			for _, command := range commands {
				want := new(bytes.Buffer)
				code := execute(strings.Fields(command), want, new(bytes.Buffer))
				if code == exitInput {
					t.Fatalf("%s is bad input", command)
				}
				if test.code != 0 {
					code = test.code
				}
				t.Chdir(t.TempDir())
				write(t, "old", "was")
				if test.lay != nil {
					if err := test.lay(); err != nil {
						t.Skip(err)
					}
				}
				out := test.out
				if out == "" {
					out = "out"
				}
				read := reader(out)
				var outs, errs bytes.Buffer
				if got := execute(append(strings.Fields(command), "-o", out), &outs, &errs); got != code || !strings.Contains(errs.String(), test.says) {
					t.Errorf("%s: exit code %d, want %d, and it says %q", command, got, code, &errs)
				}
				got := outs.String()
				switch test.written {
				case stdout:
				case stderr:
					got = strings.TrimSuffix(errs.String(), "wrote /dev/stderr\n")
				case "":
					want.Reset()
				default:
					got = <-read(test.written)
				}
				if got != want.String() {
					t.Errorf("%s: the output has %d bytes, want %d", command, len(got), want.Len())
				}
				if old, err := os.ReadFile("old"); string(old) != "was" && test.written != "old" || err != nil {
					t.Errorf("%s: old has %d bytes, %v", command, len(old), err)
				}
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
