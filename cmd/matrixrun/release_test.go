package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// asReleased is the version under which the tests serve this source.
var asReleased = module.Version{Path: "github.com/matrixrun/matrixrun", Version: "v0.0.1-test"}

// TestRelease checks that a module proxy can serve this source. TestInstalled
// installs the program from such a proxy.
func TestRelease(t *testing.T) { release(t, t.TempDir()) }

// release writes this source to a folder as a module proxy serves a release. A
// module zip contains no nested modules, so embedded files must not be in one.
func release(t *testing.T, proxy string) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(asReleased.Path), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..")
	for name, text := range map[string]string{
		"list":                       asReleased.Version + "\n",
		asReleased.Version + ".info": fmt.Sprintf(`{"Version": %q}`, asReleased.Version),
		asReleased.Version + ".mod":  read(t, filepath.Join(root, "go.mod")),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	out, err := os.Create(filepath.Join(dir, asReleased.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := zip.CreateFromDir(out, asReleased, root); err != nil {
		t.Fatalf("no module proxy would serve this source: %v", err)
	}
	const most = 50e6 // a tenth of the go command's limit
	info, err := out.Stat()
	if err != nil || info.Size() > most {
		t.Fatalf("the module zip has %d bytes (%v), want at most %.0f", info.Size(), err, most)
	}
	t.Logf("the module zip has %.1f MB", float64(info.Size())/1e6)
}
