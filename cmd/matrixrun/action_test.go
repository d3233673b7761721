package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVerdict runs what the action runs, with a program in the place of matrixrun
// that only exits: what the action says of each exit code, and when it fails.
func TestVerdict(t *testing.T) {
	root := t.TempDir()
	script := filepath.Join(root, ".github", "actions", "check", "verdict")
	write(t, script, read(t, "../../.github/actions/check/verdict"))
	write(t, filepath.Join(root, "matrixrun"), "#!/bin/sh\necho \"$*\" >>\"$GITHUB_WORKSPACE/calls\"\nexit \"$CODE\"\n")
	for _, test := range []struct {
		env, code string
		exit      int
		outputs   string
	}{
		{"", "0", 0, "affected=false verdict=clean"},
		{"", "1", 1, "affected=true verdict=leaks"},
		{"", "3", 0, "affected=unknown verdict=unknown"},
		{"", "2", 2, ""},
		{"FAIL_ON=unknown", "1", 1, "affected=true verdict=leaks"},
		{"FAIL_ON=unknown", "3", 1, "affected=unknown verdict=unknown"},
		{"FAIL_ON=never", "1", 0, "affected=true verdict=leaks"},
		{"FAIL_ON=never", "3", 0, "affected=unknown verdict=unknown"},
		{"FAIL_ON=never", "2", 2, ""},
		{"FAIL_ON=leaks", "0", 2, ""},
		{"PATCH=a patch.diff", "0", 0, "verdict=cures"},
		{"PATCH=a patch.diff", "1", 1, "verdict=falls-short"},
		{"PATCH=a patch.diff", "3", 0, "verdict=unknown"},
		{"PATCH=--json", "2", 2, ""},
	} {
		space := t.TempDir()
		outputs := filepath.Join(space, "outputs")
		cmd := exec.Command("bash", script)
		cmd.Env = append(os.Environ(), "CODE="+test.code, "GITHUB_WORKSPACE="+space, "GITHUB_OUTPUT="+outputs, "GITHUB_STEP_SUMMARY="+os.DevNull, test.env)
		words, err := cmd.CombinedOutput()
		code := 0
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			code = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		written, _ := os.ReadFile(outputs)
		if got := strings.Join(strings.Fields(string(written)), " "); code != test.exit || got != test.outputs {
			t.Errorf("%s, matrixrun exits with %s: got %d and %q, want %d and %q:\n%s", test.env, test.code, code, got, test.exit, test.outputs, words)
		}
		calls, _ := os.ReadFile(filepath.Join(space, "calls"))
		name := space + "/go.mod"
		if patch, ok := strings.CutPrefix(test.env, "PATCH="); ok {
			name = space + "/" + patch
		}
		if test.env != "FAIL_ON=leaks" && !strings.Contains(string(calls), " "+name) {
			t.Errorf("%s: called %q, want %s in it", test.env, calls, name)
		}
	}
}

// write writes a program.
func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
}
