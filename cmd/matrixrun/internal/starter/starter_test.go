package starter

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/source"
)

// TestWriteAllOrNothing makes the last but one file fail, and checks that nothing is left
// of the others, and that what was there stays.
func TestWriteAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "repro"), []byte("a file of the user"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := &Draft{Dir: dir}
	files := map[string][]byte{"a/b": nil, "releases.lock": nil, stubTest: nil, "matrix.yaml": nil}
	if err := d.Write(t.Context(), files); err == nil {
		t.Error("a file was written into a file")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	d.Dir = filepath.Join(dir, "new")
	if err := d.Write(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), files); err == nil {
		t.Error("files were written again")
	}
	if left, _ := filepath.Glob(filepath.Join(d.Dir, "*")); len(left) != 4 {
		t.Errorf("after a second write: %v", left)
	}
}

// TestPaths checks which releases the other paths of a record get.
func TestPaths(t *testing.T) {
	record := filepath.Join(t.TempDir(), "GO-1.json")
	entry := `{"package": {"ecosystem": "Go", "name": %q}, "versions": ["1.0.0"]}`
	text := `{"id": "GO-1", "affected": [` + fmt.Sprintf(entry, "example.com/lib/v5") + "," + fmt.Sprintf(entry, "example.com/lib") + "," +
		fmt.Sprintf(entry, "example.com/lib/v4") + "," + fmt.Sprintf(entry, "example.com/library") + `]}`
	if err := os.WriteFile(record, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for module, want := range map[string][]string{
		"example.com/lib/v5": {"example.com/lib < 4", "example.com/lib/v4 >= 4, < 5"},
		"example.com/lib":    {"example.com/lib/v4 >= 4, < 5", "example.com/lib/v5 >= 5, < 6"},
		"example.com/lib/v2": {"example.com/lib < 2", "example.com/lib/v4 >= 4, < 5", "example.com/lib/v5 >= 5, < 6"},
	} {
		d, err := New(Order{Module: module, Dir: filepath.Join(t.TempDir(), "new"), Record: record, Speaks: matrix.SpeechTest})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range d.Target.Former {
			got = append(got, f.Module+" "+f.Releases.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", module, diff)
		}
	}
}

// TestListWithoutPath checks that a path that cannot be listed takes no release of another
// one with it.
func TestListWithoutPath(t *testing.T) {
	proxy, at := t.TempDir(), "example.com/lib/@v/"
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	if err := os.CopyFS(proxy, fstest.MapFS{
		at + "list":                     file("v1.0.0\nv2.0.0+incompatible\n"),
		at + "v2.0.0+incompatible.info": file(`{"Version": "v2.0.0+incompatible"}`),
		at + "v2.0.0+incompatible.mod":  file("module example.com/lib\n"),
		at + "v1.0.0.info":              file(`{"Version": "v1.0.0"}`),
		at + "v1.0.0.mod":               file("module example.com/lib\n"),
	}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy))
	t.Setenv("GOMODCACHE", filepath.Join(t.TempDir(), "cache"))
	t.Setenv("GOFLAGS", "-modcacherw")
	d := &Draft{Target: matrix.Target{Module: "example.com/lib", Former: []matrix.Former{{Module: "example.com/lib/v2", Releases: matrix.MustConstraint(">= 2, < 3")}}}}
	all, failed, err := d.list(t.Context(), source.NewProxy())
	if err != nil || failed == nil {
		t.Fatalf("failed %v, error %v", failed, err)
	}
	want := []matrix.Release{{Version: "v1.0.0", Module: "example.com/lib"}, {Version: "v2.0.0+incompatible", Module: "example.com/lib"}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
