package zerortt

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/spec"
)

// TestFiles holds what is embedded against the folder: the names of all Go
// files of the reproduction but its tests, and nothing else.
func TestFiles(t *testing.T) {
	want := filesOf(t, os.DirFS("."), func(name string) bool {
		return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	})
	embedded := filesOf(t, Files, func(string) bool { return true })
	if diff := cmp.Diff(want, embedded); diff != "" {
		t.Errorf("in the folder (-), embedded (+); see the patterns of suite.go:\n%s", diff)
	}
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	files, err := suite.ReproductionFiles()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(embedded)
	if diff := cmp.Diff(embedded, files); diff != "" {
		t.Errorf("embedded (-), of the reproduction (+):\n%s", diff)
	}
}

// filesOf lists the files in the reproduction's folder that are wanted.
func filesOf(t *testing.T, files fs.FS, wanted func(name string) bool) (names []string) {
	t.Helper()
	err := fs.WalkDir(files, "repro", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && wanted(name) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
