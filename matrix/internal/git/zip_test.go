package git

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

// lib is the version that the tests make a module zip of.
var lib = module.Version{Path: "example.com/lib", Version: "v1.0.0"}

// zipOf makes a module zip of a commit and returns it with its checksum.
func zipOf(t *testing.T, c *Clone, hash string) (file, sum string, err error) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "lib.zip")
	w, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := c.Zip(t.Context(), w, hash, lib); err != nil {
		return "", "", err
	}
	sum, err = dirhash.HashZip(file, dirhash.Hash1)
	return file, sum, err
}

// awkward makes a repository with a module at the top and in the folder nested, and
// with what a checkout or an archive would change or run. The file named ran appears if
// a command that the clone's configuration names was run.
func awkward(t *testing.T) (dir, ran string) {
	dir = clone(t)
	ran = filepath.Join(t.TempDir(), "ran")
	for name, text := range map[string]string{
		"go.mod": "module example.com/lib\n", "lib.go": "package lib // $Format:%H$\n", "testdata/secret": "s\n", "LICENSE": "free\n",
		"nested/go.mod": "module example.com/lib/nested\n", "nested/n.go": "package nested\n",
		"big.bin":        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n",
		".gitattributes": "*.go export-subst\ntestdata export-ignore\n*.bin filter=lfs\n*.txt text eol=crlf\n",
		"crlf.txt":       "one\ntwo\n",
	} {
		write(t, dir, name, text)
	}
	if err := os.Symlink("lib.go", filepath.Join(dir, "link.go")); err != nil {
		t.Skip("needs symbolic links")
	}
	command(t, dir, "add", ".")
	command(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",sub")
	command(t, dir, "commit", "-qm", "a module")
	command(t, dir, "config", "filter.lfs.smudge", "touch "+ran)
	command(t, dir, "config", "filter.lfs.process", "touch "+ran)
	return dir, ran
}

// TestZip compares the zip of a commit with the files that the go command would have.
func TestZip(t *testing.T) {
	dir, ran := awkward(t)
	c := open(t, dir)
	file, _, err := zipOf(t, c, hashOf(t, c, "HEAD"))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if err := modzip.Unzip(to, lib, file); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"lib.go": "package lib // $Format:%H$\n", "testdata/secret": "s\n", "crlf.txt": "one\r\ntwo\r\n",
		"big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n",
	} {
		if got, err := os.ReadFile(filepath.Join(to, name)); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"nested", "sub", "link.go"} {
		if _, err := os.Lstat(filepath.Join(to, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is in the zip, %v", name, err)
		}
	}
	if _, err := os.Lstat(ran); err == nil {
		t.Error("a command of the clone's configuration was run")
	}
}

// TestZipFolder makes a zip of a module in a folder. It takes the license at the top.
func TestZipFolder(t *testing.T) {
	dir, _ := awkward(t)
	c := open(t, filepath.Join(dir, "nested"))
	file, _, err := zipOf(t, c, hashOf(t, c, "HEAD"))
	if err != nil {
		t.Fatal(err)
	}
	checked, err := modzip.CheckZip(lib, file)
	if got := strings.Join(checked.Valid, " "); err != nil || strings.ReplaceAll(got, lib.String()+"/", "") != "go.mod n.go LICENSE" {
		t.Errorf("got %s, %v", got, err)
	}
	var none *NoFolderError
	if _, _, err := zipOf(t, c, hashOf(t, c, "HEAD~1")); !errors.As(err, &none) {
		t.Errorf("a commit before the folder: got %v", err)
	}
}

// TestZipSame makes the same zip from a bare clone, from a worktree and from one that
// borrows its objects.
func TestZipSame(t *testing.T) {
	dir, _ := awkward(t)
	top := t.TempDir()
	command(t, dir, "clone", "-q", "--bare", dir, filepath.Join(top, "bare"))
	command(t, dir, "clone", "-q", "--shared", "--no-checkout", dir, filepath.Join(top, "shared"))
	command(t, dir, "worktree", "add", "-q", "--no-checkout", filepath.Join(top, "tree"))
	c := open(t, dir)
	head := hashOf(t, c, "HEAD")
	_, want, err := zipOf(t, c, head)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bare", "shared", "tree"} {
		_, got, err := zipOf(t, open(t, filepath.Join(top, name)), head)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
}

// TestPartial reads files from a clone that has none. Nothing is fetched into it.
func TestPartial(t *testing.T) {
	dir, _ := awkward(t)
	command(t, dir, "config", "uploadpack.allowFilter", "true")
	to := t.TempDir()
	command(t, to, "clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+filepath.ToSlash(dir), ".")
	before := packs(t, to)
	c := open(t, to)
	head := hashOf(t, c, "HEAD")
	if _, _, err := zipOf(t, c, head); !errors.Is(err, ErrPartial) {
		t.Errorf("the zip: got %v, want %v", err, ErrPartial)
	}
	if _, err := c.ReadFile(t.Context(), head, "nested/go.mod"); !errors.Is(err, ErrPartial) {
		t.Errorf("a file: got %v, want %v", err, ErrPartial)
	}
	if _, err := Show(t.Context(), to, "HEAD"); !errors.Is(err, ErrPartial) {
		t.Errorf("a change: got %v, want %v", err, ErrPartial)
	}
	if after := packs(t, to); !slices.Equal(before, after) {
		t.Errorf("files were fetched into the clone: %q, before %q", after, before)
	}
}

// packs returns the files with objects of a clone.
func packs(t *testing.T, clone string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(clone, ".git", "objects", "*", "*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	return names
}

func TestReadFile(t *testing.T) {
	dir, _ := awkward(t)
	c := open(t, dir)
	head := hashOf(t, c, "HEAD")
	if data, err := c.ReadFile(t.Context(), head, "nested/go.mod"); err != nil || string(data) != "module example.com/lib/nested\n" {
		t.Errorf("got %q, %v", data, err)
	}
	for _, name := range []string{"nosuch", "nested", "link.go", "sub"} {
		if _, err := c.ReadFile(t.Context(), head, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
