//go:build unix

package output

import (
	"net"
	"os/exec"
	"syscall"
)

// setUser lets a command run as another user.
func setUser(cmd *exec.Cmd, id uint32) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
	return nil
}

// listen returns a function that makes a socket in the file system.
func listen(name string) func() error {
	return func() error {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: name})
		if err == nil {
			l.SetUnlinkOnClose(false)
			err = l.Close()
		}
		return err
	}
}
