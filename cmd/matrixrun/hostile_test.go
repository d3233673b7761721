package main

import (
	"bytes"
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
		checkLines(ts, name, ts.ReadFile(name))
	}
	for _, arg := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(arg), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(file) == ".diff" { // a patch must stay as it is
				return err
			}
			data, err := os.ReadFile(file)
			checkLines(ts, file, string(data))
			return err
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
func checkLines(ts *testscript.TestScript, name, out string) {
	for _, line := range lineEnd.Split(strings.ReplaceAll(out, "\r\n", "\n"), -1) {
		own := annotated.FindString(line)
		if strings.HasPrefix(strings.TrimSpace(line), "::") && own == "" || hashes.MatchString(line) {
			ts.Fatalf("%s: a command: %q", name, line)
		}
		for _, r := range line {
			if r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) {
				ts.Fatalf("%s: %q in %q", name, r, line)
			}
		}
	}
}

// TestGuardKeeps checks that what the program prints of its own passes its guard
// unchanged: help, schemas, and the scripts for shells, which mean something else with
// a character more.
func TestGuardKeeps(t *testing.T) {
	for _, line := range []string{
		"--help", "help verdicts", "help manual --markdown", "schema results.json", "schema matrix.yaml",
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
