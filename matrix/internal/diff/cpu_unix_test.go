//go:build unix

package diff

import (
	"syscall"
	"testing"
	"time"
)

// cpu returns the processor time that this process has used: a busy machine does not change
// how much of it a test takes.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
