package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// endless is a file system in which each folder has the entries that it makes, and each
// file has as many zero bytes as are read.
type endless struct {
	entries func(dir string) []fs.DirEntry // the next ones
	size    int64                          // of each file; 0 for no end
}

func (e endless) Open(name string) (fs.File, error) { return &endlessFile{fsys: e, name: name}, nil }

type endlessFile struct {
	fsys endless
	name string
	read int64
}

func (f *endlessFile) Stat() (fs.FileInfo, error) { return nil, errors.New("not known") }
func (f *endlessFile) Close() error               { return nil }
func (f *endlessFile) Read(p []byte) (int, error) {
	if f.fsys.size > 0 && f.read >= f.fsys.size {
		return 0, io.EOF
	}
	n := len(p)
	if f.fsys.size > 0 {
		n = int(min(int64(n), f.fsys.size-f.read))
	}
	f.read += int64(n)
	return n, nil
}

func (f *endlessFile) ReadDir(int) ([]fs.DirEntry, error) {
	entries := f.fsys.entries(f.name)
	if len(entries) == 0 {
		return nil, io.EOF
	}
	return entries, nil
}

// an is an entry of a folder.
type an struct {
	name string
	mode fs.FileMode
}

func (e an) Name() string               { return e.name }
func (e an) IsDir() bool                { return e.mode.IsDir() }
func (e an) Type() fs.FileMode          { return e.mode.Type() }
func (e an) Info() (fs.FileInfo, error) { return nil, errors.New("not known") }

