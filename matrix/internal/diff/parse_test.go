package diff

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestParseRefuses(t *testing.T) {
	const hunk = "@@ -1 +1 @@\n-one\n+two\n"
	tests := []struct{ name, diff, want string }{
		{"nothing", "just words\n", "p:10: has no unified diff: want the output of git diff"},
		{"no text", "", "p:10: has no unified diff: want the output of git diff"},
		{"absolute", "--- /etc/passwd\n+++ /etc/passwd\n" + hunk,
			`p:10: the path "/etc/passwd" is absolute: name files relative to the module's root`},
		{"absolute behind the prefix", "diff --git a//etc/passwd b//etc/passwd\n--- a//etc/passwd\n+++ b//etc/passwd\n" + hunk,
			`p:10: the path "/etc/passwd" is absolute: name files relative to the module's root`},
		{"absolute in a git header", "diff --git /etc/x /etc/x\nold mode 100644\nnew mode 100755\n",
			`p:10: the path "/etc/x" is absolute: name files relative to the module's root`},
		{"upwards", "--- a/../x\n+++ b/../x\n" + hunk, `p:10: the path "../x" has a ".." in it: name files relative to the module's root`},
		{"upwards within", "--- a/x/../y\n+++ b/x/../y\n" + hunk, `p:10: the path "x/../y" has a ".." in it: name files relative to the module's root`},
		{"upwards by rename", "diff --git a/x b/x\nsimilarity index 100%\nrename from x\nrename to ../x\n",
			`p:10: the path "../x" has a ".." in it: name files relative to the module's root`},
		{"odd path", "--- a/x/./y\n+++ b/x/./y\n" + hunk, `p:10: "x/./y" is not the path of a file in a module`},
		{"binary", "--- a/x\n+++ b/x\n" + hunk + "diff --git a/i.png b/i.png\nindex 1..2 100644\nGIT binary patch\nliteral 1\nAcmZ\n\n",
			"p:17: binary patches are not applied: patch source text"},
		{"binary note", "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n",
			"p:12: binary patches are not applied: patch source text"},
		{"symlink", "diff --git a/l b/l\nnew file mode 120000\nindex 0..1\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n",
			"p:10: symbolic links are not patched: mode 120000"},
		{"submodule", "diff --git a/l b/l\nindex 1..2 160000\n--- a/l\n+++ b/l\n" + hunk, "p:10: git submodules are not patched: mode 160000"},
		{"merge", "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,1 -1,1 +1,1 @@@\n- one\n -two\n++three\n",
			"p:10: a merge's combined diff can't be applied: make one against a single parent (git diff PARENT COMMIT)"},
		{"longer than it says", "--- a/x\n+++ b/x\n" + hunk + "+three\n",
			`p:12: the header states 1 old and 1 new lines, and the hunk has 1 and 2: want "@@ -1,1 +1,2 @@"`},
		{"shorter than it says", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-one\n+two\n",
			`p:12: the header states 3 old and 3 new lines, and the hunk has 1 and 1: want "@@ -1,1 +1,1 @@"`},
		{"shorter than it says, before a signature", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-one\n+two\n three\n-- \n2.39.5\n\n",
			`p:12: the header states 3 old and 3 new lines, and the hunk has 2 and 2: want "@@ -1,2 +1,2 @@"`},
		{"shorter than it says, before the next hunk", "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-one\n+two\n" + hunk,
			`p:12: the header states 3 old and 3 new lines, and the hunk has 1 and 1: want "@@ -1,1 +1,1 @@"`},
		{"one side is longer than it says", "--- a/x\n+++ b/x\n@@ -1,1 +1,2 @@\n one\n+two\n three\n" + hunk,
			`p:12: the header states 1 old and 2 new lines, and the hunk has 2 and 3: want "@@ -1,2 +1,3 @@"`},
		{"one side ends before the other", "--- a/x\n+++ b/x\n@@ -1,1 +1,3 @@\n one\n+two\n three\n",
			`p:12: the header states 1 old and 3 new lines, and the hunk has 2 and 3: want "@@ -1,2 +1,3 @@"`},
		{"no hunk", "--- a/x\n+++ b/x\n", `p:10: the names of a file must be followed by a hunk, a line such as "@@ -10,6 +10,7 @@"`},
		{"hunk of no file", hunk, "p:10: the diff can't be read: patch fragment without file header: @@ -1,1 +1,1 @@"},
		{"garbage in a hunk", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-one\n?\n",
			"p:12: the header states 2 old and 2 new lines, and the hunk has 1 and 0: want \"@@ -1,1 +1,0 @@\"\n" +
				`p:14: this is not a line of a diff: "?": was the line above it broken in two?`},
		{"no context", "--- a/x\n+++ b/x\n@@ -7,0 +8 @@\n+two\n",
			"p:12: the hunk has no context to find its place by: make the diff with three lines of it (git diff -U3)"},
		{"a file and a folder", "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+one\n--- /dev/null\n+++ b/x/y/z\n@@ -0,0 +1 @@\n+one\n",
			"p:14: x/y/z is in x, which is a file after line 10"},
		{"all at once", "--- /x\n+++ /x\n" + hunk + "--- a/../y\n+++ b/../y\n" + hunk,
			"p:10: the path \"/x\" is absolute: name files relative to the module's root\n" +
				"p:15: the path \"../y\" has a \"..\" in it: name files relative to the module's root"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("p", 10, []byte(test.diff))
			if !errors.As(err, &matrix.Problems{}) {
				t.Fatalf("error is %v, want problems", err)
			}
			if d := cmp.Diff(test.want, err.Error()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestApplyRefusesLinks checks that a link in the tree is neither followed nor
// replaced, on any part of the path.
func TestApplyRefusesLinks(t *testing.T) {
	outside := lay(t, files{"x": "one\n"})
	for name, target := range map[string]string{"x": filepath.Join(outside, "x"), "sub": outside} {
		t.Run(name, func(t *testing.T) {
			root := lay(t, nil)
			if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
				t.Skipf("this system makes no symbolic links: %v", err)
			}
			file := map[string]string{"x": "x", "sub": "sub/x"}[name]
			d, err := Parse("p", 1, []byte("--- a/"+file+"\n+++ b/"+file+"\n@@ -1 +1 @@\n-one\n+two\n"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = d.Apply(t.Context(), root)
			want := "p:1: " + name + " is a symbolic link in the tree: patches must not go through links"
			if !errors.As(err, &matrix.Problems{}) || err.Error() != want {
				t.Errorf("error is %v, want %s", err, want)
			}
			if d := cmp.Diff(files{"x": "one\n"}, read(t, outside)); d != "" {
				t.Errorf("outside (-want +got):\n%s", d)
			}
		})
	}
}

func TestDeclared(t *testing.T) {
	for line, want := range map[string]string{
		"func run() {":                      "func run",
		"func (s *stream) Read(p []byte) (": "func stream.Read",
		"func (stream) Read()":              "func stream.Read",
		"func (*stream) Read()":             "func stream.Read",
		"func (q queue[K, V]) pop() V {":    "func queue.pop",
		"func sum[T any](all []T) T {":      "func sum",
		"type stream struct {":              "type stream",
		"type queue[T any] []T":             "type queue",
		"type (":                            "",
		"var (":                             "",
		"function of x":                     "",
	} {
		if got := declared(line); got != want {
			t.Errorf("declared(%q) = %q, want %q", line, got, want)
		}
	}
}
