package fork

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestCheckTree checks which folders may be overwritten.
func TestCheckTree(t *testing.T) {
	f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"))
	write := func(name, text string) func(string) error {
		return func(dir string) error {
			file := filepath.Join(dir, filepath.FromSlash(name))
			return errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666))
		}
	}
	remove := func(name string) func(string) error {
		return func(dir string) error { return os.Remove(filepath.Join(dir, filepath.FromSlash(name))) }
	}
	link := func(dir string) error { return os.Symlink("lib.go", filepath.Join(dir, "link.go")) }
	tests := []struct {
		name  string
		alter func(dir string) error // changes the folder of the fork
		force bool
		want  string
	}{
		{"a fork", nil, false, "it has the fork v1.0.1-0.matrixrun.mend.h"},
		{"to be replaced", nil, true, ""},
		{"with a file less", remove("lib.go"), true, ""},
		{"with a file more", write("more.go", "x"), true, "in which more.go was added or changed"},
		{"with one below", write("a/b/c", "x"), true, "in which a/b/c was"},
		{"with one in FORK", write("FORK/notes.md", "x"), true, "in which FORK/notes.md was"},
		{"with another README", write("FORK/README.md", "x"), true, ""}, // can be written again
		{"with a change", write("internal/in.go", "x"), true, "in which internal/in.go was"},
		{"with a link", link, true, "in which link.go was"},
		{"with another fork.json", write("FORK/fork.json", "{}"), true, "is neither empty nor a fork"},
		{"unfinished", remove("go.mod"), false, ""},
		{"unfinished, with a file more", func(dir string) error { return errors.Join(remove("go.mod")(dir), write("more.go", "x")(dir)) }, false, "in which more.go was"},
		{"with no checksums", remove("FORK/SHA256SUMS"), true, "in which LICENSE was"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "fork")
			if err := f.WriteTree(dir, false, true); err != nil {
				t.Fatal(err)
			}
			if test.alter != nil {
				if err := test.alter(dir); err != nil {
					t.Fatal(err)
				}
			}
			err := f.WriteTree(dir, test.force, true)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
			if err != nil && !errors.As(err, &matrix.Problems{}) {
				t.Errorf("error %v is not of type matrix.Problems", err)
			}
			if entries, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(entries) != 1 {
				t.Errorf("the parent folder has %v (%v)", entries, err)
			}
		})
	}
}

// TestWriteTreeThrough writes to a symbolic link, which must remain one.
func TestWriteTreeThrough(t *testing.T) {
	f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"))
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Skipf("needs symbolic links: %v", err)
	}
	for _, force := range []bool{false, true} {
		if err := f.WriteTree(link, force, false); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link became %v (%v)", info, err)
		}
		if readText(t, link, "go.mod") != released["go.mod"] {
			t.Error("the fork is not where the link leads")
		}
	}
}

// TestWriteTreeFails forks a release that has a FORK folder of its own, and checks
// that nothing is left behind.
func TestWriteTreeFails(t *testing.T) {
	tree := files{"FORK/x": "taken\n"}
	for name, data := range released {
		tree[name] = data
	}
	f := lay(t, release(t, "v1.0.0", tree), change("mend", "1", "2"))
	parent := t.TempDir()
	empty := filepath.Join(parent, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{empty, filepath.Join(parent, "new")} {
		if err := f.WriteTree(dir, false, false); err == nil || !strings.Contains(err.Error(), "the release has a FORK of its own") {
			t.Errorf("error is %v", err)
		}
	}
	for dir, want := range map[string]int{parent: 1, empty: 0} {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != want {
			t.Errorf("%s holds %v (%v)", dir, entries, err)
		}
	}
}

// TestWriteProxy adds two versions of a module whose path has a capital letter, and
// checks that a version is never changed.
func TestWriteProxy(t *testing.T) {
	dir := t.TempDir()
	src := release(t, "v1.0.9", released)
	second, first := lay(t, src, change("b", "1", "2")), lay(t, src, change("a", "1", "2"))
	for _, f := range []*Fork{second, first, second} {
		if err := f.WriteProxy(dir); err != nil {
			t.Fatal(err)
		}
	}
	const at = "example.com/!lib/@v/"
	if got, want := readText(t, dir, at+"list"), first.Version+"\n"+second.Version+"\n"; got != want {
		t.Errorf("list is %q, want %q", got, want)
	}
	if got, want := readText(t, dir, at+first.Version+".info"), `{"Version":"`+first.Version+`","Time":"2024-01-02T02:04:05Z"}`+"\n"; got != want {
		t.Errorf("info is %q, want %q", got, want)
	}
	readme := readText(t, dir, "README.md")
	if a, b := strings.Index(readme, "with a\n"), strings.Index(readme, "with b\n"); a < 0 || b < a {
		t.Errorf("README.md is %q", readme)
	}

	archive := filepath.Join(dir, filepath.FromSlash(at+first.Version+".zip"))
	if err := os.WriteFile(archive, []byte("damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := first.WriteProxy(dir); !errors.As(err, &matrix.Problems{}) || !strings.Contains(err.Error(), "has other content under "+first.Version) {
		t.Errorf("error is %v", err)
	}
	if readText(t, dir, at+first.Version+".zip") != "damaged" {
		t.Error("WriteProxy overwrote the file")
	}
	if err := first.WriteProxy(archive); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("error is %v", err)
	}
}

// TestKilled writes forks where a killed process left a stage. It is gone afterwards,
// and keeps no folder from counting as empty.
func TestKilled(t *testing.T) {
	f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"))
	for name, write := range map[string]func(dir string) error{
		"tree":  func(dir string) error { return f.WriteTree(dir, false, false) },
		"next":  func(dir string) error { return f.WriteTree(filepath.Join(dir, "fork"), false, false) },
		"proxy": f.WriteProxy,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			stage := filepath.Join(dir, ".matrixrun-new-1234")
			if err := errors.Join(os.MkdirAll(filepath.Join(stage, "new"), 0o700), os.WriteFile(filepath.Join(stage, ".lock"), nil, 0o600)); err != nil {
				t.Fatal(err)
			}
			if err := write(dir); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(stage); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the stage is there: %v", err)
			}
		})
	}
}

// TestUnfinished kills WriteTree at each step of filling an empty folder. The next call
// replaces what is there with the same fork, also in a folder that cannot be renamed.
func TestUnfinished(t *testing.T) {
	f := lay(t, release(t, "v1.0.0", released), change("mend", "1", "2"))
	want := t.TempDir()
	if err := f.WriteTree(want, false, false); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	names := order(entries)
	if len(names) != len(entries) || len(names) < 4 {
		t.Fatalf("order returns %q for %v", names, entries)
	}
	for n := range len(names) {
		parent := t.TempDir()
		dir := filepath.Join(parent, "fork")
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, name := range names[:n] {
			if err := copyTo(filepath.Join(dir, name), filepath.Join(want, name)); err != nil {
				t.Fatal(err)
			}
		}
		before, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.WriteTree(dir, false, false); err != nil {
			t.Errorf("after %q: %v", names[:n], err)
			continue
		}
		after, err := os.Stat(dir)
		if err != nil || !os.SameFile(before, after) {
			t.Errorf("after %q: the folder is another one (%v)", names[:n], err)
		}
		if got, err := os.ReadDir(dir); err != nil || len(got) != len(entries) {
			t.Errorf("after %q: there are %v (%v)", names[:n], got, err)
		}
	}
}

// copyTo copies a file or a folder.
func copyTo(to, from string) error {
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	data, err := os.ReadFile(from)
	return errors.Join(err, os.WriteFile(to, data, 0o666))
}
