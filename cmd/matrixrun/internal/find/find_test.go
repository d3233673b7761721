package find

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// project makes a folder with a patch, a suite and a diff file, and goes there.
func project(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, file := range []string{"patches/mend/a.patch", "suite/matrix.yaml", "fix", "patches/drop-late-resets/a.patch"} {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNames checks what names mean in a project.
func TestNames(t *testing.T) {
	project(t)
	for name, want := range map[string]struct{ diff, suite bool }{
		"fix": {diff: true}, "./fix": {diff: true}, "gone.patch": {diff: true}, "gone.diff": {diff: true},
		"gone": {}, "mend": {}, "./patches/mend": {}, "drop-queued-resets": {}, DefaultSuite: {suite: true}, "suite": {suite: true}, "patches": {},
	} {
		if got := IsDiff(name); got != want.diff {
			t.Errorf("%s: diff %v, want %v", name, got, want.diff)
		}
		if got := IsSuite(name); got != want.suite {
			t.Errorf("%s: suite %v, want %v", name, got, want.suite)
		}
	}
	for name, want := range map[string]string{
		"mend": Absolute("patches/mend"), "./fix": Absolute("fix"), "drop-late-resets": Absolute("patches/drop-late-resets"), "drop-queued-resets": "drop-queued-resets",
	} {
		if got := PatchPath(name); got != want {
			t.Errorf("%s: path %s, want %s", name, got, want)
		}
	}
}

// TestHostileZip checks that what a zip file says of its sizes is not believed: whoever reads a
// file of it takes memory for that.
func TestHostileZip(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, sizes := range map[string][]uint64{
		"negative as an int64": {1<<63 + 5},
		"huge":                 {1 << 45},
		"many":                 {maxZip / 2, maxZip / 2, 1},
		"overflow":             {5, 1<<64 - 5},
	} {
		var data bytes.Buffer
		w := zip.NewWriter(&data)
		for i, size := range sizes {
			h := &zip.FileHeader{Name: spec.FileName, UncompressedSize64: size}
			if i > 0 {
				h.Name = fmt.Sprint("repro/", i, ".go")
			}
			if _, err := w.CreateRaw(h); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("suite.zip", data.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Suite([]string{"suite.zip"})
		if _, ok := errors.AsType[matrix.Problems](err); !ok || !strings.Contains(err.Error(), "suite.zip: its files have more than 256 MB") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestPatchesFor checks that only the suite that the shipped patches are for has them.
func TestPatchesFor(t *testing.T) {
	project(t)
	for _, suite := range []string{"suite", "advisories"} {
		if got, want := PatchesFor([]string{suite}), []string{"drop-late-resets", "mend"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", suite, got, want)
		}
	}
	for _, suite := range [][]string{nil, {DefaultSuite}} {
		if all := PatchesFor(suite); !slices.Contains(all, "mend") || !slices.Contains(all, "drop-queued-resets") {
			t.Errorf("%v: got %v", suite, all)
		}
	}
}
