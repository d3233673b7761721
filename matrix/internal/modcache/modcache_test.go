package modcache

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/module"
)

// TestFolder checks that a folder counts only if the go command has written all of it.
func TestFolder(t *testing.T) {
	cache, mod := t.TempDir(), module.Version{Path: "example.com/Lib", Version: "v1.0.0"}
	want := filepath.Join(cache, "example.com", "!lib@v1.0.0")
	if got := Folder(cache, mod); got != "" {
		t.Errorf("without a folder: %q", got)
	}
	partial, err := File(cache, mod, ".partial")
	if err != nil || partial != filepath.Join(cache, "cache", "download", "example.com", "!lib", "@v", "v1.0.0.partial") {
		t.Fatalf("%q, %v", partial, err)
	}
	for _, dir := range []string{want, filepath.Dir(partial)} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if got := Folder(cache, mod); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if err := os.WriteFile(partial, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := Folder(cache, mod); got != "" {
		t.Errorf("half of it: %q", got)
	}
	if _, err := File("", mod, ".mod"); err == nil || Folder("", mod) != "" {
		t.Error("something is in no cache")
	}
	for _, bad := range []module.Version{{Path: "../lib", Version: "v1.0.0"}, {Path: "example.com/lib", Version: "v1/../.."}} {
		if _, err := File(cache, bad, ".mod"); err == nil || Folder(cache, bad) != "" {
			t.Errorf("%v is in the cache", bad)
		}
	}
}
