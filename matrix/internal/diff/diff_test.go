package diff

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// conn is a file with two functions that have similar bodies.
const conn = `package lib

type conn struct{ n int }

func (c *conn) read() int {
	c.n++
	if c.n > 3 {
		return 0
	}
	return c.n
}

func (c *conn) write() int {
	c.n--
	if c.n > 3 {
		return 0
	}
	return c.n
}
`

// fix changes the body of read, at the line numbers of conn.
const fix = `--- a/conn.go
+++ b/conn.go
@@ -4,5 +4,5 @@ type conn struct{ n int }
 
 func (c *conn) read() int {
 	c.n++
-	if c.n > 3 {
+	if c.n >= 3 {
 		return 0
`

// body changes the same line, but its context also matches in write.
const body = `--- a/conn.go
+++ b/conn.go
@@ -7,4 +7,4 @@ func (c *conn) read() int {
-	if c.n > 3 {
+	if c.n >= 3 {
 		return 0
 	}
 	return c.n
`

// second changes the body of write, and its header names the function before that.
const second = `--- a/conn.go
+++ b/conn.go
@@ -12,4 +12,4 @@ func (c *conn) read() int {
 
 func (c *conn) write() int {
-	c.n--
+	c.n -= 2
 	if c.n > 3 {
`

// renaming changes the name of read, and its end.
const renaming = `--- a/conn.go
+++ b/conn.go
@@ -5,2 +5,2 @@ type conn struct{ n int }
-func (c *conn) read() int {
+func (c *conn) get() int {
 	c.n++
@@ -7,3 +7,3 @@ func (c *conn) read() int {
-	if c.n > 3 {
+	if c.n > 4 {
 		return 0
 	}
`

// adding puts a function before write, and changes that.
const adding = `--- a/conn.go
+++ b/conn.go
@@ -12,3 +12,5 @@ func (c *conn) read() int {
 
-func (c *conn) write() int {
+func peek() {}
+
+func (c *conn) put() int {
 	c.n--
@@ -15,2 +17,2 @@ func (c *conn) write() int {
-	if c.n > 3 {
+	if c.n > 4 {
 		return 0
`

// files is a tree: file contents by path. A path that ends in * is executable.
type files map[string]string

var (
	// fixed is conn with fix applied; shifted is conn with two more lines.
	fixed   = strings.Replace(conn, "> 3", ">= 3", 1)
	shifted = strings.Replace(conn, "\ntype", "\n// A conn\n// counts.\ntype", 1)
)

