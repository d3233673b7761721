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

// One diff of each kind that git and diff write.
const (
	createdDiff = "diff --git a/new/x.go b/new/x.go\nnew file mode 100644\nindex 000..111\n--- /dev/null\n+++ b/new/x.go\n@@ -0,0 +1,2 @@\n+one\n+two\n"
	deletedDiff = "diff --git a/x.go b/x.go\ndeleted file mode 100644\nindex 111..000\n--- a/x.go\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n"
	renamedDiff = "diff --git a/x.go b/y/z.go\nsimilarity index 100%\nrename from x.go\nrename to y/z.go\n"
	editedDiff  = "diff --git a/x.go b/y.go\nsimilarity index 60%\nrename from x.go\nrename to y.go\nindex 111..222 100644\n" +
		"--- a/x.go\n+++ b/y.go\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
	copiedDiff = "diff --git a/x.go b/y.go\nsimilarity index 60%\ncopy from x.go\ncopy to y.go\nindex 111..222 100644\n" +
		"--- a/x.go\n+++ b/y.go\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
	modeDiff = "diff --git a/x.sh b/x.sh\nold mode 100644\nnew mode 100755\n"
	bothDiff = "diff --git a/x.sh b/x.sh\nold mode 100644\nnew mode 100755\nindex 111..222\n--- a/x.sh\n+++ b/x.sh\n@@ -1 +1 @@\n-one\n+1\n"
	swapDiff = "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n" +
		"diff --git a/y b/x\nsimilarity index 100%\nrename from y\nrename to x\n"
	emptyDiff = "diff --git a/x b/x\nnew file mode 100644\nindex 000..111\n"
	fillDiff  = "diff --git a/x b/x\nindex 111..222 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+one\n"
	bareDiff  = "diff --git lib/x lib/x\nindex 111..222 100644\n--- lib/x\n+++ lib/x\n@@ -1 +1 @@\n-one\n+1\n"
	movedDiff = "diff --git lib/x lib/y\nsimilarity index 60%\nrename from lib/x\nrename to lib/y\nindex 111..222 100644\n" +
		"--- lib/x\n+++ lib/y\n@@ -1 +1 @@\n-one\n+1\n"
	baremodeDiff = "diff --git x x\nold mode 100644\nnew mode 100755\n"
	plainDiff    = "diff -ru old/lib/x new/lib/x\n--- old/lib/x\t2024-01-01 10:00:00.0 +0000\n+++ new/lib/x\t2024-01-01 10:00:00.0 +0000\n@@ -1 +1 @@\n-one\n+1\n"
	backupDiff   = "--- lib/x.orig\n+++ lib/x\n@@ -1 +1 @@\n-one\n+1\n"
	quotedDiff   = "diff --git \"a/\\303\\244\" \"b/\\303\\244\"\nindex 111..222 100644\n--- \"a/\\303\\244\"\n+++ \"b/\\303\\244\"\n@@ -1 +1 @@\n-one\n+1\n"
	blankDiff    = "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n one\n\n-two\n+2\n"
	noendDiff    = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+2\n\\ No newline at end of file\n"
	endDiff      = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n"
	crlfDiff     = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n"
	mailedDiff   = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+1\n-- \n2.39.5\n\n"
)

// allCRLF has CRLF in its headers, too.
var allCRLF = strings.ReplaceAll("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n", "\n", "\r\n")

