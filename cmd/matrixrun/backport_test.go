package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestBackportWithoutGit checks that the error without git says what to do, and is
// no bad input.
func TestBackportWithoutGit(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var stdout, stderr bytes.Buffer
	code := execute([]string{"backport", "--git", t.TempDir(), "HEAD", "--cache", t.TempDir()}, &stdout, &stderr)
	want := "matrixrun: reading commit HEAD: there is no git command in PATH: install git, or save the commit's diff as a file"
	if code != exitUnknown || !strings.HasPrefix(stderr.String(), want) || stdout.Len() > 0 {
		t.Errorf("exit code %d, %q on stderr; want %d, %q", code, stderr.String(), exitUnknown, want)
	}
}
