package content

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// fakeMemory is a memory of JSON by key. It counts what is put there.
type fakeMemory struct {
	facts map[string][]byte
	puts  int
}

func (m *fakeMemory) Folder(key string, v any) (miss string) {
	data, ok := m.facts[key]
	if !ok {
		return "never put"
	}
	if err := json.Unmarshal(data, v); err != nil {
		return err.Error()
	}
	return ""
}

func (m *fakeMemory) PutFolder(key string, v any) (err error) {
	m.puts++
	m.facts[key], err = json.Marshal(v)
	return err
}

// wait lets the clock of the file system go on. The one that facts are kept by is an hour
// ahead, as if the files were old.
func wait() { time.Sleep(20 * time.Millisecond) }

func agedFiles(t *testing.T) {
	t.Helper()
	now = func() time.Time { return time.Now().Add(time.Hour) }
	t.Cleanup(func() { now = time.Now })
}

// A remembering is an index, a memory, and a module in a cache that has no code of the
// target.
type remembering struct {
	index *Index
	look  Look
	m     matrix.BuiltModule
	facts *fakeMemory
}

func newRemembering(t *testing.T) *remembering {
	t.Helper()
	agedFiles(t)
	cache := unpacked(t, app.with("app.go", "package app\n\nvar x = 1\n").in("example.com/app@v1.0.0"))
	facts := &fakeMemory{facts: map[string][]byte{}}
	return &remembering{
		index: index(t), look: Look{Target: target, Cache: cache, Memory: facts}, facts: facts,
		m: matrix.BuiltModule{Path: "example.com/app", Version: "v1.0.0", Dir: filepath.Join(cache, "example.com", "app@v1.0.0")},
	}
}

// copies looks at the module, with a context that has ended or not, and returns how many
// copies it has, and whether anything was read. With a context that has ended, nothing can be.
func (r *remembering) copies(t *testing.T) (copies int, read bool) {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	code, done, err := Open(&r.m, r.look.Cache)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if _, err := r.index.copies(ended, &r.m, code, r.look); err == nil {
		return 0, false
	}
	found, err := r.index.copies(t.Context(), &r.m, code, r.look)
	if err != nil {
		t.Fatal(err)
	}
	return len(found), true
}

