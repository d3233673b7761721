package record_test

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// isolate keeps what makeReadOnly mounts from everybody else. It ends with the process.
func isolate(t *testing.T, cmd *exec.Cmd, dir string) {
	t.Helper()
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		return
	}
	denyWriting(t, dir)
}

// makeReadOnly makes a folder read-only for this process, which isolate has prepared.
// The rights of files would not keep root from writing.
func makeReadOnly(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount(dir, dir, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	return unix.Mount("", dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
}
