package origins

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
)

// TestAnywhere checks that flags for any folder have absolute paths, and the rest as given.
func TestAnywhere(t *testing.T) {
	given := &Flags{
		Modules: []string{"example.com/fork@v1.0.0"}, Dirs: []string{"checkout", "../other"}, Git: "clone", Refs: []string{"main", "release/1"}, As: "v1.2.0",
	}
	want := []string{
		"--module", "example.com/fork@v1.0.0", "--source", find.Absolute("checkout"), "--source", find.Absolute("../other"),
		"--git", find.Absolute("clone"), "--refs", "main", "--refs", "release/1", "--as", "v1.2.0",
	}
	if got := given.Anywhere().Words(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if !filepath.IsAbs(want[3]) {
		t.Errorf("%s is not absolute", want[3])
	}
	if got := (&Flags{Forks: true}).Anywhere().Words(); !slices.Equal(got, []string{"--forks"}) {
		t.Errorf("got %q, want --forks alone", got)
	}
}
