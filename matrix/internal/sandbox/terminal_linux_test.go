package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
)

// TestTerminal opens a box in a process that has a terminal: no process of the box has
// one, and the process keeps its own.
func TestTerminal(t *testing.T) {
	for _, spaces := range []string{"namespaces", "none"} {
		t.Run(spaces, func(t *testing.T) {
			terminal := openTerminal(t)
			dir := t.TempDir()
			user := exec.Command(testBinary(t), dir, spaces)
			user.Env = append(os.Environ(), playing+"=terminal")
			user.Stdin = terminal
			user.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if out, err := user.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// openTerminal returns a new terminal. What controls it stays open for the test.
func openTerminal(t *testing.T) *os.File {
	t.Helper()
	control, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("needs a terminal: ", err)
	}
	t.Cleanup(func() { _ = control.Close() })
	number, err := unix.IoctlGetInt(int(control.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(control.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("needs a terminal: ", err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	return terminal
}

// useTerminal is a process with a terminal that runs a program in a box.
func useTerminal(args []string) error {
	w := ways{Memory: true, Landlock: warden.Kernel() > 0}
	if args[1] == "namespaces" {
		w.User, w.Space, w.Mount, w.Net, w.Nobody = true, true, true, true, warden.HasNobody()
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b, err := open(context.Background(), w, Files{Programs: []string{self}, Write: []string{args[0]}, Read: []string{"/dev/tty"}})
	if err != nil {
		return err
	}
	defer b.Close()
	var text bytes.Buffer
	c := proc.Cmd{Path: self, Dir: args[0], Env: []string{playing + "=tty"}, Stdout: &text, Stderr: &text, In: b}
	if err := c.Run(context.Background()); proc.Failed(err) == nil {
		return errors.Join(errors.New("a program in the box opened the terminal, or did not run: "+text.String()), err)
	}
	for _, pid := range append(childrenOf(b.warden.Process.Pid), b.warden.Process.Pid) {
		if has, err := hasTerminal(pid); has || err != nil {
			return errors.Join(errors.New("a warden may have the terminal"), err)
		}
	}
	if has, err := hasTerminal(os.Getpid()); !has || err != nil {
		return errors.Join(errors.New("this process may have lost its terminal"), err)
	}
	return openTTY(nil)
}

// openTTY opens the terminal of this process.
func openTTY([]string) error {
	f, err := os.OpenFile("/dev/tty", os.O_RDONLY, 0)
	if err == nil {
		err = f.Close()
	}
	return err
}

// hasTerminal reports whether a process has a controlling terminal, which its children
// inherit.
func hasTerminal(pid int) (bool, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false, err
	}
	// The name in parentheses may have any character.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 5 {
		return false, errors.New("the kernel reports too little of a process")
	}
	return fields[4] != "0", nil
}
