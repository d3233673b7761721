package starter

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
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
