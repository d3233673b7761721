package codec

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// FuzzResults reads a results.json. What is accepted can be written, and the file reads
// and writes as before, without a character that controls a terminal. What is not has a
// bounded number of mistakes, each with the file and no line that it does not have.
func FuzzResults(f *testing.F) {
	golden, err := os.ReadFile(filepath.Join("testdata", "results.json"))
	if err != nil {
		f.Fatal(err)
	}
	row := func(fields string) string {
		return `{"schema": 1, "scenarios": [{"name": "a", "kind": "probe", "proof": {"x": [1, null]}}], "rows": [{"id": "v1.0.0", "source": {"version": "v1.0.0"}, "state": "ok", ` + fields + `}]}`
	}
	for _, data := range []string{
		string(golden), "", "null", "[]", `{"schema": 1}`, `{"schema": 2}`, `{"schema": 1, "rows": [`, row(`"cells": []`), `{"schema": 1, "suite": "\ud800\u0000\u001b[2J\u202e"}`,
		row(`"cells": [{"scenario": "a", "verdict": "leak", "leaks": 3, "trials": 2, "interval": [0, 1.5], "evidence": ["../x", "/etc/x"]}]`),
		row(`"cells": [{"scenario": "a", "verdict": "clean", "trials": 5, "saw": [{"side": "server", "stream": 0, "code": 1}], "frames": [{"us": 1e18}]}]`),
		row(`"patches": [{"name": "\n::error::x", "apply": "offset", "offset": -1}], "effect": "fixes", "upstream": {"packages": 1, "breaks": [{"test": "\r"}]}`),
		`{"schema": 1, "costs": {"v1\u009b": {"build_s": -1}}, "shard": {"index": 9, "of": 3, "go": "x"}, "generated": "0000-01-01T00:00:00Z"}`,
		`{"schema": 1, "intervals": [{"scenario": "a", "ranges": [{"verdict": "clean", "rows": 1e6}]}], "since": {"changes": [{"kind": "x", "rows": null}]}}`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("r", data)
		if err != nil {
			checkMistakes(t, err, 1+bytes.Count(data, []byte("\n")))
			return
		}
		var first, second bytes.Buffer
		if err := Write(&first, r); err != nil {
			t.Fatal(err)
		}
		again, err := Read("r", first.Bytes())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first.Bytes())
		}
		if err := Write(&second, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.String(), second.String()); diff != "" {
			t.Errorf("written, read and written again: -first +second:\n%s", diff)
		}
		if at := strings.IndexFunc(first.String(), func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) }); at >= 0 {
			t.Errorf("a character that controls a terminal: %q", first.String()[at:])
		}
	})
}

// checkMistakes checks the mistakes in a file of so many lines.
func checkMistakes(t *testing.T, err error, lines int) {
	t.Helper()
	var problems matrix.Problems
	if !errors.As(err, &problems) || len(problems) == 0 || len(problems) > maxMistakes+1 {
		t.Fatalf("%d problems: %v", len(problems), err)
	}
	for _, p := range problems {
		if p.File != "r" || p.Line < 0 || p.Line > lines || p.Text == "" {
			t.Errorf("of %d lines: %q", lines, p)
		}
	}
}
