//go:build unix

package proc

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// setGroup gives the child a process group of its own, whose ID is the
// child's.
func setGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// stopGroup asks the child and all that it has started to end.
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

// killGroup ends whatever is left of the child's group. The ID cannot have
// gone to strangers: it stays taken as long as anybody is in the group, and
// where nobody is, this runs as soon as the child was waited for.
func killGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
}

func isBusy(err error) bool { return errors.Is(err, syscall.ETXTBSY) }
