package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// standIn is a program in the place of matrixrun: it notes its folder and arguments,
// writes the reports that it is asked for, and exits.
const standIn = `#!/bin/sh
echo "$PWD: $* ($GOFLAGS)" >>"$GITHUB_WORKSPACE/calls"
for arg; do
	case $arg in
	annotations=*) echo "::warning::shown" >"${arg#*=}" ;;
	markdown=*) echo "# summary" >"${arg#*=}" ;;
	sarif=*) echo "{}" >"${arg#*=}" ;;
	esac
done
exit "$CODE"
`

// A verdictRun is what came of a run of the action's script.
type verdictRun struct {
	exit                  int
	outputs, words, calls string
	space                 string
	summary               string
}

// runVerdict runs the action's script, with a program in the place of matrixrun that exits
// with a code. The variables are separated by semicolons.
func runVerdict(t *testing.T, code, variables string) (r verdictRun) {
	t.Helper()
	root := t.TempDir()
	script := filepath.Join(root, ".github", "actions", "check", "verdict")
	write(t, script, read(t, "../../.github/actions/check/verdict"))
	write(t, filepath.Join(root, "matrixrun"), standIn)
	r.space = t.TempDir()
	outputs, summary := filepath.Join(root, "outputs"), filepath.Join(root, "summary")
	cmd := exec.Command("bash", script)
	cmd.Env = append(os.Environ(), "GOFLAGS=-tags=own", "CODE="+code, "GITHUB_WORKSPACE="+r.space, "GITHUB_OUTPUT="+outputs, "GITHUB_STEP_SUMMARY="+summary)
	cmd.Env = append(cmd.Env, strings.Split(variables, ";")...)
	words, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		r.exit = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	written, _ := os.ReadFile(outputs)
	calls, _ := os.ReadFile(filepath.Join(r.space, "calls"))
	said, _ := os.ReadFile(summary)
	r.outputs, r.words, r.calls, r.summary = strings.Join(strings.Fields(string(written)), " "), string(words), string(calls), string(said)
	return r
}

// TestVerdict checks what the action says of each exit code of matrixrun, and when it
// fails. Unknown is never false.
func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		env, code string
		exit      int
		outputs   string
	}{
		{"", "0", 0, "affected=false verdict=clean"},
		{"", "1", 1, "affected=true verdict=leaks"},
		{"", "3", 0, "affected=unknown verdict=unknown"},
		{"", "2", 2, "affected=unknown verdict=unknown"},
		{"", "137", 137, "affected=unknown verdict=unknown"},
		{"FAIL_ON=reached", "1", 1, "affected=true verdict=leaks"},
		{"FAIL_ON=built", "1", 1, "affected=true verdict=leaks"},
		{"FAIL_ON=built", "3", 0, "affected=unknown verdict=unknown"},
		{"FAIL_ON=built, unknown", "3", 1, "affected=unknown verdict=unknown"},
		{"FAIL_ON=built\nunknown", "3", 1, "affected=unknown verdict=unknown"},
		{"FAIL_ON=unknown", "1", 1, "affected=true verdict=leaks"},
		{"FAIL_ON=unknown", "3", 1, "affected=unknown verdict=unknown"},
		{"FAIL_ON=never", "1", 0, "affected=true verdict=leaks"},
		{"FAIL_ON=never", "3", 0, "affected=unknown verdict=unknown"},
		{"FAIL_ON=never", "2", 2, "affected=unknown verdict=unknown"},
		{"FAIL_ON=leaks", "0", 2, "affected=unknown verdict=unknown"},
		{"FAIL_ON=*", "0", 2, "affected=unknown verdict=unknown"},
		{"PATCH=a patch.diff", "0", 0, "verdict=cures"},
		{"PATCH=a patch.diff", "1", 1, "verdict=falls-short"},
		{"PATCH=a patch.diff", "3", 0, "verdict=unknown"},
		{"PATCH=--json", "2", 2, "verdict=unknown"},
	} {
		if r := runVerdict(t, test.code, test.env); r.exit != test.exit || r.outputs != test.outputs {
			t.Errorf("%s, matrixrun exits with %s: got %d and %q, want %d and %q:\n%s", test.env, test.code, r.exit, r.outputs, test.exit, test.outputs, r.words)
		}
	}
}

// TestVerdictCalls checks how the action calls matrixrun: in the workspace, with the Go
// settings of the job, and with names that cannot become flags.
func TestVerdictCalls(t *testing.T) {
	for env, want := range map[string]string{
		"":                                 "SPACE: check --fail-on reached --report markdown=OUT/summary --report annotations=OUT/annotations -- go.mod (-tags=own)",
		"GO_MOD=a b/go.mod":                "SPACE: check --fail-on reached --report markdown=OUT/summary --report annotations=OUT/annotations -- a b/go.mod (-tags=own)",
		"GO_MOD=go.mod;PROGRAM=--write":    "SPACE: check --fail-on reached --report markdown=OUT/summary --report annotations=OUT/annotations -- --write (-tags=own)",
		"PROGRAM=.;FAIL_ON=unknown, built": "SPACE: check --fail-on reached --report markdown=OUT/summary --report annotations=OUT/annotations --fail-on built -- . (-tags=own)",
		"SARIF=leaks.sarif":                "SPACE: check --fail-on reached --report markdown=OUT/summary --report annotations=OUT/annotations --report sarif=leaks.sarif -- go.mod (-tags=own)",
		"PATCH=fix.diff;FIX=after-*":       "ROOT: backport SPACE/fix.diff --versions  -o OUT/tried --fix after-* (-trimpath)",
	} {
		r := runVerdict(t, "3", env)
		got := strings.ReplaceAll(strings.TrimSpace(r.calls), r.space, "SPACE")
		got = regexp.MustCompile(`^/\S*?: `).ReplaceAllString(got, "ROOT: ")
		got = regexp.MustCompile(`[^ =]*/(summary|annotations|tried)`).ReplaceAllString(got, "OUT/$1")
		if got != want {
			t.Errorf("%s: called\n%s\nwant\n%s", env, got, want)
		}
		if strings.HasPrefix(want, "SPACE") && (!strings.Contains(r.words, "::warning::shown\n") || r.summary != "# summary\n") {
			t.Errorf("%s: the annotations or the summary %q are missing:\n%s", env, r.summary, r.words)
		}
		files, _ := filepath.Glob(filepath.Join(r.space, "*"))
		if _, err := os.Stat(filepath.Join(r.space, "leaks.sarif")); (err == nil) != strings.HasPrefix(env, "SARIF") || len(files) > 2 {
			t.Errorf("%s: the workspace has %q", env, files)
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
