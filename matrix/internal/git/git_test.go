package git

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clone makes a repository with two commits. The second renames and changes a file
// in the folder lib, and changes another one at the root.
func clone(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	command(t, dir, "init", "-q")
	write(t, dir, "lib/a.go", "package lib\n\nconst A = 1\n\nconst Unchanged = true\n")
	write(t, dir, "README", "one\n")
	command(t, dir, "add", ".")
	command(t, dir, "commit", "-qm", "begin")
	command(t, dir, "mv", "lib/a.go", "lib/b.go")
	write(t, dir, "lib/b.go", "package lib\n\nconst A = 2\n\nconst Unchanged = true\n")
	write(t, dir, "README", "two\n")
	command(t, dir, "commit", "-qam", "lib: count on\n\nFixes: #12")
	return dir
}

func command(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestShow reads a commit of a clone whose configuration would change the diff.
func TestShow(t *testing.T) {
	dir := clone(t)
	command(t, dir, "config", "diff.noprefix", "true")
	command(t, dir, "config", "color.ui", "always")
	command(t, dir, "config", "diff.external", "false")
	c, err := Show(t.Context(), dir, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if c.Subject != "lib: count on" || len(c.Hash) != 40 {
		t.Errorf("got %q, %q", c.Subject, c.Hash)
	}
	for _, want := range []string{"diff --git a/README b/README\n", "rename from lib/a.go\nrename to lib/b.go\n", "-const A = 1\n+const A = 2\n"} {
		if !strings.Contains(string(c.Diff), want) {
			t.Errorf("the diff does not contain %q:\n%s", want, c.Diff)
		}
	}
}

// TestShowFolder reads a commit from a subfolder of the clone.
func TestShowFolder(t *testing.T) {
	c, err := Show(t.Context(), filepath.Join(clone(t), "lib"), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(c.Diff); strings.Contains(text, "README") || !strings.Contains(text, "rename from a.go\n") {
		t.Errorf("the diff is not relative to the folder:\n%s", text)
	}
}

func TestRefused(t *testing.T) {
	dir := clone(t)
	command(t, dir, "branch", "release-1.x")
	for _, test := range []struct{ clone, ref, want string }{
		{dir, "HEAD~1", "has no parent"},
		{dir, "nosuch", `the clone has no commit "nosuch"`},
		{dir, "release-1", `the clone has no commit "release-1": did you mean "release-1.x"?`},
		{dir, "--help", `the clone has no commit "--help"`},
		{dir, "HEAD:README", `the clone has no commit "HEAD:README"`},
		{t.TempDir(), "HEAD", "git rev-parse: fatal: not a git repository"},
	} {
		_, err := Show(t.Context(), test.clone, test.ref)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.ref, err, test.want)
		}
	}
}

func TestNoGit(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Show(t.Context(), t.TempDir(), "HEAD"); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v, want %v", err, ErrMissing)
	}
}
