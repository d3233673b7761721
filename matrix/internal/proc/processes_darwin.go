package proc

import (
	"os"

	"golang.org/x/sys/unix"
)

// thisProgram returns the path of this program.
func thisProgram() (string, error) { return os.Executable() }

// uses reports whether TMPDIR of a process is in one of the folders.
func uses(pid int, dirs []string) bool {
	words, err := unix.SysctlRaw("kern.procargs2", pid) // its arguments, and its environment
	return err == nil && names(words, dirs)
}
