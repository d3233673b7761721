package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/uses"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/content"
)

// TestMemory checks that small facts of a program share an entry, which has none that was not
// asked for any more, and that programs share large ones.
func TestMemory(t *testing.T) {
	dir := t.TempDir()
	keys := make(map[string]string)
	for _, name := range []string{"small", "other", "late", "large", "grown"} {
		keys[name] = checksum.Bytes([]byte(name))
	}
	large := strings.Repeat("x", smallFact)
	use := func(program string, want map[string]string, put map[string]string) {
		t.Helper()
		m, done, err := openMemory(dir, program, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, fact := range want {
			if got := recalled(m, keys[name]); got != fact {
				t.Errorf("%s: %s is %.20q, want %.20q", program, name, got, fact)
			}
		}
		for name, fact := range put {
			if err := m.PutFolder(keys[name], fact); err != nil {
				t.Error(err)
			}
		}
		done(t.Context())
	}
	use("a", map[string]string{"small": "", "large": ""}, map[string]string{"small": "1", "other": "2", "large": large})
	if n := entries(t, dir); n != 2 {
		t.Errorf("%d entries, want one for small facts and one for a large one", n)
	}
	use("a", map[string]string{"small": "1", "other": "2", "large": large}, nil)
	use("b", map[string]string{"small": "", "large": large}, nil)
	use("a", map[string]string{"small": "1"}, map[string]string{"late": "3"})
	use("a", map[string]string{"small": "1", "late": "3", "other": ""}, nil)

	// A fact that is large now is not the small one that it was, in this process or the next.
	use("c", nil, map[string]string{"grown": "1"})
	use("c", map[string]string{"grown": "1"}, map[string]string{"grown": large})
	use("c", map[string]string{"grown": large}, map[string]string{"other": "2"})
	use("c", map[string]string{"grown": large, "other": "2"}, map[string]string{"other": large})
	use("c", map[string]string{"grown": large, "other": large}, nil)
}

// TestMemoryOfSuites checks that a check with one suite keeps what one with another suite found.
func TestMemoryOfSuites(t *testing.T) {
	dir, key := t.TempDir(), checksum.Bytes([]byte("small"))
	suites := func(target string) []uses.Suite {
		return []uses.Suite{{Name: "s", Results: &matrix.Results{Target: target}}}
	}
	for _, test := range []struct{ target, want, put string }{{"a", "", "1"}, {"b", "", "2"}, {"a", "1", ""}, {"b", "2", ""}} {
		m, done, err := openMemory(dir, "program", suites(test.target))
		if err != nil {
			t.Fatal(err)
		}
		if got := recalled(m, key); got != test.want {
			t.Errorf("%s: got %q, want %q", test.target, got, test.want)
		}
		if test.put != "" {
			if err := m.PutFolder(key, test.put); err != nil {
				t.Error(err)
			}
		}
		done(t.Context())
	}
}

// TestMemoryOfInterrupt checks that a check that was interrupted, which asked for some facts
// only, does not remove the others.
func TestMemoryOfInterrupt(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	stopped, stop := context.WithCancel(ctx)
	stop()
	for _, test := range []struct {
		ctx       context.Context
		key, want string
	}{{ctx, "a", ""}, {stopped, "b", ""}, {ctx, "a", "1"}} {
		m, done, err := openMemory(dir, "program", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := recalled(m, checksum.Bytes([]byte(test.key))); got != test.want {
			t.Errorf("%s: got %q, want %q", test.key, got, test.want)
		}
		if err := m.PutFolder(checksum.Bytes([]byte(test.key)), "1"); err != nil {
			t.Error(err)
		}
		done(test.ctx)
	}
}

func recalled(m content.Memory, key string) (fact string) {
	if m.Folder(key, &fact) != "" {
		return ""
	}
	return fact
}

// entries counts the facts in a record.
func entries(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, "folder"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}
