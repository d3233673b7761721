package proc

import (
	"bytes"
	"os"

	"golang.org/x/sys/unix"
)

// thisProgram returns the path of this program.
func thisProgram() (string, error) { return os.Executable() }

// zombie is the state of a process that has ended, SZOMB in sys/proc.h.
const zombie = 5

// processes lists all processes but this one and the first.
func processes() (all []process) {
	list, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return nil
	}
	for _, entry := range list {
		pid := int(entry.Proc.P_pid)
		if pid > 1 && pid != os.Getpid() {
			all = append(all, process{
				pid: pid, parent: int(entry.Eproc.Ppid), group: int(entry.Eproc.Pgid), ended: entry.Proc.P_stat == zombie,
			})
		}
	}
	return all
}

// uses reports whether a process has a path in one of the folders in its arguments or
// its environment. Their names have random digits, so no other process does.
func uses(pid int, dirs []string) bool {
	words, err := unix.SysctlRaw("kern.procargs2", pid)
	if err != nil {
		return false // it has ended, or belongs to somebody else
	}
	for _, dir := range dirs {
		if bytes.Contains(words, []byte(dir)) {
			return true
		}
	}
	return false
}
