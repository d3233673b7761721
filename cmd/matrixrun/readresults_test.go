package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// resultsReaders are all the commands that read results, with {} for what is read.
var resultsReaders = []string{
	"show v0.47.0/after-both --from {}",
	"check v0.47.0 --from {}",
	"report {}",
	"report {} --format json",
	"diff {} ../../results/zerortt",
	"diff ../../results/zerortt {}",
	"merge {}",
	"merge ../../results/zerortt --since {} -o new",
	"run --since {} -o new",
	"run --times {} --shard 1/2 -o new",
	"plan --times {}",
}

// TestReadResults checks that all commands which read results refuse the same
// files, with the same words and as bad input.
func TestReadResults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it runs every command")
	}
	published := filepath.Join("..", "..", "results", "zerortt", "results.json")
	for fault, test := range map[string]struct {
		lay  func(file string) error
		want string
	}{
		"missing":      {func(string) error { return nil }, ": there is no such file: want a results.json, or "},
		"a folder":     {func(file string) error { return os.Mkdir(file, 0o777) }, ": this is a folder: want a results.json, or "},
		"unreadable":   {func(file string) error { return os.WriteFile(file, nil, 0) }, ": permission denied: want a results.json, or "},
		"link out":     {func(file string) error { return link(published, file) }, ": this is a link out of its folder, which is not followed: want a results.json, or "},
		"no JSON":      {func(file string) error { return os.WriteFile(file, []byte("<html>"), 0o666) }, ":1: this is not a complete results.json: invalid character '<' "},
		"torn":         {func(file string) error { return os.WriteFile(file, []byte(`{"schema": 1`), 0o666) }, ":1: this is not a complete results.json: unexpected end of JSON input"},
		"other JSON":   {func(file string) error { return os.WriteFile(file, []byte(`{}`), 0o666) }, ": this is not a results.json: it has no schema"},
		"newer schema": {func(file string) error { return os.WriteFile(file, []byte(`{"schema": 2}`), 0o666) }, ": it has schema 2, and this program reads 1: "},
		"mistake":      {func(file string) error { return os.WriteFile(file, []byte(`{"schema": 1, "rows": [{}]}`), 0o666) }, `:1: row "" of version "": want a version and a unique ID`},
	} {
		t.Run(fault, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "results.json")
			if err := test.lay(file); err != nil {
				t.Skip(err)
			}
			if _, err := os.ReadFile(file); fault == "unreadable" && err == nil {
				t.Log("not tested: this user may read every file")
				return
			}
			for _, reader := range resultsReaders {
				line := strings.ReplaceAll(strings.ReplaceAll(reader, "{}", dir), "-o new", "-o "+filepath.Join(dir, "new"))
				want := exitInput
				if fault == "missing" && reader == "merge {}" {
					want = exitUnknown // a shard that did not finish: see Exit codes in the manual
				}
				var stdout, stderr bytes.Buffer
				code := execute(append(strings.Fields(line), cacheOf(t, line)...), &stdout, &stderr)
				if code != want || !strings.Contains(stderr.String(), "matrixrun: "+file+test.want) || stdout.Len() > 0 {
					t.Errorf("%s: exit code %d, stdout %q, stderr %q; want %d and %q", line, code, stdout.String(), stderr.String(), want, test.want)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
				t.Error("a command has written its folder")
			}
		})
	}
}

// cacheOf returns the flag that keeps a command off the user's own record.
func cacheOf(t *testing.T, line string) []string {
	if strings.HasPrefix(line, "run") || strings.HasPrefix(line, "show") {
		return []string{"--cache", t.TempDir()}
	}
	return nil
}

// link makes a symbolic link to a file.
func link(to, name string) error {
	abs, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	return os.Symlink(abs, name)
}
