package diff

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// oneHunk is a hunk that makes b of a.
const oneHunk = "@@ -1 +1 @@\n-a\n+b\n"

// TestPlaces checks the places that people keep patches of a module in. However its
// files are named, a diff has the same text afterwards.
func TestPlaces(t *testing.T) {
	lib := Names{Modules: []string{"example.com/Own/lib", "example.com/old/lib"}, Strip: -1}
	strip := func(n int) Names { return Names{Modules: lib.Modules, Strip: n} }
	tests := []struct {
		name    string
		names   Names
		diff    string
		paths   []string
		leftOut []string
	}{
		{"git", lib, "diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n" + oneHunk, []string{"x.go"}, nil},
		{"vendor folder", lib, "diff --git a/vendor/example.com/Own/lib/in/x.go b/vendor/example.com/Own/lib/in/x.go\nindex 1..2 100644\n" +
			"--- a/vendor/example.com/Own/lib/in/x.go\n+++ b/vendor/example.com/Own/lib/in/x.go\n" + oneHunk, []string{"in/x.go"}, nil},
		{"vendor folder with files of the program", lib, "diff --git a/go.mod b/go.mod\n--- a/go.mod\n+++ b/go.mod\n" + oneHunk +
			"--- a/vendor/example.com/old/lib/x.go\n+++ b/vendor/example.com/old/lib/x.go\n" + oneHunk +
			"diff --git a/vendor/modules.txt b/vendor/modules.txt\n--- a/vendor/modules.txt\n+++ b/vendor/modules.txt\n" + oneHunk,
			[]string{"x.go"}, []string{"go.mod", "vendor/modules.txt"}},
		{"module cache", lib, "diff -ruN /home/me/go/pkg/mod/example.com/!own/lib@v1.2.3/x.go /tmp/lib/x.go\n" +
			"--- /home/me/go/pkg/mod/example.com/!own/lib@v1.2.3/x.go\t2024-01-02 03:04:05.000000000 +0100\n+++ /tmp/lib/x.go\t2024-02-02 03:04:05.000000000 +0100\n" + oneHunk,
			[]string{"x.go"}, nil},
		{"versions side by side", lib, "diff -ruN lib@v1.2.3/in/x.go lib@v1.2.3-mended/in/x.go\n--- lib@v1.2.3/in/x.go\t2024-01-02 03:04:05 +0000\n+++ lib@v1.2.3-mended/in/x.go\t2024-01-03 03:04:05 +0000\n" + oneHunk,
			[]string{"in/x.go"}, nil},
		{"a new file and a deleted one, by time", lib, "diff -ruN old/n.go new/n.go\n--- old/n.go\t1970-01-01 01:00:00.000000000 +0100\n+++ new/n.go\t2024-01-03 03:04:05 +0000\n@@ -0,0 +1 @@\n+b\n" +
			"--- old/d.go\t2024-01-03 03:04:05 +0000\n+++ new/d.go\t1970-01-01 00:00:00.000000000 +0000\n@@ -1 +0,0 @@\n-b\n", []string{"d.go", "n.go"}, nil},
		{"Debian", lib, "Index: lib-1.2/x.go\n===================================================================\n--- lib-1.2.orig/x.go\n+++ lib-1.2/x.go\n" + oneHunk, []string{"x.go"}, nil},
		{"rename in a vendor folder", lib, "diff --git a/vendor/example.com/Own/lib/x.go b/vendor/example.com/Own/lib/y.go\nsimilarity index 100%\n" +
			"rename from vendor/example.com/Own/lib/x.go\nrename to vendor/example.com/Own/lib/y.go\n", []string{"x.go", "y.go"}, nil},
		{"new file in a vendor folder", lib, "diff --git a/vendor/example.com/Own/lib/n.go b/vendor/example.com/Own/lib/n.go\nnew file mode 100644\n--- /dev/null\n+++ b/vendor/example.com/Own/lib/n.go\n@@ -0,0 +1 @@\n+b\n",
			[]string{"n.go"}, nil},
		{"a nested module", Names{Nested: []string{"sub"}, Strip: -1}, "--- a/sub/y.go\n+++ b/sub/y.go\n" + oneHunk + "--- a/x.go\n+++ b/x.go\n" + oneHunk, []string{"x.go"}, []string{"sub/y.go"}},
		{"-p 2", strip(2), "--- a/sub/x.go\n+++ b/sub/x.go\n" + oneHunk + "--- a/y.go\n+++ b/y.go\n" + oneHunk, []string{"x.go"}, []string{"y.go"}},
		{"-p 2 without prefixes", strip(2), "--- old/sub/x.go\n+++ old/sub/x.go\n" + oneHunk, []string{"x.go"}, nil},
		{"-p 2 of a rename", strip(2), "diff --git a/sub/x.go b/sub/y.go\nsimilarity index 100%\nrename from sub/x.go\nrename to sub/y.go\n", []string{"x.go", "y.go"}, nil},
		{"-p 0", strip(0), "--- a/x.go\n+++ a/x.go\n" + oneHunk, []string{"a/x.go"}, nil},
		{"-p 0 and another folder", strip(0), "--- a/x.go\n+++ b/x.go\n" + oneHunk, []string{"b/x.go"}, nil},
		{"-p 1", strip(1), "diff --git a/x.go b/x.go\n--- a/x.go\n+++ b/x.go\n" + oneHunk, []string{"x.go"}, nil},
	}
	for _, test := range tests {
		for _, end := range []string{"\n", "\r\n"} {
			t.Run(test.name+map[bool]string{true: ", CRLF"}[end != "\n"], func(t *testing.T) {
				data := []byte(strings.ReplaceAll(test.diff, "\n", end))
				d, err := ParseNames("p", 1, data, test.names)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff([][]string{test.paths, test.leftOut}, [][]string{d.Paths(), d.LeftOut()}); d != "" {
					t.Error(d)
				}
				again, err := Parse("p", 1, d.Text())
				if err != nil {
					t.Fatalf("%v\n%s", err, d.Text())
				}
				if d := cmp.Diff(test.paths, again.Paths()); d != "" {
					t.Errorf("from the text: %s", d)
				}
				if got, want := bytes.Count(d.Text(), []byte(end)), strings.Count(test.diff, "\n"); got != want {
					t.Errorf("the text has %d lines, want %d", got, want)
				}
			})
		}
	}
}

