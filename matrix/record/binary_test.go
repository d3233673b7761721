package record

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestCopyFile copies a binary, as is done between two disks.
func TestCopyFile(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	if err := os.WriteFile(from, []byte("program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := copyFile(from, to); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(to)
	if err != nil || string(text) != "program" {
		t.Errorf("the copy has %q, %v", text, err)
	}
	if info, err := os.Stat(to); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o755 {
		t.Errorf("the copy is %v, %v", info.Mode(), err)
	}
	// A failed copy leaves nothing.
	if err := copyFile(dir, to+"2"); err == nil {
		t.Error("a folder was copied")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
		t.Errorf("files left: %v, %v", files, err)
	}
}
