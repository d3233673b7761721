package main

import (
	"bytes"
	_ "embed" // the fake suite
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// harmless checks that nothing in the output of the last command, and in these files
// and folders, controls a terminal or commands a CI system.
func harmless(ts *testscript.TestScript, args []string) {
	for _, name := range []string{"stdout", "stderr"} {
		if err := checkLines(ts.ReadFile(name)); err != nil {
			ts.Fatalf("%s: %v", name, err)
		}
	}
	for _, arg := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(arg), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(file) == ".diff" { // a patch must stay as it is
				return err
			}
			data, err := os.ReadFile(file)
			if err == nil {
				err = checkLines(string(data))
			}
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			return nil
		}))
	}
}

var (
	lineEnd   = regexp.MustCompile("[\r\v\f\u0085\u2028\u2029]|\n")
	hashes    = regexp.MustCompile(`##[[:alpha:]]*\[`)
	annotated = regexp.MustCompile(`^::(error|warning) title=fake%3A not (as expected|known) in v1[^:]*::`)
)

// checkLines checks that no line of a text is a command, apart from our annotations,
// and that no character controls anything.
func checkLines(out string) error {
	for _, line := range lineEnd.Split(strings.ReplaceAll(out, "\r\n", "\n"), -1) {
		own := annotated.FindString(line)
		if strings.HasPrefix(strings.TrimSpace(line), "::") && own == "" || hashes.MatchString(line) {
			return fmt.Errorf("a command: %q", line)
		}
		for _, r := range line {
			if r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
				return fmt.Errorf("%q in %q", r, line)
			}
		}
	}
	return nil
}

// TestGuardKeeps checks that what the program prints of its own passes its guard
// unchanged: help, schemas, and the scripts for shells, which mean something else with
// a character more.
func TestGuardKeeps(t *testing.T) {
	for _, line := range []string{
		"--help", "help verdicts", "help manual --markdown", "schema results.json", "schema matrix.yaml", "schema check.json",
		"completion bash", "completion zsh", "completion fish", "completion powershell",
	} {
		var out bytes.Buffer
		root := newRoot()
		root.SetOut(&out)
		root.SetArgs(strings.Fields(line))
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		if out.Len() == 0 || text.Harmless(out.String()) != out.String() {
			t.Errorf("%s: the guard changes it", line)
		}
	}
}

// FuzzCommands puts a text into each place of a suite, a patch, a go.mod and a command
// line, and checks what commands say of it.
func FuzzCommands(f *testing.F) {
	for _, text := range []string{
		"::error::x ##[group]x", "x\n::error::y\r \u00a0::add-mask::x ##vso[x]y\v", "\x1b[2J\x1b]0;x\x07\x1b[0Ksection_start:1:x\r\u202ex\u2066\u200b\xff\x00\u009b2J",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
			t.Setenv(name, t.TempDir())
		}
		t.Setenv("GOPROXY", "off")
		t.Chdir(t.TempDir())
		for _, line := range [][]string{
			{"x" + text}, {"plan", text}, {"plan", "--only", text}, {"plan", "--patch", text}, {"plan", "--versions", text}, {"plan", "--scenario", text}, {"plan", "--" + text},
			{"show", text}, {"show", "v0.40.0/" + text}, {"check", text}, {"check", "v1.0.0", "--from", text}, {"report", text}, {"index", text}, {"report", "--format", text}, {"diff", text, text},
			{"fork", text}, {"help", text}, {"schema", text}, {"completion", text}, {"__complete", "plan", "--patch", text}, {"cache", "--max-size", text, "--prune"},
		} {
			checkCommand(t, line...)
		}
		for _, place := range []string{"fake", "example.com/lib", "< 1.15", "v1.0.0", "old", "repro", "control", "one stream is reset", "attempted", "leak", "peer", ""} {
			writeSuite(t, place, text)
			checkCommand(t, "plan", "suite", "--json")
			checkCommand(t, "plan", "suite", "--patch", "./patch")
		}
		for _, place := range []string{"Description", "a header", ">= 1", "reset", "lib.go", "@@ -1,1 +1,1 @@", "+b"} {
			writeSuite(t, "none", text)
			writeFile(t, "patch/a.patch", strings.Replace(hostilePatch, place, text, 1))
			checkCommand(t, "plan", "suite", "--patch", "./patch")
		}
		for _, place := range []string{"app", "github.com/quic-go/quic-go", "v0.40.0", "=>", "./fork", "require"} {
			writeFile(t, "go.mod", strings.Replace("module app\nrequire github.com/quic-go/quic-go v0.40.0\nreplace github.com/quic-go/quic-go => ./fork\n", place, text, 1))
			checkCommand(t, "check", "go.mod", "--from", "results.json")
		}
	})
}

// hostilePatch is a patch in which a text replaces one of the parts.
const hostilePatch = "Description: a header\nReleases: >= 1\nFixes: reset\n--- a/lib.go\n+++ b/lib.go\n@@ -1,1 +1,1 @@\n-a\n+b\n"

// writeSuite writes the fake suite, with a text in place of the first occurrence of
// another one, and results of it.
func writeSuite(t *testing.T, place, text string) {
	t.Helper()
	suite := string(fakeSuite)
	quoted, err := json.Marshal(text) // which YAML reads too
	if err != nil {
		t.Fatal(err)
	}
	if _, rest, ok := strings.Cut(suite, "suite: "); ok {
		suite = "suite: " + strings.Replace(rest, place, string(quoted), 1)
	}
	writeFile(t, "suite/matrix.yaml", suite)
	writeFile(t, "suite/releases.lock", "v1.0.0 example.com/lib h1:3VuscBGd12z4060ev1HDsaH42CP3KzS6TkUFpeuKnfQ= 2024-01-01T10:00:00Z\n")
	writeFile(t, "suite/repro/main.go", "package main\n\nfunc main() {}\n")
	writeFile(t, "patch/a.patch", hostilePatch)
	writeFile(t, "results.json", `{"schema": 1, "suite": "zerortt", "target": "github.com/quic-go/quic-go", "scenarios": [], "rows": []}`)
}

//go:embed testdata/suite/matrix.yaml
var fakeSuite []byte

func writeFile(t *testing.T, name, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
}

// checkCommand runs a command line in this process, and checks its output.
func checkCommand(t *testing.T, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	execute(args, &stdout, &stderr)
	for name, out := range map[string]string{"stdout": stdout.String(), "stderr": stderr.String()} {
		if err := checkLines(out); err != nil {
			t.Errorf("matrixrun %q: %s: %v", args, name, err)
		}
	}
}
