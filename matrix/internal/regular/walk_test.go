package regular_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// TestWalkDir checks that a link to a folder is walked as the folder is, and that links in
// it are not followed.
func TestWalkDir(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "real", "below"), 0o777); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"link": "real", "real/again": "below"} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(from))); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"real", "link", "gone"} {
		root := filepath.Join(dir, name)
		want := []string{root, filepath.Join(root, "again"), filepath.Join(root, "below")}
		if name == "gone" {
			want = want[:1]
		}
		var got []string
		err := regular.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			got = append(got, path)
			return err
		})
		if !slices.Equal(got, want) || (err != nil) != (name == "gone") {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
}
