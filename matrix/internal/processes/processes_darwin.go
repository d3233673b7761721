package processes

import (
	"os"

	"golang.org/x/sys/unix"
)

// zombie is the state of a process that has ended, SZOMB in sys/proc.h.
const zombie = 5

// List lists all processes but this one and the first.
func List() (all []Process) {
	list, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return nil
	}
	for _, entry := range list {
		pid := int(entry.Proc.P_pid)
		if pid > 1 && pid != os.Getpid() {
			all = append(all, Process{
				PID: pid, Parent: int(entry.Eproc.Ppid), Group: int(entry.Eproc.Pgid), Ended: entry.Proc.P_stat == zombie,
			})
		}
	}
	return all
}
