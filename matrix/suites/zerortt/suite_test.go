package zerortt

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// TestFiles checks that the embedded files of the reproduction are all of its Go
// files without tests.
func TestFiles(t *testing.T) {
	want := filesOf(t, os.DirFS("."), func(name string) bool {
		return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	})
	embedded := filesOf(t, Files, func(string) bool { return true })
	if diff := cmp.Diff(want, embedded); diff != "" {
		t.Errorf("in the folder (-), embedded (+); see the patterns in suite.go:\n%s", diff)
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
		t.Errorf("embedded (-), in the reproduction (+):\n%s", diff)
	}
}

// filesOf returns the names of the wanted files in the folder of the reproduction.
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

// TestNeeds checks that each question says what a program must call to get there:
// without it, check cannot tell that a program never does.
func TestNeeds(t *testing.T) {
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suite.Scenarios {
		if asks := !s.Kind.Invariant(); asks != (len(s.Needs) > 2) {
			t.Errorf("%s, a %s, needs %v", s.Name, s.Kind, s.Needs)
		}
	}
}

// TestIndex checks that the index has the releases of the lock, each with its checksum,
// and nothing else. A proof compares it with what the releases contain.
func TestIndex(t *testing.T) {
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	index, err := content.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	if missing := index.Missing(suite.Lock); len(missing) > 0 || index.Keep(suite.Lock) {
		t.Errorf("it is not that of releases.lock, make lock writes it: missing %v", missing)
	}
}
