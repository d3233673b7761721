package fault_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
)

// TestCacheAdvice reads a build cache whose files belong to somebody else.
func TestCacheAdvice(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "81", "81aa-d")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := fault.CacheAdvice(dir); got != "" {
		t.Errorf("all files can be read: %q", got)
	}
	if err := os.Chmod(file, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // who may read everything, unlike another user
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := syscall.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = syscall.Setfsuid(0) }()
	}
	if got := fault.CacheAdvice(dir); !strings.Contains(got, "sudo go build") {
		t.Errorf("CacheAdvice = %q", got)
	}
}
