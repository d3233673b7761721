package sweep

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestChangedBinary changes a binary in the record after it was verified, in each of the
// ways in which a user or a disk may. What a process of that file did counts for
// nothing, also if another process has made the binary anew meanwhile.
func TestChangedBinary(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"removed":   os.Remove,
		"truncated": func(path string) error { return os.Truncate(path, 3) },
		"written to": func(path string) error {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte("x"), 100)
			return errors.Join(err, f.Close())
		},
		"replaced by another one": func(path string) error {
			return errors.Join(os.WriteFile(path+".other", []byte("another binary"), 0o755), os.Rename(path+".other", path))
		},
		"not executable": func(path string) error { return os.Chmod(path, 0o644) },
	} {
		if name == "not executable" && runtime.GOOS == "windows" {
			continue
		}
		plan := unsupported("v0.1.0")
		s := newSweep(t, plan, Options{}, func(matrix.Event) {})
		const key = "4444444444444444444444444444444444444444444444444444444444444444"
		a := keep(t, s.store.Store, key)
		w := &work{sweep: s, row: plan.Rows[0]}
		runs := 0
		err := w.try(t.Context(), a, func(p checked) error {
			if runs++; runs > 1 {
				return p.unchanged()
			}
			if err := change(p.Binary); err != nil {
				t.Fatal(err)
			}
			keep(t, s.store.Store, key) // as another process does that finds it damaged
			return p.unchanged()
		})
		if err != nil || runs != 2 {
			t.Errorf("%s: it ran %d times, %v", name, runs, err)
		}
	}
}
