package fork

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// TestUndo checks that a fork without its patches is the release, and that code without
// a patch is noticed.
func TestUndo(t *testing.T) {
	patches := []matrix.Variant{change("mend", "1", "2"), change("more", "2", "3")}
	f := lay(t, release(t, "v1.0.0", released), patches...)
	dir, back := filepath.Join(t.TempDir(), "fork"), t.TempDir()
	if err := f.WriteTree(dir, false, true); err != nil {
		t.Fatal(err)
	}
	if why, err := Undo(t.Context(), os.DirFS(dir), back, patches); why != "" || err != nil {
		t.Fatal(why, err)
	}
	if diff := cmp.Diff(released, modtest.Read(t, back)); diff != "" {
		t.Error(diff)
	}
	for name, patches := range map[string][]matrix.Variant{"more": {change("more", "3", "4")}, "mend": {change("mend", "1", "2")}} {
		why, err := Undo(t.Context(), os.DirFS(dir), t.TempDir(), patches)
		if want := "the changes of " + name + " are not in it"; why != want || err != nil {
			t.Errorf("got %q, %v, want %s", why, err, want)
		}
	}
	if file, err := Changed(dir); file != "" || err != nil {
		t.Errorf("got %q, %v", file, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lib.go"), []byte("package lib\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if file, err := Changed(dir); file != "lib.go" || err != nil {
		t.Errorf("got %q, %v", file, err)
	}
}

// TestUndoVendored checks that the fork is recognised in a vendor folder, which has
// neither tests nor packages that nobody imports, unless the patch has changed nothing
// that is there.
func TestUndoVendored(t *testing.T) {
	patch := change("mend", "1", "2")
	patch.Diff = append(patch.Diff, "--- a/lib_test.go\n+++ b/lib_test.go\n@@ -1,1 +1,1 @@\n-package lib\n+package lib_test\n--- a/sub/sub.go\n+++ b/sub/sub.go\n@@ -1,1 +1,1 @@\n-package sub\n+package sub // x\n"...)
	for name, test := range map[string]struct {
		tree files
		want string
	}{
		"patched":         {files{"lib.go": "package lib\n\nconst A = 2\n"}, ""},
		"not patched":     {files{"lib.go": released["lib.go"]}, "the changes of mend are not in it"},
		"not in the file": {files{"other.go": "package lib\n"}, "the changes of mend are not in it"},
		"other package":   {files{"internal/in.go": "package internal\n"}, "the changes of mend are not in it"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			modtest.Write(t, dir, test.tree)
			if why, err := Undo(t.Context(), os.DirFS(dir), t.TempDir(), []matrix.Variant{patch}); why != test.want || err != nil {
				t.Errorf("got %q, %v, want %q", why, err, test.want)
			}
		})
	}
}

// TestClaimed checks which versions look like those of forks, and which FORK folders state
// one.
func TestClaimed(t *testing.T) {
	made := version("v1.0.0", []string{"mend"}, "0123456789ab")
	for version, want := range map[string]bool{
		made: true, version("v2.0.0+incompatible", []string{"mend"}, "0123456789ab"): true,
		"v1.0.0": false, "v1.0.1-0.20240102030405-0123456789ab": false, "": false, made + "0": false,
	} {
		if got := IsVersion(version); got != want {
			t.Errorf("%s: got %v", version, got)
		}
	}
	for text, want := range map[string]bool{
		`{"version": "` + made + `"}`: true, `{"version": "v1.0.0"}`: false, `{`: false, "": false,
	} {
		dir := t.TempDir()
		modtest.Write(t, dir, files{"FORK/fork.json": text})
		if claim, ok := Claimed(os.DirFS(dir)); ok != want || ok && claim != made {
			t.Errorf("%s: got %q, %v", text, claim, ok)
		}
	}
	if claim, ok := Claimed(os.DirFS(t.TempDir())); ok {
		t.Errorf("no FORK folder: got %q", claim)
	}
}

// TestOf checks which release and patches are read from the version of a fork.
func TestOf(t *testing.T) {
	releases := []string{"v1.0.0-rc.1", "v1.0.0", "v1.0.1", "v2.0.0", "v2.0.0+incompatible"}
	patches := []string{"mend", "more", "under_score", "123", "a-name-of-many-words", "another-name-of-some-words", "mend-it-with-words", "move-it-with-words"}
	for _, want := range []matrix.RowID{
		{Version: "v1.0.0", Patches: []string{"mend"}}, {Version: "v1.0.0", Patches: []string{"mend", "more"}},
		{Version: "v1.0.0", Patches: []string{"a-name-of-many-words", "another-name-of-some-words"}},
		{Version: "v1.0.1", Patches: []string{"under_score"}}, {Version: "v1.0.0-rc.1", Patches: []string{"123"}},
		{Version: "v2.0.0+incompatible", Patches: []string{"mend"}},
	} {
		forked := version(want.Version, want.Patches, "0123456789ab")
		if got, ok := Of(forked, releases, patches); !ok || got.String() != want.String() {
			t.Errorf("%s is %s, %v", forked, got, ok)
		}
	}
	for _, other := range []string{
		version("v1.0.2", []string{"mend"}, "0123456789ab"), version("v1.0.0", []string{"other"}, "0123456789ab"),
		version("v1.0.0", []string{strings.Repeat("long", 20), strings.Repeat("name", 20)}, "0123456789ab"), "v1.0.0",
		version("v1.0.0", []string{"a-name-of-many-words", "mend-it-with-words"}, "0123456789ab"), // or move-it-with-words
	} {
		if got, ok := Of(other, releases, patches); ok {
			t.Errorf("%s is %s", other, got)
		}
	}
}
