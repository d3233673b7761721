package proc

import (
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

// uses reports whether TMPDIR of a process is in one of the folders.
func uses(pid int, dirs []string) bool {
	words, err := unix.SysctlRaw("kern.procargs2", pid) // its arguments, and its environment
	return err == nil && names(words, dirs)
}
