package diff

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// gitNames are names that some system takes for .git.
var gitNames = []string{
	".git", ".GIT", ".Git", ".git.", ".git ", ".git. .", "git~1", "GIT~1", "git~1.", ".git::$INDEX_ALLOCATION", ".git:x", "git~1:x",
	".g\u200cit", "\u200e.git", ".git\ufeff", ".\u206fG\u202eIT",
}

// TestThroughGit checks the names of git's own folder, as a folder, as the last name
// of a path, and behind a backslash.
func TestThroughGit(t *testing.T) {
	for _, name := range gitNames {
		for _, p := range []string{name + "/config", "sub/" + name + "/config", "sub/" + name, `sub\` + name + `\config`} {
			if !throughGit(p) {
				t.Errorf("%q leads through .git", p)
			}
			if err := checkPath(p); err == nil {
				t.Errorf("%q is accepted", p)
			}
		}
	}
	for _, p := range []string{"git/config", ".gitignore", ".github/x", "x.git", "git~2", "agit~1", ".git2/x", "..git"} {
		if throughGit(p) {
			t.Errorf("%q leads through .git", p)
		}
	}
}

// TestThroughGitAsGit compares the rule with that of the git command, which refuses
// to add such a path to its index.
func TestThroughGitAsGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git to compare with")
	}
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range append([]string{".gitx", "git", "git~2", ".git-"}, gitNames...) {
		p := "sub/" + name + "/x"
		add := exec.Command("git", "-c", "core.protectNTFS=true", "-c", "core.protectHFS=true",
			"update-index", "--add", "--cacheinfo", "100644,e69de29bb2d1d6434b8b29ae775ad8c2e48c5391,"+p)
		add.Dir = dir
		out, err := add.CombinedOutput()
		if refused := strings.Contains(string(out), "Invalid path"); refused != throughGit(p) {
			t.Errorf("%q: git refuses it: %v (%v), and here: %v", p, refused, err, throughGit(p))
		}
	}
}

// TestThroughGitKinds checks that no kind of change leads into git's own folder.
func TestThroughGitKinds(t *testing.T) {
	const hunk = "@@ -1 +1 @@\n-one\n+two\n"
	for _, diff := range []string{
		"--- a/.git/config\n+++ b/.git/config\n" + hunk,
		"--- .git/config\n+++ .git/config\n" + hunk,
		"diff -ru old/.git/config new/.git/config\n--- old/.git/config\n+++ new/.git/config\n" + hunk,
		"--- .git/config.orig\n+++ .git/config\n" + hunk,
		"--- a/x\n+++ b/.git/x\n" + hunk,
		created(".git/hooks/post-checkout"),
		moved("rename", "x", ".git/hooks/x"),
		moved("rename", ".Git/x", "x"),
		moved("copy", "x", "sub/.GIT/x"),
		"diff --git a/.git/hooks/x b/.git/hooks/x\nold mode 100644\nnew mode 100755\n",
		"diff --git a/.git/x b/.git/x\ndeleted file mode 100644\nindex 1..0\n--- a/.git/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n",
		"diff --git a/.git/l b/.git/l\nnew file mode 120000\n--- /dev/null\n+++ b/.git/l\n@@ -0,0 +1 @@\n+/etc\n",
	} {
		if _, err := Parse("p", 1, []byte(diff)); err == nil || !strings.Contains(err.Error(), "leads into git's own folder") {
			t.Errorf("%v, for\n%s", err, diff)
		}
	}
}

// created returns a diff that makes a file of one line.
func created(name string) string {
	return fmt.Sprintf("diff --git \"a/%[1]s\" \"b/%[1]s\"\nnew file mode 100644\nindex 000..111\n--- /dev/null\n+++ \"b/%[1]s\"\n@@ -0,0 +1 @@\n+one\n", name)
}

// TestNames checks names that a module cannot have, or that some system takes for
// another one.
func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"GITHUB~1/workflows/x.yml":        "short form",
		"VENDOR~1/x.go":                   "short form",
		"GO~1.MOD":                        "short form",
		"go.work.":                        "ends in a dot or a blank",
		"vendor /x.go":                    "ends in a dot or a blank",
		"x.go:stream":                     "a module can't have a file of that name",
		"a/con.go":                        "a module can't have a file of that name",
		"a*b":                             "a module can't have a file of that name",
		"go.\u200cwork":                   "cannot be seen",
		"\u202egpj.go":                    "cannot be seen",
		"GO.mod":                          "only in letter case",
		strings.Repeat("x", 256):          "has a name of 256 bytes: file systems allow 255",
		strings.Repeat("xyz/", 300) + "x": "has 1201 bytes: file systems allow about 1024",
		"Go.Sum":                          "only in letter case",
	} {
		_, err := Parse("p", 1, []byte(created(name)))
		if !errors.As(err, &matrix.Problems{}) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	for _, name := range []string{"x~.go", "go.mod", "go.sum", "a/vendor", "vendored/x.go", "go.work.md", "docs/Jenkinsfile", "v~1x.go", "longername~1"} {
		d, err := Parse("p", 1, []byte(created(name)))
		if err != nil || len(d.LeftOut()) > 0 {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestLeftOut checks which files of a diff are left out. The diff changes x.go too, as
// a commit does.
func TestLeftOut(t *testing.T) {
	const ordinary = "--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-one\n+two\n"
	for _, name := range []string{
		".github/workflows/ci.yml", ".GitHub/CODEOWNERS", "sub/.github/x", ".gitattributes", ".gitmodules", "sub/.gitignore", ".githooks/pre-commit", ".husky/x",
		".vscode/tasks.json", ".envrc", ".golangci.yml", "go.work", "Go.Work", "go.work.sum", "sub/go.wor\u212a", "vendor/modules.txt", "sub/Vendor/x/x.go",
		"sub/go.mod", "sub/GO.MOD", "sub/go.sum", "Jenkinsfile", "azure-pipelines.yml", ".github/a*b",
	} {
		t.Run(name, func(t *testing.T) {
			check(t, files{"x.go": "one\n"}, created(name)+ordinary, exact, files{"x.go": "two\n"}, nil)
			d, err := Parse("p", 1, []byte(ordinary+created(name)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{name}, d.LeftOut()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"x.go"}, d.Paths()); diff != "" {
				t.Error(diff)
			}
			_, err = Parse("p", 1, []byte(created(name)))
			if want := "p:1: nothing is left to apply: outside of the module, or settings of other programs: " + name; err == nil || err.Error() != want {
				t.Errorf("alone: %v, want %s", err, want)
			}
		})
	}
}

// moved returns a diff that renames or copies a file without changing it.
func moved(verb, from, to string) string {
	return fmt.Sprintf("diff --git a/%[2]s b/%[3]s\nsimilarity index 100%%\n%[1]s from %[2]s\n%[1]s to %[3]s\n", verb, from, to)
}

// TestLeftOutKinds checks renames, copies, deletions and modes of control files, and
// files in a folder that the diff makes a module of its own.
func TestLeftOutKinds(t *testing.T) {
	const ci, hook = ".github/ci.yml", ".githooks/x"
	const x = "diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n@@ -1 +1 @@\n-one\n+two\n"
	tests := []struct {
		name, diff    string
		before, after files
		want          []string
	}{
		{"moved in", moved("rename", ci, "ci.yml"), files{ci: "1"}, files{ci: "1", "ci.yml": "1"}, []string{ci}},
		{"copied in", moved("copy", ci, "ci.yml"), files{ci: "1"}, files{ci: "1", "ci.yml": "1"}, nil},
		{"moved out", moved("rename", "ci.yml", ci), files{"ci.yml": "1", "a": ""}, files{"a": ""}, []string{ci}},
		{"moved out and changed", "diff --git a/x b/.x\nsimilarity index 50%\nrename from x\nrename to .x\n--- a/x\n+++ b/.x\n@@ -1 +1 @@\n-one\n+two\n",
			files{"x": "one\n", "a": ""}, files{"a": ""}, []string{".x"}},
		{"copied out", moved("copy", "ci.yml", ci) + x, files{"ci.yml": "1", "x.go": "one\n"}, files{"ci.yml": "1", "x.go": "two\n"}, []string{ci}},
		{"moved outside", moved("rename", ci, hook) + x, files{ci: "1", "x.go": "one\n"}, files{ci: "1", "x.go": "two\n"}, []string{hook}},
		{"deleted", "diff --git a/.x b/.x\ndeleted file mode 100644\n--- a/.x\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n" + x,
			files{".x": "one\n", "x.go": "one\n"}, files{".x": "one\n", "x.go": "two\n"}, []string{".x"}},
		{"made executable", "diff --git a/.githooks/x b/.githooks/x\nold mode 100644\nnew mode 100755\n" + x,
			files{hook: "", "x.go": "one\n"}, files{hook: "", "x.go": "two\n"}, []string{hook}},
		{"a link", "diff --git a/.l b/.l\nnew file mode 120000\n--- /dev/null\n+++ b/.l\n@@ -0,0 +1 @@\n+/etc\n" + x,
			files{"x.go": "one\n"}, files{"x.go": "two\n"}, []string{".l"}},
		{"a module of its own", created("sub/go.mod") + created("sub/a.go") + created("sub/b/c.go") + created("subs/x.go"),
			files{"sub/x.go": ""}, files{"sub/x.go": "", "subs/x.go": "one\n"}, []string{"sub/a.go", "sub/b/c.go", "sub/go.mod"}},
		{"not there, and elsewhere", "--- a/sub/go.mod\n+++ b/sub/go.mod\n@@ -1 +1 @@\n-one\n+two\n--- a/sub/y.go\n+++ b/sub/y.go\n@@ -1 +1 @@\n-one\n+two\n" + x,
			files{"x.go": "one\n"}, files{"x.go": "two\n"}, []string{"sub/go.mod", "sub/y.go"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			check(t, test.before, test.diff, exact, test.after, nil)
			check(t, test.after, test.diff, already, nil, nil)
			d, err := Parse("p", 1, []byte(test.diff))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, d.LeftOut()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBounds checks that a diff that is too large is refused with the reason, and that
// the number of mistakes is bounded.
func TestBounds(t *testing.T) {
	const hunk = "@@ -1 +1 @@\n-one\n+two\n"
	hunks := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "@@ -%[1]d +%[1]d @@\n-one\n+two\n", i+1)
		}
		return b.String()
	}
	var manyFiles, mistakes strings.Builder
	for i := range 10_001 {
		fmt.Fprintf(&manyFiles, "--- a/%[1]d\n+++ b/%[1]d\n%[2]s", i, hunk)
	}
	for i := range 100 {
		fmt.Fprintf(&mistakes, "--- /%[1]d\n+++ /%[1]d\n%[2]s", i, hunk)
	}
	for _, test := range []struct{ name, diff, want string }{
		{"size", strings.Repeat(created("x"), 200_000), "p:1: the diff has 19 MiB: a patch may have up to 16"},
		{"lines", "--- a/x\n+++ b/x\n@@ -0,0 +1,1000001 @@\n" + strings.Repeat("+\n", 1_000_001), "p:1: the diff has 1000004 lines: a patch may have up to 1000000"},
		{"line", "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-" + strings.Repeat("x", 1<<20) + "\n+y\n", "p:4: the line has 1048578 bytes: a patch may have up to 1048576 in a line"},
		{"name", "--- a/" + strings.Repeat("x", 20_000) + "\n+++ b/x\n" + hunk, "p:1: the line has 20007 bytes: outside of hunks a patch may have up to 16384 in a line"},
		{"files", manyFiles.String(), "p:50002: the diff has more than 10000 files: no patch of a module needs as many"},
		{"hunks", "--- a/x\n+++ b/x\n" + hunks(50_001), "p:150004: the diff has more than 50000 hunks: no patch of a module needs as many"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("p", 1, []byte(test.diff))
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
	_, err := Parse("p", 1, []byte(mistakes.String()))
	if lines := strings.Split(fmt.Sprint(err), "\n"); len(lines) != 51 || !strings.HasSuffix(lines[50], ": and 50 more mistakes") {
		t.Errorf("got %d lines, the last is %s", len(lines), lines[len(lines)-1])
	}
}
