package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/spec"
)

const diffText = `Description: a // in the header is not a comment
--- a/x.go
+++ b/x.go // not this
@@ -1,2 +1,3 @@
 a
+	b() // why
 c
@@ -7,2 +8,3 @@ func d
 d
+	e()
 f
`

func TestEdits(t *testing.T) {
	tests := []struct {
		name   string
		change edit
		diff   string
		want   string // replaces the line; "" for an error
		line   string
	}{
		{"comment", editComment, diffText, "+\tb() // why (edit 7)\n", "+\tb() // why\n"},
		{"no comment", editComment, "--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a // b\n+c\n", "", ""},
		{"line", editLine, diffText, "@@ -7,2 +8,4 @@ func d\n d\n+// edit 7\n+\te()\n", "@@ -7,2 +8,3 @@ func d\n d\n+\te()\n"},
		{"no hunk", editLine, "--- a/x\n+++ b/x\n", "", ""},
		{"only removed lines", editLine, "--- a/x\n+++ b/x\n@@ -1,2 +1,1 @@\n a\n-b\n", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.change([]byte(test.diff), 7)
			if test.want == "" {
				if err == nil {
					t.Errorf("no error, but %q", got)
				}
				return
			}
			want := replaceOnce(t, test.diff, test.line, test.want)
			if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
				t.Errorf("%v, (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestEditsOfThePatch edits all variants of the patch. The results must be valid
// patches that differ from each other.
func TestEditsOfThePatch(t *testing.T) {
	original := filepath.Join("..", "..", "..", "..", "patches", thePatch)
	seen := map[string]bool{}
	for n, change := range []edit{nil, editComment, editComment, editLine, editLine} {
		dir := filepath.Join(t.TempDir(), thePatch)
		if err := copyPatch(original, dir, change, n); err != nil {
			t.Fatal(err)
		}
		p, err := spec.LoadPatch(os.DirFS(dir), thePatch)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Variants {
			if seen[v.SHA256] {
				t.Errorf("edit %d of %s changes nothing", n, v.File)
			}
			seen[v.SHA256] = true
		}
	}
	if err := copyPatch(t.TempDir(), t.TempDir(), nil, 0); err == nil {
		t.Error("a folder without variants was copied")
	}
}

// replaceOnce replaces a text that must occur exactly once.
func replaceOnce(t *testing.T, text, from, to string) string {
	t.Helper()
	if n := strings.Count(text, from); n != 1 {
		t.Fatalf("the text has %q %d times", from, n)
	}
	return strings.Replace(text, from, to, 1)
}
