package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompletionScripts checks that each shell can parse its script.
func TestCompletionScripts(t *testing.T) {
	check := map[string][]string{"bash": {"bash", "-n"}, "zsh": {"zsh", "-n"}, "fish": {"fish", "--no-execute"}}
	for _, shell := range shells {
		t.Run(shell.name, func(t *testing.T) {
			file := completionScript(t, shell.name)
			command, ok := check[shell.name]
			if !ok {
				return // this shell is rarely installed
			}
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skipf("needs %s, to have it read its script", command[0])
			}
			if out, err := exec.Command(command[0], append(command[1:], file)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v: %v\n%s", command, err, out)
			}
		})
	}
}

// completionScript writes the script that the command prints for a shell to a file.
func completionScript(t *testing.T, shell string) (file string) {
	t.Helper()
	var out, complaints bytes.Buffer
	if code := execute([]string{"completion", shell}, &out, &complaints); code != exitOK || out.Len() < 500 {
		t.Fatalf("exit code %d, %d bytes\n%s", code, out.Len(), &complaints)
	}
	file = filepath.Join(t.TempDir(), "matrixrun."+shell)
	if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestFish lets fish complete command lines with its script.
func TestFish(t *testing.T) {
	if _, err := exec.LookPath("fish"); err != nil {
		t.Skip("needs fish, which can complete a line without a terminal")
	}
	script := completionScript(t, "fish")
	for line, want := range map[string]string{
		"matrixrun ru":                     "run\t",
		"matrixrun run --only v0.47.0,v0.": "v0.47.0,v0.48.0",
		"matrixrun show v0.47":             "v0.47.0/",
		"matrixrun show v0.47.0/after-b":   "v0.47.0/after-both\t",
		"matrixrun report --format=mark":   "--format=markdown\t",
	} {
		cmd := exec.Command("fish", "--private", "--no-config", "-c", "source $argv[1]; complete --do-complete $argv[2]", script, line)
		cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains("\n"+string(out), "\n"+want) {
			t.Errorf("%s: %v, want %q in\n%s", line, err, want, out)
		}
	}
}
