package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/content"
)

// TestMemory checks that small facts of a program share an entry, which has none that was not
// asked for any more, and that programs share large ones.
func TestMemory(t *testing.T) {
	dir := t.TempDir()
	keys := make(map[string]string)
	for _, name := range []string{"small", "other", "late", "large"} {
		keys[name] = checksum.Bytes([]byte(name))
	}
	large := strings.Repeat("x", smallFact)
	use := func(program string, want map[string]string, put map[string]string) {
		t.Helper()
		m, done, err := openMemory(dir, program)
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
