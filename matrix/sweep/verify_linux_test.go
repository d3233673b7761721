package sweep

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestVerifyPipe verifies a binary in whose place somebody put a named pipe.
func TestVerifyPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "binary")
	if err := syscall.Mkfifo(pipe, 0o755); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- verify(pipe, "") }()
	select {
	case err := <-done:
		if !errors.Is(err, errDamaged) {
			t.Errorf("verify: %v, want %v", err, errDamaged)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for the pipe")
	}
}