// TestBounds checks that a module that is too large, too deep or without an end is an
// error in little time.
func TestBounds(t *testing.T) {
	x := index(t)
	made := 0
	for name, test := range map[string]struct {
		files fs.FS
		want  string
	}{
		"files": {endless{entries: func(string) []fs.DirEntry { return []fs.DirEntry{an{name: "a.txt"}} }}, "it has more than 2000000 files"},
		"depth": {endless{entries: func(dir string) []fs.DirEntry {
			if made++; made%2 == 0 {
				return nil
			}
			return []fs.DirEntry{an{"a", fs.ModeDir}}
		}}, "it has folders more than 100 deep"},
		"bytes":      {endless{size: maxFile / 4, entries: once(2000)}, "its files have more than 2048 MB"},
		"huge files": {endless{entries: once(2000)}, "its files have more than 2048 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := x.Search(t.Context(), Code{Files: test.files}, target)
			if !errors.Is(err, ErrTooLarge) || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestBoundsOfFunctions checks that no text makes the search for functions in a file take long.
// Without bounds, each of these takes minutes.
func TestBoundsOfFunctions(t *testing.T) {
	for _, text := range []string{"func (\n", "func (", "func(", "func func ", "func F(", "func F /", "func F(x int) {\n", "func `", "func (r *T) F(a int) { /* func "} {
		src := []byte(strings.Repeat(text, 512<<10/len(text)))
		start := time.Now()
		functionNames(src, func(name) {})
		parseFunctions(src, newPaths("example.com/lib"), func(name) bool { return true })
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%q: it took %s", text, took)
		}
	}
}

// TestLargeFile checks that a module with a file that is too large to be read has not been
// looked at, whatever else was found in it. Data of tests do not count.
func TestLargeFile(t *testing.T) {
	large := "package lib\n" + strings.Repeat("//\n", maxFile/3+1)
	const why = "it is too large to be looked at: its file large.go has more than 32 MB"
	for name, test := range map[string]struct {
		files files
		found string
		want  string
	}{
		"alone":    {files{"large.go": large}, "", why},
		"a copy":   {latest.with("large.go", large), "7: v1.1.1 6/6", why},
		"testdata": {files{"a.go": "package a\n", "testdata/large.go": large}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := unpacked(t, test.files)
			p := &matrix.Program{Modules: []matrix.BuiltModule{{Path: "example.com/fork", Version: "v1.0.0", Dir: dir}}}
			found, unseen, err := index(t).Modules(t.Context(), p, Look{Target: target, Known: func(*matrix.BuiltModule) bool { return false }})
			if err != nil {
				t.Fatal(err)
			}
			got, why := "", ""
			for _, f := range found {
				got += short(f.Likeness)
			}
			for _, u := range unseen {
				why += u.Why
			}
			if got != test.found || why != test.want {
				t.Errorf("got %q, unseen %q; want %q, unseen %q", got, why, test.found, test.want)
			}
		})
	}
}

// once returns a folder of that many Go files.
func once(n int) func(string) []fs.DirEntry {
	return func(string) (entries []fs.DirEntry) {
		for ; n > 0; n-- {
			entries = append(entries, an{name: fmt.Sprintf("%d.go", n)})
		}
		return entries
	}
}

// TestCancelled checks that a search ends when it is no longer wanted.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := index(t).Search(ctx, Code{Files: latest.fs()}, target); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestUnreadable checks that a file or folder that cannot be read is an error, not an
// answer.
func TestUnreadable(t *testing.T) {
	for _, name := range []string{"lib.go", "internal"} {
		_, err := index(t).Search(t.Context(), Code{Files: closed{latest.fs(), name}}, target)
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// closed is a file system in which one file or folder cannot be opened.
type closed struct {
	fstest.MapFS
	name string
}

func (c closed) Open(name string) (fs.File, error) {
	if name == c.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.Open(name)
}

// TestLinks checks that links to folders are not followed, inside or outside of the
// module, and that links to files are, as the go command does.
func TestLinks(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.CopyFS(outside, copied.fs()); err != nil {
		t.Fatal(err)
	}
	search := func() []matrix.Likeness {
		found, err := index(t).Search(t.Context(), Code{Files: os.DirFS(dir), Path: "example.com/fork"}, target)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	links := func(to map[string]string) {
		for name, to := range to {
			if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
				t.Skip("there are no links here: ", err)
			}
		}
	}
	links(map[string]string{"lib": outside, "self": ".", "folder.go": outside, "gone.go": "gone", "loop.go": "loop.go", "device.go": os.DevNull})
	if found := search(); found != nil {
		t.Errorf("followed links to folders: %v", found)
	}
	files := make(map[string]string)
	for name := range copied.fs() {
		files[strings.ReplaceAll(name, "/", "_")] = filepath.Join(outside, name)
	}
	links(files)
	if found := search(); len(found) != 1 {
		t.Errorf("did not follow links to files: %v", found)
	}
}

// TestDamagedIndex checks that each line that cannot be right is a mistake with its number.
func TestDamagedIndex(t *testing.T) {
	good := string(index(t).Format())
	for name, test := range map[string]struct{ old, latest, want string }{
		"no release":      {"release v1.0.0", "# v1.0.0", "the first line is not that of a release"},
		"order":           {"release v1.1.0", "release v0.9.0", `release "v0.9.0" does not follow the one above it`},
		"twice":           {"release v1.1.0", "release v1.0.0", `release "v1.0.0" does not follow the one above it`},
		"unknown line":    {"release v1.1.0 h1:v1.1.0\n", "release v1.1.0 h1:v1.1.0\nx y\n", `the line begins with "x"`},
		"gone":            {"release v1.1.0 h1:v1.1.0\n", "release v1.1.0 h1:v1.1.0\n- x.go\n", `the release above has no file "x.go"`},
		"short digest":    {"+ doc.go ", "+ doc.go x", "this is not a path with its digests"},
		"no digest":       {"+ doc.go ", "+ doc.go\n+ x ", "this is not a path with its digests"},
		"unknown removed": {"+ http/client.go ", "+ http/client.go aaaaaaaa aaaaaaaaaaaa -aaaaaaaaa\n+ x ", "this is not a path with its digests"},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := strings.Replace(good, test.old, test.latest, 1)
			_, err := Parse("s/releases.index", []byte(damaged))
			var problems matrix.Problems
			if !errors.As(err, &problems) || problems[0].Line == 0 || !strings.HasPrefix(problems[0].Text, test.want+": ") {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	for at := range good {
		_, _ = Parse("", []byte(good[:at])) // must not panic
	}
}

// FuzzGo checks that no text stops the reading of a Go file.
func FuzzGo(f *testing.F) {
	for _, data := range latest {
		f.Add([]byte(data))
	}
	f.Add([]byte("import"))
	f.Add([]byte("import ("))
	f.Add([]byte("func"))
	f.Add([]byte("package a\nfunc ("))
	f.Add([]byte("//go:build ("))
	f.Add([]byte("package a\nfunc(r *T) F() {}\nfunc (r *(T),) G() {}\nfunc (\n"))
	f.Fuzz(func(_ *testing.T, src []byte) {
		parseGo(src, newPaths("example.com/lib", "a"))
		functionNames(src, func(name) {})
		parseFunctions(src, newPaths("example.com/lib", "a"), func(n name) bool { return n%2 == 0 })
	})
}

// TestLoad checks what is not an index.
func TestLoad(t *testing.T) {
	for name, suite := range map[string]fs.FS{
		"folder": fstest.MapFS{path.Join(FileName, "x"): {}},
		"large":  fstest.MapFS{FileName: {Data: make([]byte, maxSize+1)}},
		"text":   fstest.MapFS{FileName: {Data: []byte("hello\n")}},
	} {
		_, err := Load(suite, "s")
		var problems matrix.Problems
		if !errors.As(err, &problems) || problems[0].File != "s/"+FileName {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if x, err := Load(fstest.MapFS{}, "s"); x != nil || err != nil {
		t.Errorf("no file: got %v, %v", x, err)
	}
	x, err := Load(fstest.MapFS{FileName: {}}, "s")
	if err != nil || len(x.Missing([]matrix.Release{{Version: "v1.0.0"}})) != 1 {
		t.Errorf("empty: got %v, %v", x, err)
	}
}
