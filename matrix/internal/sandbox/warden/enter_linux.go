package warden

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Nobody is the user that runs the programs of root. The limit of processes does not
// concern root.
const Nobody = 65534

// HasNobody reports whether this process is root and can become nobody. Some containers
// only have root.
func HasNobody() bool {
	for _, file := range []string{uidMap, gidMap} {
		if !slices.ContainsFunc(allIDs(file), func(m syscall.SysProcIDMap) bool {
			return m.ContainerID <= Nobody && Nobody < m.ContainerID+m.Size
		}) {
			return false
		}
	}
	return os.Geteuid() == 0
}

// The files with the IDs of this user namespace.
const (
	uidMap = "/proc/self/uid_map"
	gidMap = "/proc/self/gid_map"
)

// enter starts this program again in new namespaces, as the warden of the box, and waits
// for its end. A process with much memory must not do that: Go starts a process in a new
// user namespace with fork, which copies all page tables, and not with vfork.
func enter(s Setup) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	pid, err := syscall.ForkExec("/proc/self/exe", []string{os.Args[0], string(data)}, &syscall.ProcAttr{
		Dir: "/", Env: os.Environ(), Files: []uintptr{0, 1, 2, controlFile}, Sys: attributes(s.Ways),
	})
	if err != nil {
		return &StepError{StepClone, err}
	}
	_ = unix.Close(controlFile)
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			return nil
		}
	}
}

// attributes returns how to start the process.
func attributes(w Ways) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	for _, ns := range []struct {
		use  bool
		flag uintptr
	}{
		{w.User, unix.CLONE_NEWUSER}, {w.Space, unix.CLONE_NEWPID | unix.CLONE_NEWIPC},
		{w.Mount, unix.CLONE_NEWNS}, {w.Net, unix.CLONE_NEWNET},
	} {
		if ns.use {
			attr.Cloneflags |= ns.flag
		}
	}
	switch {
	case !w.User:
	case os.Geteuid() == 0:
		attr.UidMappings, attr.GidMappings = allIDs(uidMap), allIDs(gidMap)
		attr.GidMappingsEnableSetgroups = true
	default:
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		// The warden keeps its user, so that programs see that of this process. It needs
		// these in its namespaces.
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP}
	}
	return attr
}

// allIDs returns a mapping of all IDs of this user namespace to themselves.
func allIDs(file string) (all []syscall.SysProcIDMap) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(data)) {
		var first, outside, size int
		if n, _ := fmt.Sscan(line, &first, &outside, &size); n == 3 {
			all = append(all, syscall.SysProcIDMap{ContainerID: first, HostID: first, Size: size})
		}
	}
	return all
}
