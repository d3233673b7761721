package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestBackportWithoutGit checks that the lack of git says what to do, and is
// nothing that the user typed wrong.
func TestBackportWithoutGit(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var stdout, stderr bytes.Buffer
	code := execute([]string{"backport", "--git", t.TempDir(), "HEAD", "--cache", t.TempDir()}, &stdout, &stderr)
	want := "matrixrun: reading commit HEAD: there is no git command in PATH: install git, or save the commit's diff as a file"
	if code != exitUnknown || !strings.HasPrefix(stderr.String(), want) || stdout.Len() > 0 {
		t.Errorf("exit code %d, %q on stderr; want %d, %q", code, stderr.String(), exitUnknown, want)
	}
}

// TestSplitSuite tells a suite from the patches before it.
func TestSplitSuite(t *testing.T) {
	for _, test := range []struct{ args, patches, suite string }{
		{"a", "a", ""},
		{"zerortt", "zerortt", ""},
		{"a zerortt", "a", "zerortt"},
		{"a b testdata/suite", "a b", "testdata/suite"},
		{"a testdata", "a testdata", ""},
	} {
		patches, suite := splitSuite(strings.Fields(test.args))
		if got := strings.Join(patches, " "); got != test.patches || strings.Join(suite, " ") != test.suite {
			t.Errorf("%s: got %q and %q", test.args, patches, suite)
		}
	}
}