// mails returns a series of commits, as git format-patch writes it.
func mails(diffs ...string) string {
	var b strings.Builder
	for _, d := range diffs {
		b.WriteString("From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.com>\nSubject: [PATCH] lib: do\n\n- a list\n---\n x.go | 2 +-\n\n" +
			d + "-- \n2.39.5\n\n")
	}
	return b.String()
}

// edit1 is the diff that makes one line of another in a file.
func edit1(file, before, after string) string {
	return "diff --git a/" + file + " b/" + file + "\n--- a/" + file + "\n+++ b/" + file + "\n@@ -1 +1 @@\n-" + before + "\n+" + after + "\n"
}

var seriesTests = []struct {
	name     string
	tree     files
	diff     string
	want     Result
	after    files
	conflict []string
}{
	{name: "two commits to a file", tree: files{"x.go": "a\n"}, diff: mails(edit1("x.go", "a", "b"), edit1("x.go", "b", "c")),
		want: Result{Apply: matrix.ApplyExact}, after: files{"x.go": "c\n"}},
	{name: "without anything between them", tree: files{"x.go": "a\n"}, diff: edit1("x.go", "a", "b") + edit1("x.go", "b", "c"),
		want: Result{Apply: matrix.ApplyExact}, after: files{"x.go": "c\n"}},
	{name: "git log -p", tree: files{"x.go": "a\n"}, want: Result{Apply: matrix.ApplyExact}, after: files{"y.go": "b\n"},
		diff: "commit 0123456789abcdef0123456789abcdef01234567\nAuthor: A\n\n    do\n\n" + edit1("x.go", "a", "b") +
			"\ncommit 1123456789abcdef0123456789abcdef01234567\nAuthor: A\n\n    move\n\ndiff --git a/x.go b/y.go\nsimilarity index 100%\nrename from x.go\nrename to y.go\n"},
	{name: "the first is there already", tree: files{"x.go": "b\n"}, diff: mails(edit1("x.go", "a", "b"), edit1("x.go", "b", "c")),
		want: Result{Apply: matrix.ApplyExact}, after: files{"x.go": "c\n"}},
	{name: "all are there already", tree: files{"x.go": "c\n"}, diff: mails(edit1("x.go", "a", "b"), edit1("x.go", "b", "c")),
		want: Result{Apply: matrix.ApplyAlready}},
	{name: "the second conflicts", tree: files{"x.go": "a\n", "y.go": "z\n"}, diff: mails(edit1("x.go", "a", "b"), edit1("y.go", "b", "c")),
		conflict: []string{"y.go: hunk @@ -1 +1 @@ (fix.patch:29)"}},
	{name: "a file in a folder that the first makes", tree: files{}, want: Result{Apply: matrix.ApplyExact}, after: files{"d/x.go": "a\n", "d/y.go": "a\n"},
		diff: mails("--- /dev/null\n+++ b/d/x.go\n@@ -0,0 +1 @@\n+a\n", "--- /dev/null\n+++ b/d/y.go\n@@ -0,0 +1 @@\n+a\n")},

	{name: "a test conflicts", tree: files{"x.go": "a\n", "x_test.go": "z\n"}, diff: edit1("x.go", "a", "b") + edit1("x_test.go", "a", "b"),
		want: Result{Apply: matrix.ApplyExact, Aside: []matrix.Aside{
			{File: "x_test.go", Conflict: "x_test.go: hunk @@ -1 +1 @@ (fix.patch:10): its lines are not in the file"}}},
		after: files{"x.go": "b\n", "x_test.go": "z\n"}},
	{name: "tests of a package go on together", tree: files{"x.go": "a\n", "x_test.go": "z\n", "y_test.go": "a\n", "in/y_test.go": "a\n", "testdata/t": "a\n"},
		diff: edit1("x.go", "a", "b") + edit1("x_test.go", "a", "b") + edit1("y_test.go", "a", "b") + edit1("in/y_test.go", "a", "b") + edit1("testdata/t", "a", "b"),
		want: Result{Apply: matrix.ApplyExact, Aside: []matrix.Aside{
			{File: "x_test.go", Conflict: "x_test.go: hunk @@ -1 +1 @@ (fix.patch:10): its lines are not in the file"}, {File: "y_test.go"}, {File: "testdata/t"}}},
		after: files{"x.go": "b\n", "x_test.go": "z\n", "y_test.go": "a\n", "in/y_test.go": "b\n", "testdata/t": "a\n"}},
	{name: "a document conflicts", tree: files{"x.go": "a\n"}, diff: edit1("x.go", "a", "b") + edit1("doc/README.md", "a", "b"),
		want:  Result{Apply: matrix.ApplyExact, Aside: []matrix.Aside{{File: "doc/README.md", Conflict: "doc/README.md: there is no such file"}}},
		after: files{"x.go": "b\n"}},
	{name: "an embedded file conflicts", tree: files{"x.go": "//go:embed *.tmpl testdata\na\n", "x.tmpl": "z\n"}, diff: edit1("x.go", "a", "b") + edit1("x.tmpl", "a", "b"),
		conflict: []string{"x.tmpl: hunk"}},
	{name: "a file of an embedded folder conflicts", tree: files{"x.go": "//go:embed *.tmpl \"testdata\"\na\n", "testdata/in/y": "z\n"}, diff: edit1("x.go", "a", "b") + edit1("testdata/in/y", "a", "b"),
		conflict: []string{"testdata/in/y: hunk"}},
	{name: "a file that the patch embeds conflicts", tree: files{"x.go": "a\n", "in/y": "z\n"}, diff: edit1("x.go", "a", "//go:embed in/y") + edit1("in/y", "a", "b"),
		conflict: []string{"in/y: hunk"}},
	{name: "a file that a test embeds conflicts", tree: files{"x.go": "a\n", "x_test.go": "//go:embed y\n", "y": "z\n"}, diff: edit1("x.go", "a", "b") + edit1("y", "a", "b"),
		want:  Result{Apply: matrix.ApplyExact, Aside: []matrix.Aside{{File: "y", Conflict: "y: hunk @@ -1 +1 @@ (fix.patch:10): its lines are not in the file"}}},
		after: files{"x.go": "b\n", "x_test.go": "//go:embed y\n", "y": "z\n"}},
	{name: "assembly and C conflict", tree: files{"x.go": "a\n", "x.s": "z\n", "x.h": "z\n"}, diff: edit1("x.go", "a", "b") + edit1("x.s", "a", "b") + edit1("x.h", "a", "b"),
		conflict: []string{"x.s: hunk", "x.h: hunk"}},
	{name: "only tests", tree: files{"x_test.go": "z\n"}, diff: edit1("x_test.go", "a", "b"), conflict: []string{"x_test.go: hunk"}},
	{name: "source conflicts, whatever its test does", tree: files{"x.go": "z\n", "x_test.go": "a\n"}, diff: edit1("x.go", "a", "b") + edit1("x_test.go", "a", "b"),
		conflict: []string{"x.go: hunk"}},
	{name: "there already, its test not", tree: files{"x.go": "b\n", "x_test.go": "a\n"}, diff: edit1("x.go", "a", "b") + edit1("x_test.go", "a", "b"),
		want: Result{Apply: matrix.ApplyAlready}},
	{name: "a commit with a test alone", tree: files{"x.go": "a\n"}, diff: mails(edit1("x.go", "a", "b"), edit1("x_test.go", "a", "b")),
		want:  Result{Apply: matrix.ApplyExact, Aside: []matrix.Aside{{File: "x_test.go", Conflict: "x_test.go: there is no such file"}}},
		after: files{"x.go": "b\n"}},
	{name: "may be in another form", tree: files{"x.go": "func a() {\n\tone()\n\tif b {\n\t\ttwo()\n\t}\n}\n"},
		diff: "--- a/x.go\n+++ b/x.go\n@@ -1,3 +1,6 @@\n func a() {\n-\tnone()\n+\tone()\n+\ttwo()\n+\tthree()\n+\tif b {\n }\n",
		want: Result{May: "of the lines that the patch adds it has 3 of 4, and of those that it removes 0 of 1"}, conflict: []string{"x.go: hunk"}},
	{name: "may be in with another comment", tree: files{"x.go": "func (c *Conn) a() error {\n\treturn c.dropEncryptionLevel(protocol.EncryptionInitial, time.Now())\n}\n"},
		diff: "--- a/x.go\n+++ b/x.go\n@@ -1,3 +1,5 @@\n func (c *conn) a() error {\n-\treturn nil\n+\t// Drop the keys.\n+\t// They are not needed.\n+\treturn c.dropEncryptionLevel(protocol.EncryptionInitial, time.Now())\n }\n",
		want: Result{May: "of the lines that the patch adds it has 1 of 1, and of those that it removes 0 of 1"}, conflict: []string{"x.go: hunk"}},
	{name: "one line is in another function", tree: files{"x.go": "func (c *Conn) a() error {\n\treturn 1\n}\n\nfunc (c *Conn) b() error {\n\treturn c.dropEncryptionLevel(protocol.EncryptionInitial, time.Now())\n}\n"},
		diff: "--- a/x.go\n+++ b/x.go\n@@ -1,3 +1,3 @@\n func (c *conn) a() error {\n-\treturn nil\n+\treturn c.dropEncryptionLevel(protocol.EncryptionInitial, time.Now())\n }\n", conflict: []string{"x.go: hunk"}},
	{name: "one line is in many files", tree: files{"x.go": "func a() {\n\tone()\n}\n"},
		diff: "--- a/x.go\n+++ b/x.go\n@@ -1,3 +1,3 @@\n func a() {\n-\tnone()\n+\tone()\n other\n", conflict: []string{"x.go: hunk"}},
	{name: "in a folder above", tree: files{"x.go": "a\n"}, diff: edit1("third/lib/x.go", "a", "b"),
		conflict: []string{"third/lib/x.go: there is no such file, but there is x.go: with -p 3 the patch is for that"}},
	{name: "a file of the same name is in a folder above", tree: files{"x.go": "z\n"}, diff: edit1("third/lib/x.go", "a", "b") + edit1("y.go", "a", "b"),
		conflict: []string{"third/lib/x.go: there is no such file\ny.go: "}},
}

// TestSeries checks series of commits, and what does not decide how a diff applies.
func TestSeries(t *testing.T) {
	for _, test := range seriesTests {
		t.Run(test.name, func(t *testing.T) {
			if test.conflict != nil {
				test.want.Apply = matrix.ApplyConflict
			}
			check(t, test.tree, test.diff, test.want, test.after, test.conflict)
		})
	}
}
