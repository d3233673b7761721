package record_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/record"
)

// denyReading takes from a folder the right to read it, until the test ends. Root may
// read any folder, so the thread of the test becomes another user for the file system.
func denyReading(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
		return
	}
	runtime.LockOSThread()
	const nobody = 65534
	if err := unix.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = unix.Setfsuid(0)
		runtime.UnlockOSThread()
	})
}

// TestUnreadableFolder checks that a folder that cannot be read is named, and that all
// others are counted and pruned.
func TestUnreadableFolder(t *testing.T) {
	s, dir, _ := filled(t)
	if os.Geteuid() == 0 {
		allow(t, dir)
	}
	damaged := filepath.Join(dir, "build", keyB[:2], keyB)
	write(t, damaged, "damaged")
	unreadable := filepath.Join(dir, "build", keyA[:2])
	denyReading(t, unreadable)
	c, err := s.Contents(t.Context())
	if err == nil || !strings.Contains(err.Error(), unreadable) || c.Entries != 3 {
		t.Errorf("error %v, and %d entries, want 3", err, c.Entries)
	}
	p, err := s.Prune(t.Context(), record.Pruning{Bounds: wide, Verify: true})
	if err == nil || !strings.Contains(err.Error(), unreadable) || p.Damaged.Entries != 1 || p.Left.Entries != 2 || !missing(damaged) {
		t.Errorf("error %v, removed %d damaged entries, left %d, want 1 and 2", err, p.Damaged.Entries, p.Left.Entries)
	}
}

// allow lets every user read and write what is in a folder, and reach it.
func allow(t *testing.T, dir string) {
	t.Helper()
	for parent := filepath.Dir(dir); parent != filepath.Dir(parent); parent = filepath.Dir(parent) {
		if strings.HasPrefix(parent, os.TempDir()+"/") {
			if err := os.Chmod(parent, 0o777); err != nil {
				t.Fatal(err)
			}
		}
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chmod(path, 0o777)
	})
	if err != nil {
		t.Fatal(err)
	}
}