// write writes a file of the module.
func (r *remembering) write(t *testing.T, name, data string) {
	t.Helper()
	file := filepath.Join(r.m.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestRemembered checks that a module without code of the target is read once, and again
// after anything has changed that the answer depends on.
func TestRemembered(t *testing.T) {
	stamp := time.Now().Add(-time.Minute)
	changes := map[string]func(*testing.T, *remembering){
		"a file is added":                   func(t *testing.T, r *remembering) { r.write(t, "more.go", "package app\n") },
		"a package of testdata is imported": func(t *testing.T, r *remembering) { r.m.Ignored = []string{"testdata"} },
		"a file is changed":                 func(t *testing.T, r *remembering) { r.write(t, "app.go", "package app\n") },
		"a folder is added":                 func(t *testing.T, r *remembering) { r.write(t, "more/more.go", "package more\n") },
		"a file is removed":                 func(t *testing.T, r *remembering) { _ = os.Remove(filepath.Join(r.m.Dir, "app.go")) },
		"the index is another":              func(t *testing.T, r *remembering) { r.index = without(t, r.index) },
		"the target has other paths":        func(_ *testing.T, r *remembering) { r.look.Target.Module = "example.com/lib/v2" },
		"the entry has no files": func(_ *testing.T, r *remembering) {
			for key := range r.facts.facts {
				r.facts.facts[key] = []byte(`{"names":"./","state":"","found":""}`)
			}
		},
		"the entry is empty": func(_ *testing.T, r *remembering) {
			for key := range r.facts.facts {
				r.facts.facts[key] = []byte(`{}`)
			}
		},
		"the entry is torn": func(_ *testing.T, r *remembering) {
			for key, data := range r.facts.facts {
				r.facts.facts[key] = data[:len(data)/2]
			}
		},
		"a file is changed in place, with its size and its time": func(t *testing.T, r *remembering) {
			if runtime.GOOS == "windows" {
				t.Skip("only size and time are known of a file")
			}
			file := filepath.Join(r.m.Dir, "app.go")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r.write(t, "app.go", strings.ToUpper(string(data)))
			if err := os.Chtimes(file, stamp, stamp); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			r := newRemembering(t)
			r.write(t, "testdata/data.go", "package data\n")
			if err := os.Chtimes(filepath.Join(r.m.Dir, "app.go"), stamp, stamp); err != nil {
				t.Fatal(err)
			}
			if _, read := r.copies(t); !read || r.facts.puts != 1 {
				t.Fatalf("first: read %v, put %d times", read, r.facts.puts)
			}
			if _, read := r.copies(t); read {
				t.Fatal("it was read again")
			}
			wait()
			change(t, r)
			if _, read := r.copies(t); !read {
				t.Error("it was not read again")
			}
		})
	}
}

// without returns an index without its last release.
func without(t *testing.T, x *Index) *Index {
	t.Helper()
	x.Keep([]matrix.Release{{Version: "v1.0.0", Sum: "h1:v1.0.0"}, {Version: "v1.1.0", Sum: "h1:v1.1.0"}})
	other, err := Parse("", x.Format())
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// TestCopyAfterAbsence checks that a copy is found that was put into a module after it was
// known to have none, and that what has a copy is read each time.
func TestCopyAfterAbsence(t *testing.T) {
	r := newRemembering(t)
	if n, _ := r.copies(t); n != 0 || r.facts.puts != 1 {
		t.Fatalf("%d copies, put %d times", n, r.facts.puts)
	}
	wait()
	for name, data := range latest.with("go.mod", "") {
		r.write(t, "internal/"+name, data)
	}
	for range 2 {
		if n, read := r.copies(t); n != 1 || !read {
			t.Fatalf("%d copies, read %v", n, read)
		}
	}
	if r.facts.puts != 1 {
		t.Errorf("that there is no copy was put %d times", r.facts.puts)
	}
}

// TestForgotten checks what is not kept: what can change without a trace, or is no answer.
func TestForgotten(t *testing.T) {
	for name, change := range map[string]func(*testing.T, *remembering){
		"it has just changed": func(*testing.T, *remembering) { now = time.Now },
		"its files have times to come": func(t *testing.T, r *remembering) {
			if err := os.Chtimes(filepath.Join(r.m.Dir, "app.go"), time.Now().Add(2*time.Hour), time.Now().Add(2*time.Hour)); err != nil {
				t.Fatal(err)
			}
		},
		"it has a link": func(t *testing.T, r *remembering) {
			if err := os.Symlink(filepath.Join(r.m.Dir, "go.mod"), filepath.Join(r.m.Dir, "link.go")); err != nil {
				t.Skip(err)
			}
		},
		"it is not in the cache":     func(t *testing.T, r *remembering) { r.look.Cache = t.TempDir() },
		"there is no cache":          func(_ *testing.T, r *remembering) { r.look.Cache = "" },
		"a name has the separator":   func(t *testing.T, r *remembering) { r.write(t, "a:b.go", "package app\n") },
		"the index is not as it was": func(_ *testing.T, r *remembering) { r.index.changed() },
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(name, "separator") {
				t.Skip("no file can have it")
			}
			r := newRemembering(t)
			change(t, r)
			for range 2 {
				if _, read := r.copies(t); !read || r.facts.puts != 0 {
					t.Fatalf("read %v, put %d times", read, r.facts.puts)
				}
			}
		})
	}
}

// TestKnownSum checks that the checksum of a folder in the cache is computed once, and again
// after any file has changed.
func TestKnownSum(t *testing.T) {
	r := newRemembering(t)
	sum := func() string { return KnownSum(r.facts, r.look.Cache, r.m.Dir, "example.com/app", "v1.0.0") }
	want := Sum(r.m.Dir, "example.com/app", "v1.0.0")
	for range 2 {
		if got := sum(); got != want || r.facts.puts != 1 {
			t.Fatalf("got %s, want %s, put %d times", got, want, r.facts.puts)
		}
	}
	wait()
	r.write(t, "README", "It was edited.\n")
	if got := sum(); got == want || got != Sum(r.m.Dir, "example.com/app", "v1.0.0") {
		t.Errorf("after an edit: %s", got)
	}
	if got := KnownSum(nil, "", r.m.Dir, "example.com/app", "v1.0.0"); got != Sum(r.m.Dir, "example.com/app", "v1.0.0") {
		t.Errorf("without a memory: %s", got)
	}
	if got := KnownSum(r.facts, r.look.Cache, filepath.Join(r.look.Cache, "gone"), "example.com/app", "v1.0.0"); !strings.HasPrefix(got, "no checksum: ") {
		t.Errorf("without a folder: %s", got)
	}
}
