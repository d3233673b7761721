package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFullOutput checks that every command which cannot write its output says so
// and exits with 3, whatever it found out.
func TestFullOutput(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it runs every command")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	mod := filepath.Join(t.TempDir(), "go.mod")
	write(t, mod, "module example.com/app\n\ngo 1.26\n")
	published := filepath.Join("..", "..", "results", "zerortt")
	cache := t.TempDir()
	for _, line := range []string{
		"", "--help", "--version", "help", "help run", "help verdicts", "help manual --markdown", "report --help",
		"plan", "plan --json", "plan --shards 2", "schema matrix.yaml", "completion bash", "cache --cache " + cache,
		"check v0.47.0", "check v0.47.0 --format json", "check --format markdown " + mod,
		"diff " + published + " " + published, "diff --format json " + published + " " + published,
		"report --format terminal", "report --format markdown", "report --format html", "report --format json", "report --format csv",
		"report --format junit", "report --format svg", "report --format badge", "report --format osv", "report --format summary",
		"show v0.47.0/after-both --from " + published, "show v0.47.0/after-both --json --from " + published,
	} {
		t.Run(line, func(t *testing.T) {
			var stderr bytes.Buffer
			code := execute(strings.Fields(line), full, &stderr)
			if code != exitUnknown || !strings.Contains(stderr.String(), "no space left on device") || strings.Count(stderr.String(), "matrixrun: ") != 1 {
				t.Errorf("exit code %d, stderr %q, want %d and one error", code, stderr.String(), exitUnknown)
			}
		})
	}
	t.Run("bad input outranks it", func(t *testing.T) {
		if code := execute([]string{"report", "nowhere"}, full, new(bytes.Buffer)); code != exitInput {
			t.Errorf("exit code %d, want %d", code, exitInput)
		}
	})
}