var kindTests = []struct {
	name, diff    string
	before, after files
	conflict      string
}{
	{name: "new file", diff: createdDiff, before: files{"a": ""}, after: files{"a": "", "new/x.go": "one\ntwo\n"}},
	{name: "new file in the way", diff: createdDiff, before: files{"new/x.go": "one\n"}, conflict: "new/x.go: would be created, but exists already"},
	{name: "new file below a file", diff: createdDiff, before: files{"new": "one\n"}, conflict: "new is not a folder"},
	{name: "deleted file", diff: deletedDiff, before: files{"x.go": "one\ntwo\n", "y": ""}, after: files{"y": ""}},
	{name: "deleted file has more", diff: deletedDiff, before: files{"x.go": "one\ntwo\nthree\n"}, conflict: "has 1 lines that the patch does not know"},
	{name: "rename", diff: renamedDiff, before: files{"x.go": "one\n"}, after: files{"y/z.go": "one\n"}},
	{name: "rename in the way", diff: renamedDiff, before: files{"x.go": "one\n", "y/z.go": "one\n"}, conflict: "y/z.go: would be created"},
	{name: "rename with change", diff: editedDiff, before: files{"x.go": "one\ntwo\n"}, after: files{"y.go": "one\n2\n"}},
	{name: "copy", diff: copiedDiff, before: files{"x.go": "one\ntwo\n"}, after: files{"x.go": "one\ntwo\n", "y.go": "one\n2\n"}},
	{name: "mode", diff: modeDiff, before: files{"x.sh": "one\n"}, after: files{"x.sh*": "one\n"}},
	{name: "mode and change", diff: bothDiff, before: files{"x.sh": "one\n"}, after: files{"x.sh*": "1\n"}},
	{name: "mode kept", diff: fillDiff, before: files{"x*": ""}, after: files{"x*": "one\n"}},
	{name: "swapped names", diff: swapDiff, before: files{"x": "1", "y": "2"}, after: files{"x": "2", "y": "1"}},
	{name: "new empty file", diff: emptyDiff, before: files{"y": ""}, after: files{"x": "", "y": ""}},
	{name: "empty file gets lines", diff: fillDiff, before: files{"x": ""}, after: files{"x": "one\n"}},
	{name: "not so empty", diff: fillDiff, before: files{"x": "two\n"}, conflict: "it begins an empty file"},
	{name: "git without prefixes", diff: bareDiff, before: files{"lib/x": "one\n", "x": "one\n"}, after: files{"lib/x": "1\n", "x": "one\n"}},
	{name: "rename without prefixes", diff: movedDiff, before: files{"lib/x": "one\n"}, after: files{"lib/y": "1\n"}},
	{name: "mode without prefixes", diff: baremodeDiff, before: files{"x": "one\n"}, after: files{"x*": "one\n"}},
	{name: "diff -r", diff: plainDiff, before: files{"lib/x": "one\n"}, after: files{"lib/x": "1\n"}},
	{name: "backup", diff: backupDiff, before: files{"lib/x": "one\n"}, after: files{"lib/x": "1\n"}},
	{name: "quoted name", diff: quotedDiff, before: files{"ä": "one\n"}, after: files{"ä": "1\n"}},
	{name: "empty context", diff: blankDiff, before: files{"x": "one\n\ntwo\n"}, after: files{"x": "one\n\n2\n"}},
	{name: "no newline kept", diff: noendDiff, before: files{"x": "one\ntwo"}, after: files{"x": "one\n2"}},
	{name: "newline where the patch has none", diff: noendDiff, before: files{"x": "one\ntwo\n"}, conflict: "whether the last line has a newline"},
	{name: "newline added", diff: endDiff, before: files{"x": "one\ntwo"}, after: files{"x": "one\ntwo\n"}},
	{name: "CRLF", diff: crlfDiff, before: files{"x": "one\r\ntwo\r\n"}, after: files{"x": "one\r\n2\r\n"}},
	{name: "CRLF against LF", diff: crlfDiff, before: files{"x": "one\ntwo\n"}, conflict: "its lines end in CRLF and the file's in LF"},
	{name: "LF against CRLF", diff: mailedDiff, before: files{"x": "one\r\n"}, conflict: "its lines end in LF and the file's in CRLF"},
	{name: "all of the diff in CRLF", diff: allCRLF, before: files{"x": "one\r\ntwo\r\n"}, after: files{"x": "one\r\n2\r\n"}},
	{name: "all of the diff in CRLF against LF", diff: allCRLF, before: files{"x": "one\ntwo\n"}, after: files{"x": "one\n2\n"}},
	{name: "all of the diff in CRLF against others", diff: allCRLF, before: files{"x": "one\nthree\n"}, conflict: "its lines are not in the file"},
	{name: "the diff itself has no end", diff: strings.TrimSuffix(blankDiff, "\n"), before: files{"x": "one\n\ntwo\n"}, after: files{"x": "one\n\n2\n"}},
	{name: "a diff in CRLF has no end", diff: strings.TrimSuffix(allCRLF, "\r\n"), before: files{"x": "one\ntwo\n"}, after: files{"x": "one\n2\n"}},
	{name: "a mail's signature", diff: mailedDiff, before: files{"x": "one\n"}, after: files{"x": "1\n"}},
}

// TestKinds checks for each kind of change that it applies, that it is then reported
// as applied already, and what conflicts with it.
func TestKinds(t *testing.T) {
	for _, test := range kindTests {
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