var applyTests = []struct {
	name     string
	tree     files
	diff     string
	want     Result
	after    files    // nil: unchanged
	conflict []string // parts of its text
}{
	{name: "where the numbers say", tree: files{"conn.go": conn}, diff: fix,
		want: Result{Apply: matrix.ApplyExact}, after: files{"conn.go": fixed}},
	{name: "further down", tree: files{"conn.go": shifted}, diff: fix,
		want: Result{Apply: matrix.ApplyOffset, Offset: 2}, after: files{"conn.go": strings.Replace(shifted, "> 3", ">= 3", 1)}},
	{name: "further up", tree: files{"conn.go": strings.TrimPrefix(conn, "package lib\n\n")}, diff: fix,
		want: Result{Apply: matrix.ApplyOffset, Offset: -2}, after: files{"conn.go": strings.TrimPrefix(fixed, "package lib\n\n")}},
	{name: "there already", tree: files{"conn.go": fixed}, diff: fix, want: Result{Apply: matrix.ApplyAlready}},
	{name: "there already, further down", tree: files{"conn.go": "\n" + fixed}, diff: fix, want: Result{Apply: matrix.ApplyAlready}},
	{name: "there already at its line, and like what is to be changed elsewhere", tree: files{"conn.go": fixed}, diff: body,
		want: Result{Apply: matrix.ApplyAlready}},
	{name: "at two places, one its own", tree: files{"conn.go": conn}, diff: body,
		want: Result{Apply: matrix.ApplyExact}, after: files{"conn.go": fixed}},
	{name: "at two places, neither its own", tree: files{"conn.go": shifted}, diff: body,
		conflict: []string{"conn.go: hunk @@ -7,4 +7,4 @@ func (c *conn) read() int { (fix.patch:3): its lines are at lines 9 and 17"}},
	{name: "in another function", diff: body,
		tree:     files{"conn.go": "\n" + strings.Replace(conn, "if c.n > 3", "if c.n > 4", 1)},
		conflict: []string{"are at line 16", "in func conn.write, where the header says func conn.read"}},
	{name: "in the method of another type", diff: body,
		tree:     files{"conn.go": "\n\n" + strings.Replace(strings.Replace(conn, "> 3", "> 4", 1), "(c *conn) write", "(c *Conn) read", 1)},
		conflict: []string{"in func Conn.read, where the header says func conn.read"}},
	{name: "below a function that has another name", tree: files{"conn.go": "\n" + strings.Replace(conn, "read()", "get()", 1)}, diff: second,
		want: Result{Apply: matrix.ApplyOffset, Offset: 1}, after: files{"conn.go": "\n" + strings.NewReplacer("read()", "get()", "c.n--", "c.n -= 2").Replace(conn)}},
	{name: "there already, in a function that it renames", tree: files{"conn.go": "\n" + strings.Replace(strings.Replace(conn, "read()", "get()", 1), "> 3", "> 4", 1)},
		diff: renaming, want: Result{Apply: matrix.ApplyAlready}},
	{name: "there already, in a function that it adds", tree: files{"conn.go": "\n" + strings.NewReplacer("func (c *conn) write", "func peek() {}\n\nfunc (c *conn) put", "--\n\tif c.n > 3", "--\n\tif c.n > 4").Replace(conn)},
		diff: adding, want: Result{Apply: matrix.ApplyAlready}},
	{name: "in the method of a type that has another name", diff: body,
		tree:  files{"conn.go": "\n" + strings.NewReplacer("write() int {\n\tc.n--\n\tif c.n > 3", "write() int {\n\tc.n--\n\tif c.n > 4", "(c *conn)", "(c *Conn)").Replace(conn)},
		want:  Result{Apply: matrix.ApplyOffset, Offset: 1},
		after: files{"conn.go": "\n" + strings.NewReplacer("write() int {\n\tc.n--\n\tif c.n > 3", "write() int {\n\tc.n--\n\tif c.n > 4", "(c *conn)", "(c *Conn)", "> 3", ">= 3").Replace(conn)}},
	{name: "other lines", tree: files{"conn.go": strings.ReplaceAll(conn, "c.n > 3", "c.n > 5")}, diff: fix,
		conflict: []string{"its lines are not in the file",
			"  in func conn.read, what the hunk needs (-) and the file has (+):\n",
			"        5|func (c *conn) read() int {\n        6|\tc.n++\n  -      |\tif c.n > 3 {\n  +     7|\tif c.n > 5 {\n        8|\t\treturn 0"}},
	{name: "less context would do", tree: files{"conn.go": strings.Replace(conn, "c.n++", "c.n += 1", 1)}, diff: fix,
		conflict: []string{"  -      |\tc.n++\n  +     6|\tc.n += 1\n        7|"}},
	{name: "where its function is now", diff: fix,
		tree:     files{"conn.go": "package lib\n\n" + strings.SplitAfterN(conn, "\n\n", 4)[3] + "\n" + strings.Replace(strings.SplitAfterN(conn, "\n\n", 4)[2], "c.n > 3 {", "c.n > 3 && c.open {", 1)},
		conflict: []string{"  in func conn.read, what", "       12|\tc.n++\n  -      |\tif c.n > 3 {\n  +    13|\tif c.n > 3 && c.open {\n"}},
	{name: "its function is gone, and so is its line", tree: files{"conn.go": "package lib\n"}, diff: strings.ReplaceAll(body, "@@ -7,4 +7,4 @@", "@@ -70,4 +70,4 @@"),
		conflict: []string{"the file has no func conn.read", "its end, after line 1"}},
	{name: "nothing of its function is like it", tree: files{"conn.go": strings.SplitN(conn, "\tc.n++", 2)[0] + "}\n"},
		diff:     "--- a/conn.go\n+++ b/conn.go\n@@ -70,2 +70,2 @@ func (c *conn) read() int {\n-\tone()\n+\ttwo()\n \tthree()\n",
		conflict: []string{"  in func conn.read, what", "  -      |\tone()\n"}},
	{name: "its function is gone", tree: files{"conn.go": strings.ReplaceAll(conn, "read()", "get(all bool)")}, diff: fix,
		conflict: []string{"  the file has no func conn.read; what the hunk needs", "  -      |func (c *conn) read() int {\n", "  +     5|func (c *conn) get(all bool) int {\n        6|\tc.n++\n"}},
	{name: "its type has another name", tree: files{"conn.go": strings.NewReplacer("(c *conn)", "(s *session)", "c.n", "s.n").Replace(conn)}, diff: fix,
		conflict: []string{"  the file has no func conn.read, but func session.read; what the hunk needs", "  +     5|func (s *session) read() int {\n"}},
	{name: "file too short", tree: files{"conn.go": "package lib\n"}, diff: fix,
		conflict: []string{"its end, after line 1"}},
	{name: "no such file", tree: files{"other.go": conn}, diff: fix, conflict: []string{"conn.go: there is no such file"}},
	{name: "half of it is there already", tree: files{"a.go": "1\n", "b.go": "2\n"},
		diff:     "--- a/a.go\n+++ b/a.go\n@@ -1 +1 @@\n-0\n+1\n--- a/b.go\n+++ b/b.go\n@@ -1 +1 @@\n-2\n+3\n",
		conflict: []string{"a.go: hunk", "the file has what the hunk makes of them at line 1 already"}},
	{name: "all or nothing", tree: files{"a.go": "1\n", "b.go": "9\n"},
		diff:     "--- a/a.go\n+++ b/a.go\n@@ -1 +1 @@\n-1\n+2\n--- a/b.go\n+++ b/b.go\n@@ -1 +1 @@\n-2\n+3\n",
		conflict: []string{"b.go: hunk"}},
	{name: "the second hunk would overlap the first", tree: files{"a": "x\n1\n2\n3\n"},
		diff:     "--- a/a\n+++ b/a\n@@ -2,2 +2,2 @@\n-1\n+one\n 2\n@@ -3,2 +3,2 @@\n-2\n+two\n 3\n",
		conflict: []string{"its lines are at line 3, before the end of the hunk ahead of it (line 3)"}},
	{name: "its own line is no witness once the hunk ahead has moved", tree: files{"a": "0\n-\n1\n2\nx\nx\n"},
		diff:     "--- a/a\n+++ b/a\n@@ -2,2 +2,2 @@\n-1\n+one\n 2\n@@ -5 +5 @@\n-x\n+y\n",
		conflict: []string{"its lines are at lines 5 and 6"}},
	{name: "belongs to the end", tree: files{"a": "1\n2\n3\n"},
		diff:     "--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n 1\n 2\n+2.5\n",
		conflict: []string{"its lines are at line 1, but it belongs to the file's end"}},
	{name: "belongs to the beginning", tree: files{"a": "0\n1\n2\n"},
		diff:     "--- a/a\n+++ b/a\n@@ -1,2 +1,3 @@\n+0.5\n 1\n 2\n",
		conflict: []string{"its lines are at line 2, but it belongs to the file's beginning"}},
	{name: "what a terminal would obey is written out", tree: files{"a": "\x1b[2J\r\n"},
		diff: "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n", conflict: []string{`1|\x1b[2J\r`}},
}

