package zerortt

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFiles holds what is embedded against the folder: the names of all Go
// files of the reproduction but its tests.
func TestFiles(t *testing.T) {
	embedded, err := fs.ReadDir(Files, "repro")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range embedded {
		got = append(got, e.Name())
	}
	there, err := os.ReadDir("repro")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, e := range there {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			want = append(want, name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in the folder (-), embedded (+); see the patterns of suite.go:\n%s", diff)
	}
}
