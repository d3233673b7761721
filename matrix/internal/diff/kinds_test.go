package diff

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

var (
	exact   = Result{Apply: matrix.ApplyExact}
	already = Result{Apply: matrix.ApplyAlready}
	clash   = Result{Apply: matrix.ApplyConflict}
)

// TestKinds holds for every kind of change that git writes that it goes on,
// that it is then there already, and what stands in its way.
func TestKinds(t *testing.T) {
	const (
		created = "diff --git a/new/x.go b/new/x.go\nnew file mode 100644\nindex 000..111\n--- /dev/null\n+++ b/new/x.go\n@@ -0,0 +1,2 @@\n+one\n+two\n"
		deleted = "diff --git a/x.go b/x.go\ndeleted file mode 100644\nindex 111..000\n--- a/x.go\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n"
		renamed = "diff --git a/x.go b/y/z.go\nsimilarity index 100%\nrename from x.go\nrename to y/z.go\n"
		edited  = "diff --git a/x.go b/y.go\nsimilarity index 60%\nrename from x.go\nrename to y.go\nindex 111..222 100644\n" +
			"--- a/x.go\n+++ b/y.go\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
		copied = "diff --git a/x.go b/y.go\nsimilarity index 60%\ncopy from x.go\ncopy to y.go\nindex 111..222 100644\n" +
			"--- a/x.go\n+++ b/y.go\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
		mode = "diff --git a/x.sh b/x.sh\nold mode 100644\nnew mode 100755\n"
		both = "diff --git a/x.sh b/x.sh\nold mode 100644\nnew mode 100755\nindex 111..222\n--- a/x.sh\n+++ b/x.sh\n@@ -1 +1 @@\n-one\n+1\n"
		swap = "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n" +
			"diff --git a/y b/x\nsimilarity index 100%\nrename from y\nrename to x\n"
		empty = "diff --git a/x b/x\nnew file mode 100644\nindex 000..111\n"
		fill  = "diff --git a/x b/x\nindex 111..222 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+one\n"
		bare  = "diff --git lib/x lib/x\nindex 111..222 100644\n--- lib/x\n+++ lib/x\n@@ -1 +1 @@\n-one\n+1\n"
		moved = "diff --git lib/x lib/y\nsimilarity index 60%\nrename from lib/x\nrename to lib/y\nindex 111..222 100644\n" +
			"--- lib/x\n+++ lib/y\n@@ -1 +1 @@\n-one\n+1\n"
		baremode = "diff --git x x\nold mode 100644\nnew mode 100755\n"
		plain    = "diff -ru old/lib/x new/lib/x\n--- old/lib/x\t2024-01-01 10:00:00.0 +0000\n+++ new/lib/x\t2024-01-01 10:00:00.0 +0000\n@@ -1 +1 @@\n-one\n+1\n"
		backup   = "--- lib/x.orig\n+++ lib/x\n@@ -1 +1 @@\n-one\n+1\n"
		quoted   = "diff --git \"a/\\303\\244\" \"b/\\303\\244\"\nindex 111..222 100644\n--- \"a/\\303\\244\"\n+++ \"b/\\303\\244\"\n@@ -1 +1 @@\n-one\n+1\n"
		blank    = "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n\n-two\n+2\n"
		noend    = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+2\n\\ No newline at end of file\n"
		end      = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n"
		crlf     = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n"
		mailed   = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+1\n-- \n2.39.5\n\n"
	)
	allCRLF := strings.ReplaceAll("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n", "\n", "\r\n")
	tests := []struct {
		name, diff    string
		before, after files
		want          Result // exact, if it is not set
		conflict      string
	}{
		{name: "new file", diff: created, before: files{"a": ""}, after: files{"a": "", "new/x.go": "one\ntwo\n"}},
		{name: "new file in the way", diff: created, before: files{"new/x.go": "one\n"}, conflict: "new/x.go: is to be made, but is there already"},
		{name: "new file below a file", diff: created, before: files{"new": "one\n"}, conflict: "new is no folder"},
		{name: "deleted file", diff: deleted, before: files{"x.go": "one\ntwo\n", "y": ""}, after: files{"y": ""}},
		{name: "deleted file has more", diff: deleted, before: files{"x.go": "one\ntwo\nthree\n"}, conflict: "has 1 lines that the patch does not know"},
		{name: "rename", diff: renamed, before: files{"x.go": "one\n"}, after: files{"y/z.go": "one\n"}},
		{name: "rename in the way", diff: renamed, before: files{"x.go": "one\n", "y/z.go": "one\n"}, conflict: "y/z.go: is to be made"},
		{name: "rename with change", diff: edited, before: files{"x.go": "one\ntwo\n"}, after: files{"y.go": "one\n2\n"}},
		{name: "copy", diff: copied, before: files{"x.go": "one\ntwo\n"}, after: files{"x.go": "one\ntwo\n", "y.go": "one\n2\n"}},
		{name: "mode", diff: mode, before: files{"x.sh": "one\n"}, after: files{"x.sh*": "one\n"}},
		{name: "mode and change", diff: both, before: files{"x.sh": "one\n"}, after: files{"x.sh*": "1\n"}},
		{name: "mode kept", diff: fill, before: files{"x*": ""}, after: files{"x*": "one\n"}},
		{name: "swapped names", diff: swap, before: files{"x": "1", "y": "2"}, after: files{"x": "2", "y": "1"}},
		{name: "new empty file", diff: empty, before: files{"y": ""}, after: files{"x": "", "y": ""}},
		{name: "empty file gets lines", diff: fill, before: files{"x": ""}, after: files{"x": "one\n"}},
		{name: "not so empty", diff: fill, before: files{"x": "two\n"}, conflict: "it begins an empty file"},
		{name: "git without prefixes", diff: bare, before: files{"lib/x": "one\n", "x": "one\n"}, after: files{"lib/x": "1\n", "x": "one\n"}},
		{name: "rename without prefixes", diff: moved, before: files{"lib/x": "one\n"}, after: files{"lib/y": "1\n"}},
		{name: "mode without prefixes", diff: baremode, before: files{"x": "one\n"}, after: files{"x*": "one\n"}},
		{name: "diff -r", diff: plain, before: files{"lib/x": "one\n"}, after: files{"lib/x": "1\n"}},
		{name: "backup", diff: backup, before: files{"lib/x": "one\n"}, after: files{"lib/x": "1\n"}},
		{name: "quoted name", diff: quoted, before: files{"ä": "one\n"}, after: files{"ä": "1\n"}},
		{name: "empty context", diff: blank, before: files{"x": "one\n\ntwo\n"}, after: files{"x": "one\n\n2\n"}},
		{name: "no newline kept", diff: noend, before: files{"x": "one\ntwo"}, after: files{"x": "one\n2"}},
		{name: "newline where the patch has none", diff: noend, before: files{"x": "one\ntwo\n"}, conflict: "whether the last line has a newline"},
		{name: "newline added", diff: end, before: files{"x": "one\ntwo"}, after: files{"x": "one\ntwo\n"}},
		{name: "CRLF", diff: crlf, before: files{"x": "one\r\ntwo\r\n"}, after: files{"x": "one\r\n2\r\n"}},
		{name: "CRLF against LF", diff: crlf, before: files{"x": "one\ntwo\n"}, conflict: "its lines end in CRLF and the file's in LF"},
		{name: "LF against CRLF", diff: mailed, before: files{"x": "one\r\n"}, conflict: "its lines end in LF and the file's in CRLF"},
		{name: "all of the diff in CRLF", diff: allCRLF, before: files{"x": "one\r\ntwo\r\n"}, after: files{"x": "one\r\n2\r\n"}},
		{name: "all of the diff in CRLF against LF", diff: allCRLF, before: files{"x": "one\ntwo\n"}, after: files{"x": "one\n2\n"}},
		{name: "all of the diff in CRLF against others", diff: allCRLF, before: files{"x": "one\nthree\n"}, conflict: "its lines stand nowhere"},
		{name: "the diff itself has no end", diff: strings.TrimSuffix(blank, "\n"), before: files{"x": "one\n\ntwo\n"}, after: files{"x": "one\n\n2\n"}},
		{name: "a diff in CRLF has no end", diff: strings.TrimSuffix(allCRLF, "\r\n"), before: files{"x": "one\ntwo\n"}, after: files{"x": "one\n2\n"}},
		{name: "a mail's signature", diff: mailed, before: files{"x": "one\n"}, after: files{"x": "1\n"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.conflict != "" {
				check(t, test.before, test.diff, clash, nil, []string{test.conflict})
				return
			}
			check(t, test.before, test.diff, exact, test.after, nil)
			// Two files that have changed names can change them again.
			if test.name != "swapped names" {
				check(t, test.after, test.diff, already, nil, nil)
			}
		})
	}
}