func TestApply(t *testing.T) {
	for _, test := range applyTests {
		t.Run(test.name, func(t *testing.T) {
			if test.conflict != nil {
				test.want.Apply = matrix.ApplyConflict
			}
			check(t, test.tree, test.diff, test.want, test.after, test.conflict)
		})
	}
}

// check applies a diff to a folder and compares the result and the folder.
func check(t *testing.T, tree files, text string, want Result, after files, conflict []string) {
	t.Helper()
	root := lay(t, tree)
	d, err := Parse("fix.patch", 1, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Apply(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range conflict {
		if !strings.Contains(got.Conflict, part) {
			t.Errorf("the conflict does not say %q:\n%s", part, got.Conflict)
		}
	}
	if len(conflict) > 0 {
		got.Conflict = ""
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("result (-want +got):\n%s", d)
	}
	if after == nil {
		after = tree
	}
	if d := cmp.Diff(after, read(t, root)); d != "" {
		t.Errorf("tree (-want +got):\n%s", d)
	}
}

// lay writes a tree to a new folder. The files are read-only, like those of a
// module zip.
func lay(t *testing.T, tree files) string {
	t.Helper()
	root := t.TempDir()
	for name, data := range tree {
		file := filepath.Join(root, strings.TrimSuffix(name, "*"))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := fs.FileMode(0o444)
		if strings.HasSuffix(name, "*") {
			mode = 0o555
		}
		if err := os.WriteFile(file, []byte(data), mode); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func read(t *testing.T, root string) files {
	t.Helper()
	tree := files{}
	err := filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(file)
		name, _ := filepath.Rel(root, file)
		if info.Mode()&0o100 != 0 {
			name += "*"
		}
		tree[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
