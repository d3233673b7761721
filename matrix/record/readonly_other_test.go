//go:build unix && !linux

package record_test

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// isolate makes a folder read-only for a process, unless that is root's.
func isolate(t *testing.T, _ *exec.Cmd, dir string) {
	t.Helper()
	denyWriting(t, dir)
}

// makeReadOnly reports whether isolate had an effect.
func makeReadOnly(string) error {
	if os.Geteuid() == 0 {
		return errors.New("root may write everywhere")
	}
	return nil
}
