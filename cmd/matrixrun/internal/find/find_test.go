package find

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
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
