package advisories

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt"
)

// TestFiles checks that the embedded files of the reproduction are all of its Go files
// without tests, and that the program is made of all of them.
func TestFiles(t *testing.T) {
	var want, embedded []string
	for files, found := range map[fs.FS]*[]string{os.DirFS("."): &want, Files: &embedded} {
		err := fs.WalkDir(files, "repro", func(name string, e fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				*found = append(*found, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, embedded); diff != "" {
		t.Errorf("in the folder (-), embedded (+); see the patterns in suite.go:\n%s", diff)
	}
	suite, err := spec.Load(Files, "advisories")
	if err != nil {
		t.Fatal(err)
	}
	files, err := suite.ReproductionFiles()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	if diff := cmp.Diff(embedded, files); diff != "" {
		t.Errorf("embedded (-), in the reproduction (+):\n%s", diff)
	}
}

// TestLock checks that the suite has the releases of the other suite about quic-go, so
// that both answer for the same ones.
func TestLock(t *testing.T) {
	for _, name := range []string{"releases.lock", "releases.index"} {
		here, err := fs.ReadFile(Files, name)
		if err != nil {
			t.Fatal(err)
		}
		there, err := fs.ReadFile(zerortt.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(here, there) {
			t.Errorf("%s differs from that of zerortt: make lock writes both", name)
		}
	}
}

// TestScenarios checks that matrix.yaml has the scenarios of the reproduction, in the
// same order, each probe with what a program must call to get there.
func TestScenarios(t *testing.T) {
	suite, err := spec.Load(Files, "advisories")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, s := range advisory.Scenarios {
		want = append(want, s.Name)
	}
	for _, s := range suite.Scenarios {
		got = append(got, s.Name)
		if asks := !s.Kind.Invariant(); asks != (len(s.Needs) > 0) {
			t.Errorf("%s, a %s, needs %v", s.Name, s.Kind, s.Needs)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in the reproduction (-), in matrix.yaml (+):\n%s", diff)
	}
}

// TestIndex checks that the index has the releases of the lock, each with its checksum,
// and nothing else.
func TestIndex(t *testing.T) {
	suite, err := spec.Load(Files, "advisories")
	if err != nil {
		t.Fatal(err)
	}
	index, err := content.Load(Files, "advisories")
	if err != nil {
		t.Fatal(err)
	}
	if missing := index.Missing(suite.Lock); len(missing) > 0 || index.Keep(suite.Lock) {
		t.Errorf("it is not that of releases.lock: missing %v", missing)
	}
}
