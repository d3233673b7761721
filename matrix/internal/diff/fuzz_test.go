package diff

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// A tree is a MapFS that says of a file that is read as a folder what systems say.
type tree struct{ fstest.MapFS }

func (t tree) ReadDir(name string) ([]fs.DirEntry, error) {
	if info, err := t.Stat(name); err == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: syscall.ENOTDIR}
	}
	return t.MapFS.ReadDir(name)
}

// FuzzDiff parses a diff and checks it against a tree of one file. No edit may lead
// out of the module or change a control file.
func FuzzDiff(f *testing.F) {
	for _, test := range kindTests {
		f.Add([]byte(test.diff), "one\ntwo\n")
	}
	for _, name := range append([]string{".github/x", "go.work", "sub/go.mod", "a/../b", "/etc/x"}, gitNames...) {
		f.Add([]byte(created(name)+renamedDiff), "one\n")
		f.Add([]byte(moved("rename", "x.go", name)), "one\n")
	}
	_, many := manyHunks(3, true)
	f.Add([]byte(many), "line 0.0\n")
	f.Add([]byte("diff --git \n--- 0\n+++ 0/0\n@@ -0,0 +0 @@\n+"), "0") // 0 is a file and a folder
	f.Fuzz(func(t *testing.T, diff []byte, text string) {
		d, err := Parse("p", 1, diff)
		if err != nil {
			if !errors.As(err, &matrix.Problems{}) {
				t.Fatal(err)
			}
			return
		}
		for _, name := range d.Paths() {
			result, edits, err := d.Check(t.Context(), tree{fstest.MapFS{name: {Data: []byte(text), Mode: 0o644}}})
			if err != nil {
				t.Fatal(err)
			}
			if (result.Apply == matrix.ApplyConflict) != (result.Conflict != "") {
				t.Errorf("%s, with the conflict %q", result.Apply, result.Conflict)
			}
			for _, e := range edits {
				if err := module.CheckFilePath(e.Path); err != nil || control(e.Path) || throughGit(e.Path) {
					t.Errorf("changes %q: %v", e.Path, err)
				}
			}
		}
	})
}
