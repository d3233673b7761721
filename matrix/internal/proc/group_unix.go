//go:build unix

package proc

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// setGroup gives the child its own process group. The ID of the group is that of
// the child.
func setGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// stopGroup sends sig, or an interrupt if sig is nil, to the child and the
// processes that it started.
func stopGroup(p *os.Process, sig os.Signal) error {
	s, ok := sig.(syscall.Signal)
	if !ok {
		s = syscall.SIGINT
	}
	if err := syscall.Kill(-p.Pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// killGroup kills the rest of the child's group. The ID cannot belong to another
// group: it stays in use while the group has members, and otherwise this runs right
// after the child was waited for.
func killGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
}

// readNow reads what a pipe holds, and returns how many bytes that are. It does not wait.
func readNow(f *os.File, buf []byte) (n int) {
	c, err := f.SyscallConn()
	if err != nil {
		return 0
	}
	_ = c.Read(func(fd uintptr) bool {
		for {
			if n, err = syscall.Read(int(fd), buf); !errors.Is(err, syscall.EINTR) {
				return true
			}
		}
	})
	return n
}

// isBusy reports whether an executable could not start because a process has it
// open for writing.
func isBusy(err error) bool { return errors.Is(err, syscall.ETXTBSY) }
