package content

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestFolder checks that a folder of this machine has the same files as for package os, with
// the same content, whatever is in it.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module m\n", "a.go": "package a\n", "a_test.go": "package a\n", "sub/deep/b.go": strings.Repeat("package b // long\n", 20_000),
		"sub/empty.go": "", ".hidden/c.go": "package c\n", "nested/go.mod": "module n\n", "nested/d.go": "package d\n", "sub/x.s": "TEXT\n", "sub/text.txt": "no code\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link.go": "a.go", "dangling.go": "gone.go", "folder": "sub", "folder.go": "sub", "topipe.go": "pipe", "todevice.go": os.DevNull, "tolocked.go": "locked"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"pipe.go", "pipe"} {
		if err := unix.Mkfifo(filepath.Join(dir, name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "locked"), nil, 0); err != nil {
		t.Fatal(err)
	}
	obeyModes(t)
	files, done, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	quickly, err := list(t.Context(), Code{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	slowly, err := list(t.Context(), Code{Files: os.DirFS(dir)})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a.go", "go.mod", "link.go", "sub/deep/b.go", "sub/empty.go", "sub/x.s", "tolocked.go"}
	slices.Sort(quickly.folders)
	slices.Sort(slowly.folders)
	if !slices.Equal(quickly.names, want) || !slices.Equal(slowly.names, want) || !slices.Equal(quickly.folders, slowly.folders) || quickly.seen != slowly.seen {
		t.Errorf("got %q in %q, and %q in %q, want %q", quickly.names, quickly.folders, slowly.names, slowly.folders, want)
	}
	for _, name := range want[:len(want)-1] {
		data, err := quickly.content(t.Context(), name)
		if other, wrong := os.ReadFile(filepath.Join(dir, name)); err != nil || wrong != nil || string(data) != string(other) {
			t.Errorf("%s has %d bytes, want %d: %v, %v", name, len(data), len(other), err, wrong)
		}
	}
	for name, why := range map[string]string{"gone.go": "open gone.go: no such file or directory", "sub": "read sub: is a directory", "tolocked.go": "open tolocked.go: permission denied", "../gone.go": "open ../gone.go: invalid argument"} {
		if _, err := quickly.content(t.Context(), name); err == nil || err.Error() != why {
			t.Errorf("%s: %v, want %s", name, err, why)
		}
	}
	if _, err := quickly.content(t.Context(), "pipe.go"); err != nil {
		t.Errorf("a pipe that nobody writes to: %v", err) // it is empty, and does not block
	}
	for link, kind := range map[string]fs.FileMode{"topipe.go": fs.ModeNamedPipe, "todevice.go": fs.ModeDevice | fs.ModeCharDevice, "tolocked.go": 0} {
		if info, err := fs.Stat(files, link); err != nil || info.Mode().Type() != kind {
			t.Errorf("%s leads to %v, %v, want the mode %s", link, info, err, kind)
		}
		if info, err := fs.Lstat(files, link); err != nil || info.Mode().Type() != fs.ModeSymlink {
			t.Errorf("%s is %v, %v, want a link", link, info, err)
		}
	}
	if _, _, err := openFolder(filepath.Join(dir, "gone")); err == nil {
		t.Error("there is no such folder, and it was opened")
	}
}

// obeyModes makes the modes of files bind this test even if root runs it. The test gets a
// thread of its own, which ends with it.
func obeyModes(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if err := unix.Capget(&header, &sets[0]); err != nil {
		t.Fatal(err)
	}
	sets[0].Effective &^= 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_DAC_READ_SEARCH
	if err := unix.Capset(&header, &sets[0]); err != nil {
		t.Fatal(err)
	}
}

// TestParseEntries checks that entries without a kind are read in another way, and that no
// list makes the parser read behind its end.
func TestParseEntries(t *testing.T) {
	entry := func(kind byte, name string) []byte {
		e := make([]byte, nameAt+8)
		e[lengthAt], e[kindAt] = byte(len(e)), kind
		copy(e[nameAt:], name)
		return e
	}
	good := slices.Concat(entry(unix.DT_DIR, "."), entry(unix.DT_DIR, ".."), entry(unix.DT_REG, "a.go"))
	if all, ok := parseEntries(good); !ok || len(all) != 1 || all[0].Name() != "a.go" || all[0].IsDir() {
		t.Errorf("got %v, %v", all, ok)
	}
	for name, list := range map[string][]byte{
		"no kind": entry(unix.DT_UNKNOWN, "a.go"), "torn": good[:len(good)-1], "no length": make([]byte, 64), "too long": {lengthAt: 0xff, 40: 0},
	} {
		if all, ok := parseEntries(list); ok {
			t.Errorf("%s: got %v", name, all)
		}
	}
}
