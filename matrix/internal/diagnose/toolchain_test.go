package diagnose

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/dirhash"
)

// TestChangedSince damages a toolchain that was downloaded as a module.
func TestChangedSince(t *testing.T) {
	cache := t.TempDir()
	const version = "v0.0.1-go1.99.0.linux-amd64"
	root := filepath.Join(cache, "golang.org", "toolchain@"+version)
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(root, "src", "_go.mod"), "module std\n")
	write(filepath.Join(root, "src", "path", "path.go"), "package path\n")
	hash, err := dirhash.HashDir(root, "golang.org/toolchain@"+version, dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	sum := filepath.Join(cache, "cache", "download", "golang.org", "toolchain", "@v", version+".ziphash")
	write(sum, hash)
	if got := downloaded(root, cache); got != sum {
		t.Fatalf("the checksum is in %q", got)
	}
	for _, other := range []string{"/usr/local/go", cache, root + "/src", ""} {
		if got := downloaded(other, cache); got != "" {
			t.Errorf("%s: the checksum is in %q", other, got)
		}
	}
	check := func(what, want string) {
		t.Helper()
		if got, err := changedSince(t.Context(), root, sum); got != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", what, got, err, want)
		}
	}
	check("as downloaded", "")
	write(filepath.Join(root, "src", "go.mod"), "module std\n") // as the go command copies it
	check("with the copy of go.mod", "")
	write(filepath.Join(root, "src", "path", "path.go"), "package pat\n")
	check("changed", "toolchain@"+version)
	if err := os.Remove(filepath.Join(root, "src", "path", "path.go")); err != nil {
		t.Fatal(err)
	}
	check("with a file less", "toolchain@"+version)
	if err := os.Remove(sum); err != nil {
		t.Fatal(err)
	}
	if got, err := changedSince(t.Context(), root, sum); err == nil {
		t.Errorf("without a checksum: %q", got)
	}
}
